"""What the search knows of each thing that everybody may read, and what waits to be looked at again.

Each kind has a table of documents. The database keeps the index of each by itself (migration 0001): in SQLite an FTS5 table that triggers
fill, in PostgreSQL a generated column with a GIN index. So whoever writes or deletes a document, its index follows in the same transaction.
"""

from typing import Any

from django.db import models

from tsushinbo.activities.models import ActivityReport
from tsushinbo.books.models import Book
from tsushinbo.people.models import Area, Party, Politician
from tsushinbo.pledges.models import Pledge


class Kind(models.TextChoices):
    """What can be found, in the order of the page."""

    POLITICIANS = "politicians", "政治家"
    PARTIES = "parties", "政党"
    AREAS = "areas", "地域"
    PLEDGES = "pledges", "公約"
    REPORTS = "reports", "活動報告"
    BOOKS = "books", "書籍"


class Document(models.Model):
    """Texts of one thing as ``japanese.runs`` folds them. The id grows with publication: a thing that is published anew gets a new one.

    ``names``: who it is of, in every spelling; of a politician, a party and a place the spellings of its own name. ``facets``: what it can be
    narrowed to, as words that begin with z with a space between (``search.facets``).
    """

    title = models.TextField()
    body = models.TextField(blank=True)
    names = models.TextField(blank=True)
    facets = models.TextField(blank=True)
    shown_at = models.DateTimeField(help_text="since when everybody may read it")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class PoliticianDocument(Document):
    """A politician who is not merged into another."""

    subject = models.OneToOneField(Politician, models.DO_NOTHING, db_constraint=False, related_name="+")


class PartyDocument(Document):
    """A party."""

    subject = models.OneToOneField(Party, models.DO_NOTHING, db_constraint=False, related_name="+")


class AreaDocument(Document):
    """A prefecture or a municipality."""

    subject = models.OneToOneField(Area, models.DO_NOTHING, db_constraint=False, related_name="+")


class PledgeDocument(Document):
    """A published pledge."""

    subject = models.OneToOneField(Pledge, models.DO_NOTHING, db_constraint=False, related_name="+")


class ReportDocument(Document):
    """An approved activity report, from the moment on that it may be read."""

    subject = models.OneToOneField(ActivityReport, models.DO_NOTHING, db_constraint=False, related_name="+")


class BookDocument(Document):
    """A book that stands on a page everybody may read."""

    subject = models.OneToOneField(Book, models.DO_NOTHING, db_constraint=False, related_name="+")


DOCUMENTS: dict[Kind, type[Document]] = {
    Kind.POLITICIANS: PoliticianDocument,
    Kind.PARTIES: PartyDocument,
    Kind.AREAS: AreaDocument,
    Kind.PLEDGES: PledgeDocument,
    Kind.REPORTS: ReportDocument,
    Kind.BOOKS: BookDocument,
}


def documents_of(kind: Kind) -> Any:
    """The rows of one kind; their column ``subject`` is of another type in each table."""
    return DOCUMENTS[kind]._default_manager


class Change(models.Model):
    """That something changed which documents are made of: triggers on its table write it in the transaction of the change.

    ``what`` says of what sort (``search.watching``), ``key`` which. The worker looks at the row again and takes the change out.
    """

    what = models.CharField(max_length=12)
    key = models.CharField(max_length=20)
    at = models.DateTimeField()
    not_before = models.DateTimeField(
        null=True,
        help_text="a report to be published later is looked at then; a row that could not be, again in a minute",
    )

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.what} {self.key}"
