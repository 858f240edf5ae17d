"""Moving the tally (集計) of a pledge along with its ballots. It is locked last: everybody who judges the same pledge waits for it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.db.models import F

from tsushinbo.evaluations.models import Ballot, Tally
from tsushinbo.evaluations.services.recounting import recount

# Both databases know this form; the ORM can write no count that goes on from what is there.
ADD_TO_TALLY = f"""
    INSERT INTO evaluations_tally (pledge_id, changed_at, {", ".join(Tally.COUNTS)}) VALUES (%s, %s, {", ".join(["%s"] * len(Tally.COUNTS))})
    ON CONFLICT (pledge_id) DO UPDATE SET changed_at = excluded.changed_at,
    {", ".join(f"{column} = evaluations_tally.{column} + excluded.{column}" for column in Tally.COUNTS)}
"""  # noqa: S608 - names of columns of ours


def add_to_tally(ballot: Ballot) -> None:
    """Count a new ballot."""
    counted = ballot.counted_in
    counts = [int(column in counted) for column in Tally.COUNTS]
    with connection.cursor() as cursor:
        cursor.execute(
            ADD_TO_TALLY, [ballot.pledge_id, connection.ops.adapt_datetimefield_value(ballot.changed_at), *counts]
        )


def moves(before: frozenset[str], after: frozenset[str]) -> Counter[str]:
    """How much each column moves when a ballot that is counted in ``before`` is counted in ``after``."""
    return Counter({**dict.fromkeys(after - before, 1), **dict.fromkeys(before - after, -1)})


def move_tally(pledge: int, by: Mapping[str, int], *, at: datetime) -> None:
    """Move the columns of a tally; one that is missing is counted anew."""
    changes = {column: F(column) + number for column, number in by.items() if number}
    if changes and not Tally.objects.filter(pk=pledge).update(changed_at=at, **changes):
        recount([pledge])
