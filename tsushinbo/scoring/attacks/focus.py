"""Voters whose ballots are concentrated on a few politicians."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.attacks.ballots import DAY, JAPAN, NO_NETWORK, Ballots, packed
from tsushinbo.scoring.method import AttackParameters

type Integers = NDArray[np.integer]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """How many ballots, and how many of them 支持, each voter has on each politician; sorted by voter."""

    voter: Integers
    politician: Integers
    count: Integers
    good: Integers

    def __len__(self) -> int:
        return len(self.voter)


@dataclass(frozen=True)
class Pairs:
    """Two politicians on whom one voter's ballots are concentrated; ``first`` and ``second`` are rows of cells."""

    first: Integers
    second: Integers


class Rows:
    """Ballots in the two orders in which they are asked for again and again."""

    def __init__(self, ballots: Ballots) -> None:
        """Sort twice, O(n log n)."""
        if len(ballots) >= 1 << 31:
            raise ValueError("too many ballots for row numbers of 32 bits")
        self.ballots = ballots
        self.politician = ballots.politician_of[ballots.pledge].astype(np.int32)
        begin = int(ballots.at.min()) if len(ballots) else 0
        self.begin = (begin + JAPAN) // DAY * DAY - JAPAN
        self.day = ((ballots.at - self.begin) // DAY).astype(np.int32)
        self.days = int(self.day.max()) + 1 if len(ballots) else 1
        pair = packed((ballots.voter, ballots.voters), (self.politician, ballots.politicians))
        self._by_voter = np.argsort(pair, kind="stable").astype(np.int32)
        self._by_politician = np.argsort(self.politician, kind="stable").astype(np.int32)
        self._ends = np.concatenate([[0], np.cumsum(np.bincount(self.politician, minlength=ballots.politicians))])
        self._totals: dict[tuple[int, int], Integers] = {}

    @cached_property
    def place(self) -> Integers:
        """One number for the day and the network of each ballot, from 0; those without a network have -1."""
        network = np.unique(self.ballots.network, return_inverse=True)[1]
        day_and_network = packed((self.day, self.days), (network, len(self.ballots)))
        number: Integers = np.unique(day_and_network, return_inverse=True)[1].astype(np.int32)
        return np.where(self.ballots.network == NO_NETWORK, -1, number)

    def of_politicians(self, politicians: Integers, first_day: int, end_day: int) -> Integers:
        """Rows of the ballots on some politicians on the days from ``first_day`` to before ``end_day``."""
        rows = [self._by_politician[self._ends[one] : self._ends[one + 1]] for one in politicians]
        row = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
        day = self.day[row]
        return row[(day >= first_day) & (day < end_day)]

    def first_day(self, politician: int) -> int:
        """The day of a politician's first ballot; the day after the last of all where there is none."""
        row = self._by_politician[self._ends[politician] : self._ends[politician + 1]]
        return int(self.day[row].min(initial=self.days))

    def totals(self, first_day: int, end_day: int) -> Integers:
        """All ballots of each voter on these days; shape (voters,)."""
        if (first_day, end_day) not in self._totals:
            inside = (self.day >= first_day) & (self.day < end_day)
            count = np.bincount(self.ballots.voter[inside], minlength=self.ballots.voters)
            self._totals[first_day, end_day] = count.astype(np.int32)
        return self._totals[first_day, end_day]

    def cells(self, first_day: int, end_day: int) -> Cells:
        """Count the ballots of these days by voter and politician."""
        day = self.day[self._by_voter]
        row = self._by_voter[(day >= first_day) & (day < end_day)]
        voter, politician = self.ballots.voter[row], self.politician[row]
        new = np.ones(len(row), dtype=bool)
        new[1:] = (np.diff(voter) != 0) | (np.diff(politician) != 0)
        start = np.flatnonzero(new)
        count = np.diff(np.append(start, len(row)))
        good = np.add.reduceat(self.ballots.choice[row].astype(np.int64), start) if len(row) else count
        return Cells(voter[start], politician[start], count, good)


def concentrated(cells: Cells, method: AttackParameters) -> tuple[Cells, Pairs]:
    """Return the cells by voter, fullest first, and every pair of them that holds enough of the voter's ballots.

    Enough is ``method.focus_ballots``, the share ``method.focus_share`` of all that the voter has in these cells, and ``method.focus_second`` on each.
    With the fullest first, the partners of a cell follow it without a gap, so the pairs are found by binary search.
    """
    order = np.lexsort((cells.politician, -cells.count, cells.voter))
    cells = Cells(cells.voter[order], cells.politician[order], cells.count[order], cells.good[order])
    if not len(cells):
        nothing = np.zeros(0, dtype=np.int64)
        return cells, Pairs(nothing, nothing)
    total = np.bincount(cells.voter, cells.count)[cells.voter]
    need = np.maximum(method.focus_ballots, np.ceil(method.focus_share * total - 1e-9)).astype(np.int64)
    top = int(cells.count.max()) + 1
    key = cells.voter.astype(np.int64) * top + (top - cells.count)
    least = np.maximum(need - cells.count, method.focus_second)
    reach = cells.voter.astype(np.int64) * top + np.maximum(top - least, 0)
    end = np.where(least < top, np.searchsorted(key, reach, side="right"), 0)
    first = np.arange(len(cells))
    partners = np.maximum(end - first - 1, 0)
    before = np.cumsum(partners) - partners
    left = np.repeat(first, partners)
    return cells, Pairs(left, left + 1 + np.arange(len(left)) - before[left])
