"""Proof that the kept tallies are those of the ballots and assessments."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Aggregate, Case, Count, Exists, F, Model, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from tsushinbo.evaluations.models import (
    DIMENSIONS,
    Assessment,
    AssessmentTally,
    Ballot,
    Choice,
    Reason,
    Standing,
    Tally,
)


@dataclass(frozen=True)
class Counted:
    """Rows and the tally that is kept of them. ``counts`` says how each column of the tally follows from the rows that a path leads to."""

    name: str
    rows: type[Model]
    relation: str
    tally: type[Model]
    columns: tuple[str, ...]
    counts: Callable[[str], Mapping[str, Aggregate | Coalesce]]

    def annotations(self, path: str = "") -> dict[str, Aggregate | Coalesce]:
        """The counts under names that no column has."""
        return {f"counted_{column}": count for column, count in self.counts(path).items()}


def _ballots(path: str) -> dict[str, Aggregate | Coalesce]:
    of_column: dict[str, Q] = {choice.value: Q(**{f"{path}choice": choice}) for choice in Choice}
    for dimension in DIMENSIONS:
        of_column[dimension.positive] = Q(**{f"{path}{dimension.name}": True})
        of_column[dimension.negative] = Q(**{f"{path}{dimension.name}": False})
    of_column[Reason.OTHER] = Q(**{f"{path}other": True})
    of_column = {column: said & Q(**{f"{path}standing": Standing.COUNTED}) for column, said in of_column.items()}
    of_column["held"] = Q(**{f"{path}standing": Standing.HELD})
    of_column["excluded"] = Q(**{f"{path}standing": Standing.EXCLUDED})
    return {column: Count(Case(When(of_column[column], then=F(f"{path}voter")))) for column in Tally.COUNTS}


def _assessments(path: str) -> dict[str, Aggregate | Coalesce]:
    counted = Q(**{f"{path}current": True, f"{path}by_owner": False})
    counts: dict[str, Aggregate | Coalesce] = {"assessments": Count(f"{path}pk", filter=counted)}
    for value in ("progress", "achievement"):
        field = F(f"{path}{value}")
        counts[f"{value}_sum"] = Coalesce(Sum(field, filter=counted), Value(0))
        counts[f"{value}_squares"] = Coalesce(Sum(field * field, filter=counted), Value(0))
    return {column: counts[column] for column in AssessmentTally.COUNTS}


BALLOTS = Counted("ballots", Ballot, "pledge__ballots__", Tally, Tally.COUNTS, _ballots)
ASSESSMENTS = Counted(
    "assessments", Assessment, "pledge__assessments__", AssessmentTally, AssessmentTally.COUNTS, _assessments
)
RECOUNTED = (BALLOTS, ASSESSMENTS)


def counts_of(pledges: list[int], of: Counted = BALLOTS) -> dict[int, dict[str, int]]:
    """Count the rows of these pledges anew, by column of the tally; a pledge without any is left out."""
    rows = of.rows._default_manager.filter(pledge__in=pledges).order_by().values_list("pledge")
    numbers = rows.annotate(**of.annotations())
    return {pledge: dict(zip(of.columns, counts, strict=True)) for pledge, *counts in numbers}


def tally_mismatches(of: Counted = BALLOTS) -> Iterator[int]:
    """The pledges whose tally is not what a recount of their rows gives.

    Each of the two statements sees one moment, and a deed moves its tally in its own transaction: one done meanwhile is no mismatch.
    """
    tallies = of.tally._default_manager.annotate(**of.annotations(of.relation))
    equal = Q(**{column: F(f"counted_{column}") for column in of.columns})
    yield from tallies.exclude(equal).order_by().values_list("pk", flat=True).iterator()
    tallied = of.tally._default_manager.filter(pk=OuterRef("pledge"))
    without = of.rows._default_manager.filter(~Exists(tallied)).order_by()
    yield from without.values_list("pledge", flat=True).distinct().iterator()
