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
    """A row that was read, with its line."""

    line: int
    record: R


@dataclass(slots=True)
class Batch:
    """One try to store a batch of rows, and what came of it. It is thrown away when the transaction is."""

    file: str
    at: datetime
    known: Known
    counts: Counter[Outcome] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    doubts: int = 0

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Add what became of rows."""
        self.counts.update(outcomes)

    def refuse(self, line: int, column: str, reason: str) -> None:
        """Leave a row out and say why."""
        self.refusals.append(Refusal(self.file, line, column, reason))

    def note(self, text: str, times: int = 1) -> None:
        """Say something about rows that were stored all the same."""
        self.notes[text] += times

    def accepted[R, S](self, items: Sequence[Item[R]], check: Callable[[R], S]) -> list[Item[S]]:
        """What ``check`` makes of each record; those it refuses are left out."""
        passed = []
        for line, record in items:
            try:
                passed.append(Item(line, check(record)))
            except Refused as refused:
                self.refuse(line, refused.column, refused.reason)
        return passed


@dataclass(frozen=True)
class Table[R]:
    """A table of the import. ``key``: the columns that tell one row of a file from another. ``columns`` must all be there.

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
