"""Moving a tally (集計) along with what it counts. It is locked last: everybody who judges the same pledge or report waits for it."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import F

from tsushinbo.evaluations.queries.recount import BALLOTS, RECOUNTED, Counted
from tsushinbo.evaluations.services.recounting import recount


def _addition(of: Counted) -> str:
    """SQL that both databases know: the ORM can write no count that goes on from what is there."""
    table, key = of.tally._meta.db_table, f"{of.key}_id"
    return f"""
        INSERT INTO {table} ({key}, changed_at, {", ".join(of.columns)}) VALUES (%s, %s, {", ".join(["%s"] * len(of.columns))})
        ON CONFLICT ({key}) DO UPDATE SET changed_at = excluded.changed_at,
        {", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in of.columns)}
    """  # noqa: S608 - names of columns of ours


ADDITIONS = {of.name: _addition(of) for of in RECOUNTED}


def add_to_tally(subject: int, counted_in: Collection[str], *, at: datetime, of: Counted = BALLOTS) -> None:
    """Count a new row on a pledge or report in these columns."""
    counts = [int(column in counted_in) for column in of.columns]
    with connection.cursor() as cursor:
        cursor.execute(ADDITIONS[of.name], [subject, connection.ops.adapt_datetimefield_value(at), *counts])


def moves(before: frozenset[str], after: frozenset[str]) -> Counter[str]:
    """How much each column moves when a row that is counted in ``before`` is counted in ``after``."""
    return Counter({**dict.fromkeys(after - before, 1), **dict.fromkeys(before - after, -1)})


def move_tally(subject: int, by: Mapping[str, int], *, at: datetime, of: Counted = BALLOTS) -> None:
    """Move the columns of a tally; one that is missing is counted anew."""
    changes = {column: F(column) + number for column, number in by.items() if number}
    if changes and not of.tally._default_manager.filter(pk=subject).update(changed_at=at, **changes):
        recount([subject], of)
