"""Writes of ballots and tallies."""

from collections.abc import Iterable
from itertools import batched

from django.db import transaction
from django.utils import timezone

from tsushinbo.evaluations.models import Tally
from tsushinbo.evaluations.queries.recount import counts_of

BATCH = 500


def recount(pledges: Iterable[int]) -> None:
    """Count the ballots of these pledges anew and write their tallies."""
    for batch in batched(sorted(pledges), BATCH):
        with transaction.atomic():
            at = timezone.now()
            Tally.objects.bulk_create([Tally(pk=pledge, changed_at=at) for pledge in batch], ignore_conflicts=True)
            tallies = list(Tally.objects.select_for_update().filter(pk__in=batch).order_by("pk"))
            counts = counts_of(list(batch))
            for tally in tallies:
                for column in Tally.COUNTS:
                    setattr(tally, column, counts.get(tally.pk, {}).get(column, 0))
                tally.changed_at = at
            Tally.objects.bulk_update(tallies, [*Tally.COUNTS, "changed_at"])
