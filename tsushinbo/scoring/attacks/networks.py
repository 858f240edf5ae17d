"""Too many voters of one network, in a window that stands out.

The number of a network is good for a day, so only voters of the same day are compared. How often two of them share a network by chance is told by the
rest of the site: s = Σq², where q are the shares of the networks. A crowd of one town shares networks too. What tells it from a campaign is again that it
disagrees with itself.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.attacks import tails
from tsushinbo.scoring.attacks.ballots import DAY, distinct, packed
from tsushinbo.scoring.attacks.focus import Rows
from tsushinbo.scoring.attacks.windows import Windows
from tsushinbo.scoring.method import AttackParameters

type Floats = NDArray[np.float64]
type Integers = NDArray[np.integer]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Crowding:
    """Ballots of one choice on one politician, in one window, out of networks that are too crowded: row numbers, and what was to be expected."""

    politician: int
    choice: bool
    start: int
    end: int
    rows: Integers
    expected: float
    strength: float


def crowdings(rows: Rows, windows: Windows, share: Floats, method: AttackParameters) -> list[Crowding]:
    """Look at each window, both choices. share: the usual share of 支持 of each politician."""
    usual = usual_sharing(rows, windows)
    inside = [(*span, _inside(rows, *span)) for span in merged(windows)]
    found = []
    for politician, start, end, row in inside:
        crowded, strength = _crowded(rows, row, usual, method)
        if strength > method.alert:
            found += _of_one_mind(rows, row[crowded], politician, start, end, strength, share, method)
    return _with_all_targets(rows, found, usual, method)


def _inside(rows: Rows, politician: int, start: int, end: int) -> Integers:
    """Rows of a politician's ballots in a window whose network is known."""
    first, last = (start - rows.begin) // DAY, -(-(end - rows.begin) // DAY)
    row = rows.of_politicians(np.array([politician]), first, last)
    at = rows.ballots.at[row]
    return row[(at >= start) & (at < end) & (rows.place[row] >= 0)]


def _of_one_mind(
    rows: Rows,
    row: Integers,
    politician: int,
    start: int,
    end: int,
    strength: float,
    share: Floats,
    method: AttackParameters,
) -> list[Crowding]:
    """Of ballots out of crowded networks, those of the choice that is in excess of what the other choice vouches for."""
    found = []
    good = rows.ballots.choice[row]
    for choice in (False, True):
        own = row[good == choice]
        chance = float(np.clip(share[politician] if choice else 1 - share[politician], 0.02, 0.9))
        expected = (len(row) - len(own) + 1) * chance / (1 - chance)
        if len(own) >= method.network_least and expected <= (1 - method.excess) * len(own):
            found.append(Crowding(politician, choice, start, end, np.sort(own), expected, strength))
    return found


def _with_all_targets(rows: Rows, found: list[Crowding], usual: float, method: AttackParameters) -> list[Crowding]:
    """Add the ballots out of networks that are crowded over all targets of one choice together, though not for each of them."""
    complete = []
    for choice in (False, True):
        own = [one for one in found if one.choice == choice]
        if not own:
            continue
        inside = [_inside(rows, one.politician, one.start, one.end) for one in own]
        inside = [row[rows.ballots.choice[row] == choice] for row in inside]
        row = np.unique(np.concatenate(inside))
        full, _ = _crowded(rows, row, usual, method, factor=1.0)
        networks = np.union1d(rows.place[row[full]], rows.place[np.concatenate([one.rows for one in own])])
        for one, its in zip(own, inside, strict=True):
            complete.append(replace(one, rows=its[np.isin(rows.place[its], networks)]))
    return sorted(complete, key=lambda one: (one.politician, one.choice, one.start))


def usual_sharing(rows: Rows, windows: Windows) -> float:
    """The chance that two voters of a day share a network: the median of the days, without politicians who have a window that stands out."""
    ballots = rows.ballots
    quiet = ~np.isin(rows.politician, windows.node // 2) & (rows.place >= 0)
    if not quiet.any():
        return 1.0
    place = rows.place[quiet]
    day_of = np.zeros(int(place.max()) + 1, dtype=np.int32)
    day_of[place] = rows.day[quiet]
    people = distinct(packed((place, len(day_of)), (ballots.voter[quiet], ballots.voters)))
    crowd = np.bincount(people // ballots.voters, minlength=len(day_of))
    n = np.bincount(day_of, crowd, minlength=rows.days)
    together = np.bincount(day_of, crowd * (crowd - 1.0), minlength=rows.days)
    told = n >= 2
    return float(np.median(together[told] / (n[told] * (n[told] - 1)))) if told.any() else 1.0


def merged(windows: Windows) -> list[tuple[int, int, int]]:
    """Windows of one politician that touch become one: politician, start, end."""
    politician = windows.node // 2
    order = np.lexsort((windows.end, windows.start, politician))
    found: list[tuple[int, int, int]] = []
    for one, start, end in zip(
        politician[order].tolist(), windows.start[order].tolist(), windows.end[order].tolist(), strict=True
    ):
        if found and found[-1][0] == one and start <= found[-1][2]:
            found[-1] = (one, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((one, start, end))
    return found


def _crowded(
    rows: Rows, row: Integers, usual: float, method: AttackParameters, *, factor: float | None = None
) -> tuple[Flags, float]:
    """Which of the rows come out of a crowded network, and how surprising all the sharing is.

    With n voters of a day there are n(n-1)/2 pairs, of which s share a network. More than ``network_factor`` times as many are a sign; a network is
    crowded from the same factor, or that given, over the n·s voters that a voter usually meets there.
    """
    if not len(row):
        return np.zeros(0, dtype=bool), 0.0
    place = rows.place[row].astype(np.int64)
    people = distinct(packed((place, int(place.max()) + 1), (rows.ballots.voter[row], rows.ballots.voters)))
    places, crowd = np.unique(people // rows.ballots.voters, return_counts=True)
    own = np.searchsorted(places, place)
    day = np.zeros(len(places), dtype=np.int64)
    day[own] = rows.day[row]
    n = np.bincount(day, crowd)
    together = float((crowd * (crowd - 1) / 2).sum())
    expected = method.network_factor * usual * float((n * (n - 1) / 2).sum())
    strength = float(tails.poisson(together, expected))
    factor = method.network_factor if factor is None else factor
    full = crowd >= np.maximum(method.network_least, factor * usual * n[day])
    return full[own], strength
