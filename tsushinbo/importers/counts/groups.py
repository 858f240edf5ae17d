"""The rows of a file by their contests: each row is read, or refused with its line, its column and why."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from tsushinbo.importers.counts.cells import Own, Shared, own, shared, shown
from tsushinbo.importers.counts.columns import BY_CODE, OWN, SHARED
from tsushinbo.importers.counts.reading import Opened
from tsushinbo.importers.refusals import Refused

type Line = tuple[int, Own]


class CountRefusal(NamedTuple):
    """A refused row: its line, the name of the column ("" where the row as a whole is meant), what was found and what is expected."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.line}行目{f'「{self.column}」' if self.column else ''}：{self.reason}"


@dataclass
class Group:
    """The rows that say the same of their election and contest, which they name as ``named``. ``broken``: the lines of those that were refused."""

    line: int
    shared: Shared
    named: tuple[str, ...]
    rows: list[Line] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)

    @property
    def lines(self) -> list[int]:
        """The lines of the rows that were read."""
        return [line for line, _ in self.rows]


# By what a row names its contest; one whose day or 開票率 cannot be read still says it.
NAMED_BY = ("election", "election_id", "area_code", "tier", "contest", "prefecture")
contest_of = itemgetter(*(SHARED.index(code) for code in NAMED_BY))


@dataclass
class Groups:
    """A file once it is read. ``by_values`` holds the reason in place of a group that cannot be read; ``lost``: lines that no group holds, by the contest they name."""

    opened: Opened
    ignore_unknown: bool = False
    by_values: dict[tuple[str, ...], Group | Refused] = field(default_factory=dict)
    lost: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    refusals: list[CountRefusal] = field(default_factory=list)
    rows: int = 0

    def __iter__(self) -> Iterator[Group]:
        return (group for group in self.by_values.values() if isinstance(group, Group))

    def column(self, code: str) -> str:
        """What the file calls a column; the usual name where it has none."""
        place = self.opened.place(code)
        return BY_CODE[code].name if place is None else self.opened.names[place]

    def refuse(self, line: int, code: str, reason: str) -> None:
        """Leave a row out and say why."""
        self.refusals.append(CountRefusal(line, self.column(code) if code in BY_CODE else "", reason))

    def read(self) -> None:
        """Read every row."""
        shared_of, own_of = self._picker(SHARED), self._picker(OWN)
        strangers = [place for place, code in enumerate(self.opened.codes) if code is None]
        before: Group | None = None
        unplaced: list[int] = []
        for record in self.opened.records():
            self.rows += 1
            values, line = record.values, record.line
            if record.broken:
                column = "" if record.place is None else self.opened.names[record.place]
                self.refusals.append(CountRefusal(line, column, record.broken))
                # Nobody can tell its contest: that of the row before, or of the row after.
                unplaced.append(line)
                if before:
                    before.broken.append(line)
                continue
            # What the file has no column for is looked up behind the last value.
            values.append("")
            group = self._group(shared_of(values), line)
            if isinstance(group, Refused):
                self.refuse(line, group.column, group.reason)
                if group.column in NAMED_BY:
                    unplaced.append(line)
                    if before:
                        before.broken.append(line)
                else:
                    self.lost[contest_of(shared_of(values))].append(line)
                continue
            if group is not before:
                group.broken += unplaced
            before, unplaced = group, []
            if strangers and (fault := self._stranger(values, strangers)):
                group.broken.append(line)
                self.refusals.append(fault._replace(line=line))
                continue
            try:
                group.rows.append((line, own(own_of(values))))
            except Refused as refused:
                group.broken.append(line)
                self.refuse(line, refused.column, refused.reason)

    def leave_out(self, group: Group, refused: Refused) -> None:
        """Refuse a whole group, and note that rows of its contest are missing."""
        for line in group.lines:
            self.refuse(line, refused.column, refused.reason)
        self.lost[group.named] += group.lines

    def _picker(self, codes: Sequence[str]) -> Callable[[Sequence[str]], tuple[str, ...]]:
        behind = len(self.opened.names)
        found = [self.opened.place(code) for code in codes]
        first, *rest = [behind if place is None else place for place in found]
        return itemgetter(first, *rest)

    def _group(self, values: tuple[str, ...], line: int) -> Group | Refused:
        found = self.by_values.get(values)
        if found is None:
            try:
                found = Group(line, shared(values), contest_of(values))
            except Refused as refused:
                found = refused
            self.by_values[values] = found
        return found

    def _stranger(self, values: Sequence[str], places: Sequence[int]) -> CountRefusal | None:
        """Why a row is refused that says something in a column nobody knows; None where there is nothing, or it is to be left out."""
        for place in places:
            if (value := values[place].strip()) and not self.ignore_unknown:
                name = self.opened.names[place]
                expected = "列の名前を一覧のものに直すか、その列を消すか、「知らない列は読まない」を選んでください"
                return CountRefusal(
                    0, name or f"{place + 1}列目", f"知らない列に「{shown(value)}」があります。{expected}"
                )
        return None
