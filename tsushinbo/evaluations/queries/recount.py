"""Proof that the kept tallies are those of the ballots."""

from collections.abc import Iterator

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When

from tsushinbo.evaluations.models import DIMENSIONS, Ballot, Choice, Reason, Tally


def _counted(path: str) -> dict[str, Count]:
    """Counts of ballots by column of Tally; ``path`` leads from the row to its ballots."""
    of_column: dict[str, Q] = {choice.value: Q(**{f"{path}choice": choice}) for choice in Choice}
    for dimension in DIMENSIONS:
        of_column[dimension.positive] = Q(**{f"{path}{dimension.name}": True})
        of_column[dimension.negative] = Q(**{f"{path}{dimension.name}": False})
    of_column[Reason.OTHER] = Q(**{f"{path}other": True})
    return {column: Count(Case(When(condition, then=F(f"{path}voter")))) for column, condition in of_column.items()}


def counts_of(pledges: list[int]) -> dict[int, dict[str, int]]:
    """Count the ballots of these pledges anew, by column of Tally; a pledge without ballots is left out."""
    counted = _counted("")
    rows = Ballot.objects.filter(pledge__in=pledges).order_by().values_list("pledge")
    numbers = rows.annotate(**{f"counted_{column}": counted[column] for column in Tally.COUNTS})
    return {pledge: dict(zip(Tally.COUNTS, counts, strict=True)) for pledge, *counts in numbers}


def tally_mismatches() -> Iterator[int]:
    """The pledges whose tally is not what a recount of their ballots gives.

    Each of the two statements sees one moment, and a ballot moves its tally in its own transaction: one cast meanwhile is no mismatch.
    """
    counted = {f"counted_{column}": count for column, count in _counted("pledge__ballots__").items()}
    equal = Q(**{column: F(f"counted_{column}") for column in Tally.COUNTS})
    yield from Tally.objects.annotate(**counted).exclude(equal).order_by().values_list("pk", flat=True).iterator()
    untallied: QuerySet[Ballot, int] = Ballot.objects.values_list("pledge_id", flat=True)
    without = untallied.filter(~Exists(Tally.objects.filter(pk=OuterRef("pledge")))).order_by().distinct()
    yield from without.iterator()
