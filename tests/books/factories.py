"""The least valid row of each table of books."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from tests.accounts.factories import UserFactory
from tests.people.factories import PoliticianFactory
from tsushinbo.books import models
from tsushinbo.books.isbn import plain_with_check

PROPOSED_AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class LinkFactory(DjangoModelFactory[models.BookLink]):
    """A proposal that waits; ``ChosenFactory`` makes one that is shown."""

    class Meta:
        model = models.BookLink

    politician = factory.SubFactory(PoliticianFactory)
    isbn = factory.Sequence(lambda n: plain_with_check(f"978400{n:06}"))
    title = factory.Sequence(lambda n: f"見本の本{n}")
    creators = "例示 一郎"
    publisher = "見本出版"
    published = "2024"
    source = models.Book.Source.PERSON
    why = "この人の仕事を知るための本です。"
    author = factory.SubFactory(UserFactory)
    submitted_at = PROPOSED_AT


class ChosenFactory(LinkFactory):
    state = models.BookLink.State.APPROVED
    decided_at = PROPOSED_AT

    @factory.lazy_attribute
    def book(self) -> models.Book:
        book, _ = models.Book.objects.get_or_create(
            isbn=self.isbn,
            defaults={
                "title": self.title,
                "creators": self.creators,
                "publisher": self.publisher,
                "source": self.source,
                "added_at": PROPOSED_AT,
            },
        )
        return book
