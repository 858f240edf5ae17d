"""Writes of datasets."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from tsushinbo.sources.keeping import Outcome, keep
from tsushinbo.sources.models import Dataset


class DatasetRow(NamedTuple):
    """A dataset as a table of sources states it."""

    key: str
    title: str
    url: str
    revision: str
    revised_on: str
    licence: str
    attribution: str
    used_for: str


@transaction.atomic
def keep_datasets(rows: Sequence[DatasetRow], *, at: datetime) -> list[Outcome]:
    """Make the datasets on record equal to ``rows``, each by its key."""
    return keep(Dataset.objects.all(), rows, key=("key",), at=at, unknown_keeps=("title",))
