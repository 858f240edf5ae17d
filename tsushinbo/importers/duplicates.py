"""Finds ids that stand twice in the files of a table without keeping them all in memory."""

import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Self


class Seen:
    """The ids of the rows read so far, each with the place it was first seen, in a private database that spills to disk when it grows."""

    def __init__(self) -> None:
        # An empty name is a temporary database of this connection alone.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, file INTEGER, line INTEGER) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, ids: Sequence[tuple[str, int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
        """Remember ids with file and line; for each that was there before, its place → the place that has it already."""
        before = self._database.total_changes
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", ids)
        if self._database.total_changes - before == len(ids):
            return {}
        look = "SELECT file, line FROM seen WHERE id = ?"
        found = (((file, line), self._database.execute(look, (key,)).fetchone()) for key, file, line in ids)
        return {place: earlier for place, earlier in found if earlier != place}
