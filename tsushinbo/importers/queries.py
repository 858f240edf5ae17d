"""Reads of the import's own records."""

from collections.abc import Collection

from django.db.models import QuerySet

from tsushinbo.importers.models import DoubtfulMatch, ImportedFile


def progress_of(names: Collection[str]) -> dict[tuple[str, str, str], ImportedFile]:
    """How far files of these names were loaded, by name, digest of the content, and reader."""
    files = ImportedFile.objects.filter(name__in=names)
    return {(file.name, file.digest, file.reader): file for file in files}


def open_doubts() -> QuerySet[DoubtfulMatch]:
    """Doubtful matches that wait for a person, the oldest first."""
    return DoubtfulMatch.objects.filter(verdict=DoubtfulMatch.Verdict.OPEN).order_by("pk")
