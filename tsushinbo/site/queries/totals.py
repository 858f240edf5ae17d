"""Counts over the whole site, worked out every ten minutes and shown with their time."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from tsushinbo.evaluations.models import DIMENSIONS, Choice, Tally
from tsushinbo.kept import Kept
from tsushinbo.people.queries import listed
from tsushinbo.pledges.queries import published

SECONDS = 600


@dataclass(frozen=True)
class OwnerCount:
    """What one owner has: published pledges and the ballots on them."""

    pledges: int
    ballots: int


NOTHING = OwnerCount(0, 0)


@dataclass(frozen=True)
class Totals:
    """The counts of the whole site at ``counted_at``. ``shares`` holds the positive share of each dimension over all ballots."""

    politicians: int
    pledges: int
    ballots: int
    shares: dict[str, float]
    of_politicians: dict[int, OwnerCount]
    of_parties: dict[int, OwnerCount]
    counted_at: datetime


# 支持 and what the reasons speak of: the column of Tally that counts for each and the one that counts against it.
COLUMNS: dict[str, tuple[str, str]] = {
    "support": (Choice.GOOD.value, Choice.BAD.value),
    **{dimension.name: (dimension.positive.value, dimension.negative.value) for dimension in DIMENSIONS},
}


def _owner_counts(owner: str) -> dict[int, OwnerCount]:
    ballots = Coalesce(Sum(F("tally__good") + F("tally__bad")), Value(0))
    rows = published().filter(**{f"{owner}__isnull": False}).order_by().values_list(owner)
    return {pk: OwnerCount(pledges, cast) for pk, pledges, cast in rows.annotate(n=Count("pk"), cast=ballots)}


def _count() -> Totals:
    columns = [column for pair in COLUMNS.values() for column in pair]
    sums = Tally.objects.aggregate(**{column: Coalesce(Sum(column), Value(0)) for column in columns})
    shares = {
        dimension: sums[positive] / (sums[positive] + sums[negative])
        for dimension, (positive, negative) in COLUMNS.items()
        if sums[positive] + sums[negative]
    }
    of_politicians, of_parties = _owner_counts("politician"), _owner_counts("party")
    return Totals(
        politicians=listed().count(),
        pledges=sum(count.pledges for counts in (of_politicians, of_parties) for count in counts.values()),
        ballots=sums["good"] + sums["bad"],
        shares=shares,
        of_politicians=of_politicians,
        of_parties=of_parties,
        counted_at=timezone.now(),
    )


_kept = Kept(_count, SECONDS)


def totals() -> Totals:
    """The counts, at most ten minutes old."""
    return _kept.get()


def forget() -> None:
    """Count anew at the next call, for tests and after an import in the same process."""
    _kept.forget()
