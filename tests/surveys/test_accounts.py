"""What surveys have to do with accounts: nothing, unless somebody asked to keep their browsers together."""

import pytest

from tests.accounts.factories import UserFactory
from tests.surveys.conftest import NOW
from tests.surveys.test_answering import ALL, answer
from tsushinbo.accounts.models import User
from tsushinbo.cli.doctor import _surveys
from tsushinbo.evaluations.services import join_ballots
from tsushinbo.surveys.models import Answer, Count, FreeAnswer, Response, Survey
from tsushinbo.surveys.queries.joined import exported


def test_no_table_of_answers_knows_an_account() -> None:
    for table in (Response, Answer, Count):
        assert not [column for column in table._meta.fields if column.related_model is User]
    # The moderator's, of a text that was decided on.
    assert [column.name for column in FreeAnswer._meta.fields if column.related_model is User] == ["decided_by"]


def test_answers_go_along_when_browsers_are_joined_and_are_told_to_their_owner(survey: Survey) -> None:
    user = UserFactory.create()
    answer(survey, voter=8)
    assert exported(user) == []
    join_ballots(user=user, voter=7, at=NOW)
    join_ballots(user=user, voter=8, at=NOW)
    assert Response.objects.get().voter == 7
    [told] = exported(user)
    assert told["survey"] == "子育ての調べ"
    assert [one["answer"] for one in told["answers"]] == [
        ["保育園"],
        ["時間", "場所"],
        ["1位 近さ", "2位 安全"],
        ["4"],
        [ALL[5].text],
    ]


@pytest.mark.django_db
def test_the_doctor_finds_a_wrong_count(survey: Survey) -> None:
    answer(survey)
    assert not _surveys().advice
    Count.objects.filter(number=1).update(count=3)
    assert "score --rebuild" in _surveys().advice
