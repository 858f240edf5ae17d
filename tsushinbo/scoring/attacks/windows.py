"""Windows of time in which a politician gets far more ballots than usual, or far more of them from newcomers.

A node is a politician and a choice. Counted are distinct voters, so that one zealous voter is one. A window alone is a reason to look, never
to hold a ballot: an attack could otherwise silence the honest ballots of the side that it pretends to be.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.attacks import tails
from tsushinbo.scoring.attacks.ballots import DAY, JAPAN, Ballots, Integers, packed
from tsushinbo.scoring.method import AttackParameters

type Floats = NDArray[np.float64]

HOUR = 3600


@dataclass(frozen=True)
class Windows:
    """Windows of one kind that stand out, a row each, sorted. start and end in seconds since 1970; strength is -log10 of the chance.

    node is 2·politician + choice; for the share of newcomers, which looks at both choices, it is that of the politician with choice 0.
    """

    node: Integers
    start: Integers
    end: Integers
    count: Integers
    expected: Floats
    strength: Floats

    def __len__(self) -> int:
        return len(self.node)

    def stronger(self, than: float) -> "Windows":
        """Return the windows above a strength."""
        return self.take(self.strength > than)

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> "Windows":
        """Return some rows."""
        return Windows(
            self.node[rows],
            self.start[rows],
            self.end[rows],
            self.count[rows],
            self.expected[rows],
            self.strength[rows],
        )

    def join(self, other: "Windows") -> "Windows":
        """Return both together, sorted."""
        both = Windows(
            np.concatenate([self.node, other.node]),
            np.concatenate([self.start, other.start]),
            np.concatenate([self.end, other.end]),
            np.concatenate([self.count, other.count]),
            np.concatenate([self.expected, other.expected]),
            np.concatenate([self.strength, other.strength]),
        )
        return both.take(np.lexsort((both.end, both.start, both.node)))


class Calendar:
    """Distinct voters of each node in each hour-aligned span of time, from one sort of the ballots."""

    def __init__(self, ballots: Ballots) -> None:
        """Sort the ballots by node, voter and hour: O(n log n) once, O(n) for each width asked for."""
        self.nodes = 2 * ballots.politicians
        first = int(ballots.at.min()) if len(ballots) else 0
        # Whole days of Japan.
        self.begin = (first + JAPAN) // DAY * DAY - JAPAN
        hours = (ballots.at - self.begin) // HOUR
        self.hours = int(hours.max()) + 1 if len(ballots) else 1
        self.days = -(-self.hours // 24)
        node = 2 * ballots.politician_of[ballots.pledge].astype(np.int64) + ballots.choice
        key = packed((node, self.nodes), (ballots.voter, ballots.voters), (hours, self.hours))
        key.sort()
        pair, hour = np.divmod(key, self.hours)
        self._hour = hour.astype(np.int32)
        self._node = (pair // max(ballots.voters, 1)).astype(np.int32)
        self._same = np.zeros(len(key), dtype=bool)
        self._same[1:] = pair[1:] == pair[:-1]

    def count(self, width: int, *, shift: int = 0) -> NDArray[np.int32]:
        """Distinct voters in spans of ``width`` hours that begin at ``-shift``; shape (nodes, spans)."""
        span = (self._hour + shift) // width
        spans = (self.hours - 1 + shift) // width + 1
        # Sorted by hour within a voter, so who is there again in a span comes right after.
        new = ~self._same
        new[1:] |= span[1:] != span[:-1]
        cell = self._node[new].astype(np.int64) * spans + span[new]
        return np.bincount(cell, minlength=self.nodes * spans).astype(np.int32).reshape(self.nodes, spans)


def bursts(calendar: Calendar, method: AttackParameters) -> Windows:
    """Windows of ``burst_hours`` with too many voters for the node: negative binomial, since news come in waves."""
    return _surges(calendar, method.burst_hours, method.burst_size, method.burst_least, method.burst_alert, method)


def levels(calendar: Calendar, method: AttackParameters) -> Windows:
    """The same over ``level_days``, for what drips slowly."""
    return _surges(calendar, method.level_days * 24, method.level_size, method.level_least, method.alert, method)


def _surges(
    calendar: Calendar, width: int, size: float, least: int, strength: float, method: AttackParameters
) -> Windows:
    daily = np.zeros((calendar.nodes, calendar.days + 1))
    np.cumsum(calendar.count(24), axis=1, out=daily[:, 1:])
    first, second = (
        _one_phase(calendar, daily, width, shift, size, least, method).stronger(strength) for shift in (0, width // 2)
    )
    return first.join(second)


def _one_phase(
    calendar: Calendar, daily: Floats, width: int, shift: int, size: float, least: int, method: AttackParameters
) -> Windows:
    count = calendar.count(width, shift=shift)
    spans = count.shape[1]
    start = np.arange(spans) * width - shift
    # The node's own rate a day, without the weeks around the window, shrunk to the mean of the site.
    near = method.apart_days
    low = np.clip(start // 24 - near, 0, calendar.days)
    high = np.clip(-(-(start + width) // 24) + near, 0, calendar.days)
    busy = _site_factor(count)
    node, span = np.nonzero(count >= least)
    total = daily[:, -1]
    mean = total.sum() / max(calendar.nodes, 1) / calendar.days
    elsewhere = total[node] - (daily[node, high[span]] - daily[node, low[span]])
    days = calendar.days - (high - low)[span]
    rate = (elsewhere + method.prior_days * mean) / (days + method.prior_days)
    # The first and the last span may be cut short by the ends of the record.
    length = np.minimum(start + width, calendar.hours) - np.maximum(start, 0)
    expected = rate * (length / 24 * busy)[span]
    k = count[node, span]
    return Windows(
        node,
        calendar.begin + start[span] * HOUR,
        calendar.begin + (start[span] + width) * HOUR,
        k,
        expected,
        tails.negative_binomial(k, expected, size),
    )


def _site_factor(count: NDArray[np.int32]) -> Floats:
    """How much busier than usual the whole site is in each span, without the busiest nodes, at least 1.

    Usual is the median of the spans. An attack on a few nodes is left out of it, an election is not.
    """
    kept = max(1, int(count.shape[0] * 0.95))
    by_span = np.ascontiguousarray(count.T)
    rest = np.partition(by_span, kept - 1, axis=1)[:, :kept].sum(axis=1) if len(count) else np.zeros(len(by_span))
    usual = np.median(rest[rest > 0]) if (rest > 0).any() else 1.0
    return np.maximum(rest / usual, 1.0)


def newcomers(ballots: Ballots, method: AttackParameters) -> Windows:
    """Windows of ``newcomer_days`` in which too many voters of a politician are younger than ``newcomer_age_days``: binomial."""
    width = method.newcomer_days * DAY
    begin = (int(ballots.at.min()) + JAPAN) // DAY * DAY - JAPAN if len(ballots) else 0
    politician = ballots.politician_of[ballots.pledge].astype(np.int64)
    found = []
    for shift in (0, width // 2):
        span = (ballots.at - begin + shift) // width
        spans = int(span.max()) + 1 if len(ballots) else 1
        # A voter counts once in a window, as one who came young or not.
        key = packed((politician, ballots.politicians), (span, spans), (ballots.voter, ballots.voters))
        cell, first = np.unique(key, return_index=True)
        cell //= max(ballots.voters, 1)
        age = ballots.at[first] - ballots.first_at[ballots.voter[first]]
        young = age < method.newcomer_age_days * DAY
        shape = (ballots.politicians, spans)
        n = np.bincount(cell, minlength=shape[0] * spans).reshape(shape)
        new = np.bincount(cell[young], minlength=shape[0] * spans).reshape(shape)
        share = new.sum(axis=0) / np.maximum(n.sum(axis=0), 1)
        chance = np.clip(method.newcomer_factor * np.minimum(share, np.median(share)), 0.02, 0.9)
        row, column = np.nonzero(n >= method.newcomer_least)
        found.append(
            Windows(
                2 * row,
                begin + column * width - shift,
                begin + (column + 1) * width - shift,
                new[row, column],
                n[row, column] * chance[column],
                tails.binomial(new[row, column], n[row, column], chance[column]),
            ).stronger(method.alert)
        )
    return found[0].join(found[1])
