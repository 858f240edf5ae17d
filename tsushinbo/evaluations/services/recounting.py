"""Making tallies anew from what they count."""

from collections.abc import Iterable
from itertools import batched

from django.db import transaction
from django.utils import timezone

from tsushinbo.evaluations.queries.recount import BALLOTS, Counted, counts_of

BATCH = 500


def recount(subjects: Iterable[int], of: Counted = BALLOTS) -> None:
    """Count the rows of these pledges or reports anew and write their tallies, a batch a transaction.

    The lock on a tally keeps every deed on its pledge or report that is under way from being counted twice or not at all.
    """
    table = of.tally._default_manager
    for batch in batched(sorted(subjects), BATCH):
        with transaction.atomic():
            at = timezone.now()
            table.bulk_create([of.tally(pk=subject, changed_at=at) for subject in batch], ignore_conflicts=True)
            tallies = list(table.select_for_update().filter(pk__in=batch).order_by("pk"))
            counts = counts_of(list(batch), of)
            for tally in tallies:
                for column in of.columns:
                    setattr(tally, column, counts.get(tally.pk, {}).get(column, 0))
                tally.changed_at = at  # type: ignore[attr-defined]
            table.bulk_update(tallies, [*of.columns, "changed_at"])
