"""Counting the record by day (透明性レポート)."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tsushinbo.moderation.models import LogEntry
from tsushinbo.moderation.models.counts import LogCount
from tsushinbo.moderation.queries.transparency import Cells, cell_of, day_begins, entries_between, last_counted


def count_record(*, at: datetime) -> int:
    """Count the days that are over by ``at``, each in one transaction; return how many. The last one is counted once more: an entry may have come late."""
    today, day, done = timezone.localdate(at), last_counted(), 0
    while (day := _next_day_with_entries(day)) is not None and day < today:
        _count(day)
        done += 1
        day += timedelta(days=1)
    return done


def _next_day_with_entries(day: date | None) -> date | None:
    rows = LogEntry.objects.all() if day is None else LogEntry.objects.filter(at__gte=day_begins(day))
    first = rows.order_by("at", "pk").values_list("at", flat=True).first()
    return None if first is None else timezone.localdate(first)


@transaction.atomic
def _count(day: date) -> None:
    cells: Cells = Counter()
    for _, deed, reason, waited in entries_between(day_begins(day), day_begins(day + timedelta(days=1))).iterator(
        chunk_size=5000
    ):
        cells[cell_of(deed, reason, waited)] += 1
    LogCount.objects.filter(day=day).delete()
    LogCount.objects.bulk_create(
        LogCount(day=day, deed=deed, reason=reason, half_hours=half_hours, number=number)
        for (deed, reason, half_hours), number in cells.items()
    )
