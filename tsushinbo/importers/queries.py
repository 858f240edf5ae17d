"""Reads of the import's own records."""

from django.db.models import QuerySet

from tsushinbo.importers.models import DoubtfulMatch, ImportedFile


def progress_of(*, name: str, digest: str, reader: str) -> ImportedFile | None:
    """How far this content was loaded under this name by these rules; None when never."""
    return ImportedFile.objects.filter(name=name, digest=digest, reader=reader).first()


def open_doubts() -> QuerySet[DoubtfulMatch]:
    """Doubtful matches that wait for a person, the oldest first."""
    return DoubtfulMatch.objects.filter(verdict=DoubtfulMatch.Verdict.OPEN).order_by("pk")
