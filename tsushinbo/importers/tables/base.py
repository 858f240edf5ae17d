"""What a table is to the import: its columns, how a row is read, how a batch of rows is stored."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tsushinbo.importers.known import Known
from tsushinbo.importers.refusals import Refusal, Refused
from tsushinbo.importers.rows import Row
from tsushinbo.sources.keeping import Outcome


class Item[R](NamedTuple):
    """A row that was read, with the file and line it came from."""

    file: str
    line: int
    record: R


@dataclass(slots=True)
class Batch:
    """One try to store a batch of rows, and what came of it. It is thrown away when the transaction is."""

    at: datetime
    known: Known
    counts: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubts: int = 0

    @property
    def changed(self) -> set[str]:
        """The files of which a row changed what is on record."""
        return {file for file, outcome in self.counts if outcome is not Outcome.UNCHANGED}

    def count(self, items: Sequence[Item[Any]], outcomes: Iterable[Outcome]) -> None:
        """Say what became of rows."""
        self.counts.update(zip([item.file for item in items], outcomes, strict=True))

    def refuse(self, item: Item[Any], column: str, reason: str) -> None:
        """Leave a row out and say why."""
        self.refusals.append(Refusal(item.file, item.line, column, reason))

    def note(self, item: Item[Any], text: str) -> None:
        """Say something about a row that was stored all the same."""
        self.notes[item.file, text] += 1

    def accepted[R, S](self, items: Sequence[Item[R]], check: Callable[[R], S]) -> list[Item[S]]:
        """What ``check`` makes of each record; those it refuses are left out."""
        passed = []
        for item in items:
            try:
                passed.append(Item(item.file, item.line, check(item.record)))
            except Refused as refused:
                self.refuse(item, refused.column, refused.reason)
        return passed


def records[R](items: Sequence[Item[R]]) -> list[R]:
    """The records alone."""
    return [item.record for item in items]


@dataclass(frozen=True)
class Table[R]:
    """A table of the import. ``key``: the columns that tell one row from another. ``columns`` must all be there.

    ``version`` is raised when the rules of reading change, so that a file stopped half-way under the old ones begins anew.
    ``is_looked_up``: rows of other tables name rows of this one.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    read: Callable[[Row, Known], R]
    store: Callable[[Batch, Sequence[Item[R]]], None]
    version: int = 1
    is_looked_up: bool = False

    @property
    def reader(self) -> str:
        """The name of the reader with the version of its rules."""
        return f"{self.name}/{self.version}"


AnyTable = Table[Any]
