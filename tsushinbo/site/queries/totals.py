"""Counts over the whole site, as of the current run of the scores, and what each politician has."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, F, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from tsushinbo.evaluations.models import DIMENSIONS, Choice, Tally
from tsushinbo.evaluations.queries import runs
from tsushinbo.kept import Kept
from tsushinbo.people.queries import listed
from tsushinbo.pledges.queries import published
from tsushinbo.rankings.models import Kind, RankingRow
from tsushinbo.rankings.queries import known

SECONDS = 60
EVALUATIONS = Coalesce(F("tally__good") + F("tally__bad"), Value(0)) + Coalesce(
    F("assessment_tally__assessments"), Value(0)
)
# What a list of politicians can be ordered by, and the ranking that counts it.
COUNTED_BY = {"pledges": Kind.PLEDGES, "ballots": Kind.BALLOTS}


@dataclass(frozen=True)
class OwnerCount:
    """What one politician has: published pledges, and the ballots and assessments on them (評価); None while they are held back."""

    pledges: int
    ballots: int | None


NOTHING = OwnerCount(0, 0)


@dataclass(frozen=True)
class Totals:
    """The counts of the whole site at ``counted_at``."""

    politicians: int
    pledges: int
    ballots: int
    counted_at: datetime


# For each of SHARES the columns of Tally that count for it and against it.
COLUMNS: dict[str, tuple[str, str]] = {
    "support": (Choice.GOOD.value, Choice.BAD.value),
    **{dimension.name: (dimension.positive.value, dimension.negative.value) for dimension in DIMENSIONS},
}


def _count() -> Totals:
    """Take what the run counted anyway: at the size of the country, counting takes longer than a visitor waits."""
    run = runs.current()
    if run is not None:
        return Totals(listed().count(), run.counts["pledges"], run.counts["ballots"], run.as_of)
    ballots = Tally.objects.aggregate(n=Coalesce(Sum(F("good") + F("bad")), Value(0)))["n"]
    return Totals(listed().count(), published().count(), ballots, timezone.now())


def _said() -> dict[str, tuple[int, int]]:
    """For each of SHARES how many ballots are for it, and how many speak of it."""
    columns = [column for pair in COLUMNS.values() for column in pair]
    sums = Tally.objects.aggregate(**{column: Coalesce(Sum(column), Value(0)) for column in columns})
    return {name: (sums[positive], sums[positive] + sums[negative]) for name, (positive, negative) in COLUMNS.items()}


_kept, _said_kept = Kept(_count, SECONDS), Kept(_said, SECONDS)


def site_shares() -> dict[str, float]:
    """The positive share of each of SHARES over all ballots of the site that speak of it. No query once there is a run."""
    run = runs.current()
    if run is None:
        said = _said_kept.get()
    else:
        said = {name: (run.counts.get(f"positive_{name}", 0), run.counts.get(f"of_{name}", 0)) for name in COLUMNS}
    return {name: positive / n for name, (positive, n) in said.items() if n}


def totals() -> Totals:
    """The counts, as of the current run; before the first one, at most a minute old."""
    return _kept.get()


def forget() -> None:
    """Count anew at the next call, for tests."""
    _kept.forget()
    _said_kept.forget()
    _counts_of_run.cache_clear()


def counts_of(politicians: Collection[int] | None = None, *, held: Collection[int] = ()) -> dict[int, OwnerCount]:
    """What these politicians have right now, or all of them; who has no pledge is left out. held: whose evaluations are held back. One query."""
    rows = published().filter(politician__isnull=False)
    if politicians is not None:
        rows = rows.filter(politician__in=politicians)
    numbers = rows.order_by().values_list("politician").annotate(n=Count("pk"), judged=Sum(EVALUATIONS))
    return {pk: OwnerCount(pledges, None if pk in held else judged) for pk, pledges, judged in numbers}


@lru_cache(maxsize=2)
def _counts_of_run(ranking: int) -> dict[int, float]:
    rows = RankingRow.objects.filter(ranking=ranking, politician__isnull=False)
    return dict(rows.values_list("politician", "value"))


def counts_to_order_by(order: str) -> dict[int, float]:
    """What to order all politicians by, ``pledges`` or ``ballots``: as the current run counted it; before the first run, right now."""
    seen = known()
    if seen is None:
        return {pk: getattr(count, order) for pk, count in counts_of().items()}
    ranking = seen.find(COUNTED_BY[order])
    return _counts_of_run(ranking.pk) if ranking else {}


def pledges_of_parties() -> dict[int, int]:
    """How many published pledges each party has of its own."""
    rows = published().filter(party__isnull=False).order_by().values_list("party")
    return dict(rows.annotate(n=Count("pk")))
