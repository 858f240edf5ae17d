"""What is held, and what only raises an alert.

Held are ballots of voters in concert (co-target), of voters who work off one list (co-voting), and those out of crowded networks within a window that stands
out. A window alone holds nothing: it raises an alert, the order is frozen and a person looks. Held ballots are not counted until a moderator
decides; what the moderator cleared is not held again.
"""

from dataclasses import dataclass, replace
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.attacks.ballots import DAY, Ballots
from tsushinbo.scoring.attacks.concert import collect, concerts, usual_of
from tsushinbo.scoring.attacks.focus import Rows
from tsushinbo.scoring.attacks.judge import Campaign
from tsushinbo.scoring.attacks.lists import lists
from tsushinbo.scoring.attacks.nests import nests
from tsushinbo.scoring.attacks.networks import Crowding, crowdings
from tsushinbo.scoring.attacks.tails import negative_binomial
from tsushinbo.scoring.attacks.windows import Calendar, Windows, bursts, levels, newcomers
from tsushinbo.scoring.attacks.work import bits_beyond
from tsushinbo.scoring.method import METHOD, AttackParameters

type Integers = NDArray[np.integer]
type Flags = NDArray[np.bool_]


class Sign(IntFlag):
    """Why a ballot is held. FRESH is NETWORK for keys without a history: their first ballot lies in the window, and they may live it down."""

    CO_TARGET = 1
    CO_VOTING = 2
    NETWORK = 4
    FRESH = 8


class Release(IntEnum):
    """Why a ballot that was held is held no more."""

    STILL_HELD = 0
    LIVED_ON = 1
    CLEARED = 2
    NO_SIGN = 3


@dataclass(frozen=True)
class Findings:
    """What was found. Arrays have a row for each ballot, in the order they were given in.

    held; signs: a Sign each, 0 without; lived_on: would be held as FRESH, but the key has lived on like any other since; cleared: by a moderator. alerts:
    windows that stand out, by kind (burst, level, newcomers). campaigns and crowdings are the cases behind the signs, for the moderator's eyes;
    of each campaign, ``campaign_signs`` has the Sign and ``campaign_rows`` the row numbers of its ballots.
    """

    held: Flags
    signs: NDArray[np.uint8]
    lived_on: Flags
    cleared: Flags
    alerts: dict[str, Windows]
    campaigns: list[Campaign]
    campaign_signs: list[Sign]
    campaign_rows: list[Integers]
    crowdings: list[Crowding]

    def releases(self, before: Flags) -> NDArray[np.uint8]:
        """Return a Release for each ballot that was held ``before``; 0 for those that still are, and for all others."""
        why = np.select([self.cleared, self.lived_on], [Release.CLEARED, Release.LIVED_ON], Release.NO_SIGN)
        return np.where(before & ~self.held, why, Release.STILL_HELD).astype(np.uint8)

    def frozen(self, at: int, method: AttackParameters = METHOD.attacks) -> Integers:
        """Politicians whose place is frozen at this time: those with a window that stands out in the last days, until a person has looked."""
        recent = [
            windows.node[(windows.end > at - method.frozen_days * DAY) & (windows.start <= at)] // 2
            for windows in self.alerts.values()
        ]
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *recent]))


def detect(ballots: Ballots, *, cleared: Flags | None = None, method: AttackParameters = METHOD.attacks) -> Findings:
    """Look for signs of an attack in the ballots of some months, and say which to hold.

    cleared: ballots that a moderator has decided to count. The same ballots give the same answer, in whatever order they come. O(n log n).
    """
    n = len(ballots)
    signs = np.zeros(n, dtype=np.uint8)
    lived_on = np.zeros(n, dtype=bool)
    cleared = np.zeros(n, dtype=bool) if cleared is None else cleared
    if not n:
        return Findings(signs > 0, signs, lived_on, cleared, {}, [], [], [], [])
    order = ballots.order
    rows = Rows(ballots.take(order))
    calendar = Calendar(rows.ballots)
    alerts = {
        "burst": bursts(calendar, method),
        "level": levels(calendar, method),
        "newcomers": newcomers(rows.ballots, method),
    }
    del calendar
    cases = collect(rows, method)
    usual = usual_of(rows, cases, method)
    together = concerts(rows, cases, usual, method)
    explained = np.zeros(rows.ballots.voters, dtype=bool)
    for campaign in together:
        explained[campaign.voters] = True
    together += nests(rows, usual, explained, method)
    listed = lists(rows, usual, method)
    every = alerts["burst"].join(alerts["level"]).join(alerts["newcomers"])
    crowded = crowdings(rows, every, usual.share, method)

    found = np.zeros(n, dtype=np.uint8)
    campaigns = [*together, *listed]
    campaign_signs = [Sign.CO_TARGET] * len(together) + [Sign.CO_VOTING] * len(listed)
    campaign_rows = [campaign.rows(rows) for campaign in campaigns]
    for sign, row in zip(campaign_signs, campaign_rows, strict=True):
        found[row] |= np.uint8(sign)
    fresh = np.zeros(n, dtype=bool)
    for crowding in crowded:
        first = rows.ballots.first_at[rows.ballots.voter[crowding.rows]]
        new = (first >= crowding.start) & (first < crowding.end)
        found[crowding.rows[~new]] |= np.uint8(Sign.NETWORK)
        fresh[crowding.rows[new]] = True
    found[fresh] |= np.uint8(Sign.FRESH)
    ordinary = _lives_on(rows, found, fresh, method)
    released = fresh & ordinary[rows.ballots.voter]
    found[released] &= ~np.uint8(Sign.FRESH)

    signs[order], lived_on[order] = found, released & (found == 0)
    crowded = [replace(crowding, rows=np.sort(order[crowding.rows])) for crowding in crowded]
    campaign_rows = [np.sort(order[row]) for row in campaign_rows]
    return Findings(
        (signs > 0) & ~cleared, signs, lived_on, cleared, alerts, campaigns, campaign_signs, campaign_rows, crowded
    )


def _lives_on(rows: Rows, found: NDArray[np.uint8], fresh: Flags, method: AttackParameters) -> Flags:
    """Which voters have gone on for a week after their first ballot: some ballots without a sign, on more than one politician."""
    ballots = rows.ballots
    later = (found == 0) & (ballots.at >= ballots.first_at[ballots.voter] + method.fresh_days * DAY)
    later &= np.isin(ballots.voter, ballots.voter[fresh])
    count = np.bincount(ballots.voter[later], minlength=ballots.voters)
    many = max(ballots.politicians, 1)
    pairs = np.unique(ballots.voter[later].astype(np.int64) * many + rows.politician[later])
    politicians = np.bincount(pairs // many, minlength=ballots.voters)
    lives: Flags = (count >= method.fresh_ballots) & (politicians >= 2)
    return lives


def work_bits(count: int, expected: float, method: AttackParameters = METHOD.attacks) -> int:
    """How many bits more of proof of work a ballot costs now, from the voters of its node in these hours and the expected number: O(1)."""
    return bits_beyond(float(negative_binomial(count, expected, method.burst_size)), method)
