"""Casting ballots shortly, and counting them in Python, apart from what is proved."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Ballot, Choice, Reason, Tally
from tsushinbo.pledges.models import Pledge

# 2026-11-24 12:00 in Tokyo.
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def cast(pledge: Pledge, voter: int = 1, choice: str = "good", *reasons: str, **rest: Any) -> Ballot:
    """Cast a ballot at noon unless ``at`` says otherwise."""
    return services.cast_ballot(
        pledge=pledge,
        voter=voter,
        choice=Choice(choice),
        reasons=[Reason(reason) for reason in reasons],
        **{"at": AT, **rest},
    )


def kept(pledge: Pledge) -> dict[str, int]:
    """The tally as it is stored; columns that are 0 are left out."""
    tally = Tally.objects.filter(pk=pledge.pk).first()
    return {column: count for column in Tally.COUNTS if tally and (count := getattr(tally, column))}


def counted(pledge: Pledge) -> dict[str, int]:
    """The ballots counted one by one."""
    counts: Counter[str] = Counter()
    for ballot in Ballot.objects.filter(pledge=pledge):
        counts.update(ballot.counted_in)
    return dict(counts)
