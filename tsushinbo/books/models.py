"""Books (書籍), and what each has to do with a politician, a pledge or a report."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from tsushinbo.activities.models import ActivityReport
from tsushinbo.moderation.models import Reviewable
from tsushinbo.moderation.models.reviewable import Around
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge

TITLE_LENGTH = 200
CREATORS_LENGTH = 200
PUBLISHER_LENGTH = 100
PUBLISHED_LENGTH = 20
WHY_LENGTH = 200


class Book(models.Model):
    """A book that was approved for at least one page, by its ISBN of thirteen digits.

    ``published`` is as the publisher says it: 2024, 2024-05 or 2024年5月. Where the facts come from is ``source``.
    """

    class Source(models.TextChoices):
        OPENBD = "openbd", "openBD"
        NDL = "ndl", "国立国会図書館サーチ"
        PERSON = "person", "投稿した人"

    isbn = models.CharField(max_length=13, primary_key=True)
    title = models.CharField(max_length=TITLE_LENGTH)
    creators = models.CharField(max_length=CREATORS_LENGTH, blank=True, help_text="who wrote it, as the cover says")
    publisher = models.CharField(max_length=PUBLISHER_LENGTH, blank=True)
    published = models.CharField(max_length=PUBLISHED_LENGTH, blank=True)
    source = models.CharField(max_length=6, choices=Source)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("-added_at", "isbn")
        indexes = (models.Index(fields=("-added_at", "isbn"), name="book_newest"),)
        verbose_name = "書籍"
        verbose_name_plural = "書籍"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the book."""
        return reverse("books:book", args=[self.isbn])


class BookLink(Reviewable):
    """That a book has to do with one politician, pledge or report (関連書籍), and why: proposed by a member, chosen by an editor.

    The facts of the book are kept here as proposed until the approval makes the Book of them (``effect``); where that book is on record
    already, its own facts hold. A book is proposed once for a page: what was rejected stays so, or is appealed.
    """

    TARGETS: ClassVar[tuple[str, ...]] = ("politician", "pledge", "report")
    effect = "tsushinbo.books.services.take_into_record"

    # No index of their own: those of the constraints start with them.
    politician = models.ForeignKey(
        Politician, on_delete=models.PROTECT, null=True, blank=True, related_name="book_links", db_index=False
    )
    pledge = models.ForeignKey(
        Pledge, on_delete=models.PROTECT, null=True, blank=True, related_name="book_links", db_index=False
    )
    report = models.ForeignKey(
        ActivityReport, on_delete=models.CASCADE, null=True, blank=True, related_name="book_links", db_index=False
    )
    isbn = models.CharField(max_length=13)
    title = models.CharField(max_length=TITLE_LENGTH)
    creators = models.CharField(max_length=CREATORS_LENGTH, blank=True)
    publisher = models.CharField(max_length=PUBLISHER_LENGTH, blank=True)
    published = models.CharField(max_length=PUBLISHED_LENGTH, blank=True)
    source = models.CharField(max_length=6, choices=Book.Source)
    why = models.CharField(max_length=WHY_LENGTH, help_text="what it has to do with it, shown beside the book")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="book_links")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, null=True, blank=True, related_name="links")

    class Meta(Reviewable.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(politician__isnull=False, pledge__isnull=True, report__isnull=True)
                | Q(politician__isnull=True, pledge__isnull=False, report__isnull=True)
                | Q(politician__isnull=True, pledge__isnull=True, report__isnull=False),
                name="a_book_link_has_one_target",
            ),
            models.CheckConstraint(condition=~Q(why="") & ~Q(title=""), name="a_book_link_says_what_and_why"),
            models.UniqueConstraint(fields=("politician", "isbn"), name="one_link_per_book_and_politician"),
            models.UniqueConstraint(fields=("pledge", "isbn"), name="one_link_per_book_and_pledge"),
            models.UniqueConstraint(fields=("report", "isbn"), name="one_link_per_book_and_report"),
        )
        indexes = (models.Index(fields=("state", "submitted_at"), name="book_link_queue"),)
        verbose_name = "関連書籍"
        verbose_name_plural = "関連書籍"

    def __str__(self) -> str:
        return f"{self.title}（{self.isbn}）"

    @property
    def target(self) -> Politician | Pledge | ActivityReport:
        """What the book has to do with."""
        target = self.politician or self.pledge or self.report
        assert target is not None  # noqa: S101 - the database's own constraint
        return target

    @property
    def words(self) -> str:
        """Everything that would be shown."""
        facts = " ".join(filter(None, [self.creators, self.publisher, self.published]))
        return "\n".join([self.title, facts, f"ISBN {self.isbn}", self.why])

    @property
    def about(self) -> str:
        """The page on which it would stand."""
        return self.target.get_absolute_url()

    @property
    def around(self) -> list[Around]:
        """What it has to do with."""
        return [Around("関連づける先", str(self.target), self.about)]
