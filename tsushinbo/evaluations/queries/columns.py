"""Tables as columns of numbers (NumPy), read in a stream: a chunk at a time, and no row is kept as an object.

Here alone in this room it matters which database it is. Measured with 2,000,000 ballots of three columns, beside the database adding up the same
columns by itself: SQLite's driver gives rows at 2.7 times of it whatever is tried (1.1 µs a ballot), and each copy into arrays is the least of it.
PostgreSQL's cursors are at 10 times, COPY at 14 (a message a row); packed by the server into one value for every thousand pages it is 4.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Model
from numpy.typing import NDArray

from tsushinbo.evaluations.models import Ballot

Integers = NDArray[np.int64]
Columns = dict[str, Integers]

# Rows of a fetch of SQLite's driver, how many ballots a chunk has at least, and pages of PostgreSQL packed into one value (some 80,000 ballots).
FETCH, CHUNK, PAGES = 10_000, 200_000, 1000

# What a ballot says is sent as one number: choice and five others, each with its number of values, in this order.
_SAID = {"choice": 2, "clarity": 3, "feasibility": 3, "sincerity": 3, "other": 2, "standing": 3}
_SECONDS = {
    "sqlite": "CAST(strftime('%%s', {time}) AS INTEGER)",
    "postgresql": "CAST(FLOOR(EXTRACT(EPOCH FROM {time})) AS bigint)",
}
_TIMES = ("cast_at", "changed_at")


@contextmanager
def one_moment() -> Iterator[None]:
    """Let everything read inside be of one moment, without keeping any writer waiting. Nothing may be written inside."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        # The site's transactions take the write lock at once; this one must never.
        usual = connection.transaction_mode  # type: ignore[attr-defined]
        try:
            connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
            with transaction.atomic():
                connection.transaction_mode = usual  # type: ignore[attr-defined]
                yield
        finally:
            connection.transaction_mode = usual  # type: ignore[attr-defined]
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def ballots(names: Sequence[str], *, since: datetime | None = None) -> Iterator[Columns]:
    """Read these columns of all ballots, or of those cast at ``since`` or later, in no order, all of one moment.

    names: of ``pledge``, ``voter``, ``choice`` (1 GOOD, 0 BAD), ``clarity``, ``feasibility``, ``sincerity`` (1 the positive word, 0 the
    negative one, -1 nothing said), ``other``, ``standing`` (as in Standing), ``cast_at`` and ``changed_at`` (whole seconds since 1970). Each chunk gives them as
    arrays of 64 bits. Raises KeyError for another name.
    """
    wide = {"pledge": "pledge_id", "voter": "voter"} | {
        time: _SECONDS[connection.vendor].format(time=time) for time in _TIMES
    }
    plain, said = [name for name in names if name in wide], [name for name in names if name not in wide]
    expressions = [*(wide[name] for name in plain), *([_packed(said)] if said else [])]
    condition, given = "", []
    if since is not None:
        condition, given = "cast_at >= %s", [connection.ops.adapt_datetimefield_value(since)]
    for table in numbers(Ballot, expressions, condition, given):
        yield {**dict(zip(plain, table, strict=False)), **(_unpacked(table[-1], said) if said else {})}


def numbers(
    model: type[Model], expressions: Sequence[str], condition: str = "", given: Sequence[Any] = ()
) -> Iterator[Integers]:
    """Read whole numbers of a table, all of one moment: arrays of shape (expressions, rows), 64 bits, rows in no order.

    expressions: SQL of numbers that are never NULL; condition: SQL with a ``%s`` for each of ``given``. None of it may come from a visitor.
    """
    with one_moment():
        read = _from_sqlite if connection.vendor == "sqlite" else _from_postgresql
        yield from read(model._meta.db_table, expressions, f" AND {condition}" if condition else "", list(given))


def whole(model: type[Model], expressions: Sequence[str], condition: str = "") -> Integers:
    """The same as one array, its rows in the rising order of the first expression."""
    empty = np.zeros((len(expressions), 0), dtype=np.int64)
    table = np.concatenate([empty, *numbers(model, expressions, condition)], axis=1)
    return table if np.all(table[0, 1:] >= table[0, :-1]) else table[:, np.argsort(table[0], kind="stable")]


def _packed(names: Sequence[str]) -> str:
    """SQL that writes these columns as one number, the first one fastest."""
    terms, step = [], 1
    for name in names:
        if name == "choice":
            terms.append(f"CASE choice WHEN 'good' THEN {step} ELSE 0 END")
        elif name == "standing":
            terms.append(f"{step} * standing")
        elif name == "other":
            terms.append(f"CASE WHEN other THEN {step} ELSE 0 END")
        else:
            terms.append(f"CASE WHEN {name} IS NULL THEN 0 WHEN {name} THEN {2 * step} ELSE {step} END")
        step *= _SAID[name]
    return " + ".join(terms)


def _unpacked(code: Integers, names: Sequence[str]) -> Columns:
    """The columns that were written as one number."""
    columns: Columns = {}
    for name in names:
        code, columns[name] = np.divmod(code, _SAID[name])
        if name not in {"choice", "other", "standing"}:
            columns[name] -= 1
    return columns


def _from_sqlite(table: str, expressions: Sequence[str], condition: str, given: list[Any]) -> Iterator[Integers]:
    """Rows as the driver gives them."""
    query = f"SELECT {', '.join(expressions)} FROM {table} WHERE true{condition}"  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        parts: list[Integers] = []
        while rows := cursor.fetchmany(FETCH):
            parts.append(np.array(rows, dtype=np.int64))
            if len(parts) * FETCH >= CHUNK:
                yield np.ascontiguousarray(np.concatenate(parts).T)
                parts = []
        if parts:
            yield np.ascontiguousarray(np.concatenate(parts).T)


def _from_postgresql(table: str, expressions: Sequence[str], condition: str, given: list[Any]) -> Iterator[Integers]:
    """Whole pages of the table, each run of them packed by the server: numbers of 64 bits, big end first."""
    row = " || ".join(f"int8send(CAST({expression} AS bigint))" for expression in expressions)
    pages = "ctid >= CAST(%s AS tid) AND ctid < CAST(%s AS tid)"
    query = f"SELECT string_agg({row}, '') FROM {table} WHERE {pages}{condition}"  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(_PAGES_OF_TABLE, [table, table])
        last = int(cursor.fetchone()[0])
        for start in range(0, last, PAGES):
            cursor.execute(query, [f"({start},0)", f"({start + PAGES},0)", *given])
            packed = cursor.fetchone()[0]
            if packed is not None:
                found = np.frombuffer(packed, dtype=">i8").astype(np.int64)
                yield np.ascontiguousarray(found.reshape(-1, len(expressions)).T)


# The table may be split into parts; each has pages from 0 on.
_PAGES_OF_TABLE = """
    SELECT max(pg_relation_size(relid)) / current_setting('block_size')::bigint
    FROM (SELECT %s::regclass AS relid UNION ALL SELECT relid FROM pg_partition_tree(%s)) AS parts
"""
