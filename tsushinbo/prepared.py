"""Statements that Django writes once and a database is asked many times.

Django writes a statement of several tables longer than a database needs to answer it, and each time the same. A list that a page waits for keeps what
was written, and is read as plain rows.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Prepared:
    """The statement of a queryset of ``values_list``, written at the first call in each process.

    What is asked for stands in the queryset as values that occur nowhere else in it; ``rows`` puts others in their places. Rows come as the database
    has them, without Django's conversions: on SQLite a boolean is 0 or 1 and a time is text.
    """

    def __init__(self, write: Callable[[], QuerySet[Any, Any]]) -> None:
        self._write = write
        self._written: dict[str, tuple[str, list[tuple[str, Any]]]] = {}

    def rows(self, asked: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """Ask the database. asked: what each of the values in the queryset stands for; one that is not there stands for itself."""
        sql, params = self._statement(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, {name: asked.get(param, param) for name, param in params})
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _statement(self, vendor: str) -> tuple[str, list[tuple[str, Any]]]:
        """With a name for each value: Django looks through a long statement for each sign without one, every time."""
        if vendor not in self._written:
            sql, params = self._write().query.sql_with_params()
            start, *rest = sql.split("%s")
            named = start + "".join(f"%(p{n})s{part}" for n, part in enumerate(rest))
            self._written[vendor] = named, [(f"p{n}", value) for n, value in enumerate(params)]
        return self._written[vendor]


def places(many: int) -> Sequence[int]:
    """Values to stand in a queryset for up to so many ids or positions: none of them is one."""
    return range(-2, -many - 2, -1)


def in_places(at: Sequence[int], numbers: Sequence[int]) -> dict[int, int]:
    """What ``places`` stand for: ``numbers``, of which there may be fewer. Nothing has the number 0."""
    return dict(zip(at, [*numbers, *[0] * (len(at) - len(numbers))], strict=True))
