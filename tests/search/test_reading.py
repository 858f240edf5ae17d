"""What was hidden since the worker last came by is not shown, nor offered."""

import pytest

from tests.books.factories import ChosenFactory
from tests.pledges.factories import PledgeFactory
from tests.search.factories import indexed, person
from tsushinbo.books.models import BookLink
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge
from tsushinbo.search import queries, words
from tsushinbo.search.models import BookDocument, Kind

pytestmark = pytest.mark.django_db


def test_a_book_that_was_taken_off_its_page_is_not_read() -> None:
    chosen = ChosenFactory()
    indexed()
    assert [one.pk for one in queries.rows(Kind.BOOKS, [chosen.isbn])] == [chosen.isbn]
    BookLink.objects.filter(pk=chosen.pk).update(state=BookLink.State.REJECTED)
    assert BookDocument.objects.filter(subject=chosen.isbn).exists()
    assert queries.rows(Kind.BOOKS, [chosen.isbn]) == []


def test_neither_the_title_of_a_hidden_pledge_nor_the_name_of_a_merged_person_is_offered() -> None:
    PledgeFactory(title="夫婦別姓を実現")
    someone, other = person("石破 茂", "いしば しげる"), person("例示 花子", "れいじ はなこ")
    indexed()
    asked, name = words.read("夫婦別性"), words.read("石波茂")
    assert (queries.nearest(asked)[:1], queries.nearest(name)[:1]) == (["夫婦別姓"], ["石破 茂"])
    Pledge.objects.update(published=False)
    Politician.objects.filter(pk=someone.pk).update(merged_into=other)
    assert "夫婦別姓" not in queries.nearest(asked)
    assert "石破 茂" not in queries.nearest(name)
