"""Finds ids that stand twice in one file without keeping them all in memory."""

import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Self


class Seen:
    """The ids of the rows read so far, with their lines, in a private database that spills to disk when it grows."""

    def __init__(self) -> None:
        # An empty name is a temporary database of this connection alone.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, ids: Sequence[tuple[str, int]]) -> dict[int, int]:
        """Remember ids with their lines; for each that was there before, its line → the line that has it already."""
        before = self._database.total_changes
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", ids)
        if self._database.total_changes - before == len(ids):
            return {}
        look = "SELECT line FROM seen WHERE id = ?"
        first = ((line, self._database.execute(look, (key,)).fetchone()[0]) for key, line in ids)
        return {line: earlier for line, earlier in first if earlier != line}
