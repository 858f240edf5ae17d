"""Whether voters of one mind about the same few politicians are a campaign.

There are honest ones among them. Those who disagree tell how many (see dissent), and so do other months, in which followers of a party come too. A
campaign is only what is in excess of both, and one politician alone is never enough: who comes for one page and likes, or dislikes, all of it
is an ordinary visitor.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.attacks import tails
from tsushinbo.scoring.attacks.dissent import chance_of_campaign, honest_of_one_mind, is_one_sided
from tsushinbo.scoring.attacks.focus import Rows
from tsushinbo.scoring.method import AttackParameters

type Floats = NDArray[np.float64]
type Integers = NDArray[np.integer]
type Flags = NDArray[np.bool_]

_NOT_WANTED = -1


@dataclass(frozen=True)
class Pattern:
    """What a campaign wants: its targets, sorted, and of each pledge 1 支持, 0 不支持, or -1 nothing."""

    politicians: Integers
    wanted: NDArray[np.int8]

    @classmethod
    def of_politicians(cls, nodes: dict[int, bool], politician_of: Integers) -> "Pattern":
        """One choice for all pledges of each politician."""
        politicians = np.array(sorted(nodes))
        of_politician = np.full(int(politician_of.max(initial=-1)) + 1, _NOT_WANTED, dtype=np.int8)
        of_politician[politicians] = [nodes[int(one)] for one in politicians]
        return cls(politicians, of_politician[politician_of])

    @classmethod
    def of_pledges(cls, pledges: Integers, choices: Flags, politician_of: Integers) -> "Pattern":
        """A list of pledges with a choice for each."""
        wanted = np.full(len(politician_of), _NOT_WANTED, dtype=np.int8)
        wanted[pledges] = choices
        return cls(np.unique(politician_of[pledges]), wanted)

    def only(self, politicians: Integers, politician_of: Integers) -> "Pattern":
        """The pattern with some of its targets."""
        kept = np.isin(politician_of, politicians)
        return Pattern(politicians, np.where(kept, self.wanted, np.int8(_NOT_WANTED)))


@dataclass(frozen=True)
class Usual:
    """What is usual on this site: the share of 支持 of each politician, and how alike a voter's ballots are."""

    share: Floats
    likeness: float

    def of(self, pattern: Pattern, politician_of: Integers) -> float:
        """The usual share of a pattern's choices, in the mean of its pledges."""
        pledges = np.flatnonzero(pattern.wanted != _NOT_WANTED)
        share = self.share[politician_of[pledges]]
        return float(np.where(pattern.wanted[pledges] == 1, share, 1 - share).mean())


@dataclass(frozen=True)
class Campaign:
    """A case: who is of one mind about what, on which days, how many others there are, how many to expect, and how sure it is."""

    pattern: Pattern
    first_day: int
    end_day: int
    voters: Integers
    others: int
    expected: float
    strength: float

    @property
    def excess(self) -> float:
        """The share of the voters that cannot be explained."""
        return 1 - self.expected / len(self.voters) if len(self.voters) else 0.0

    def convinces(self, method: AttackParameters) -> bool:
        """Whether their ballots are to be held."""
        enough = len(self.voters) >= method.concert_least and self.strength >= method.concert
        return enough and self.excess >= method.excess

    def rows(self, rows: Rows) -> Integers:
        """Row numbers of the voters' ballots on the targets in these days, also of the few that go the other way."""
        row = rows.of_politicians(self.pattern.politicians, self.first_day, self.end_day)
        row = row[self.pattern.wanted[rows.ballots.pledge[row]] != _NOT_WANTED]
        return np.sort(row[np.isin(rows.ballots.voter[row], self.voters)])


def judge(
    rows: Rows, pattern: Pattern, begin: int, end: int, usual: Usual, explained: Flags, method: AttackParameters
) -> Campaign:
    """Judge these days, and, where they do not convince, the shorter time in which most of those of one mind came.

    Voters who are ``explained`` already are left out. The shorter time was chosen by looking, which costs ``method.search``.
    """
    case = _case(rows, pattern, begin, end, usual, explained, method)
    if case.convinces(method) or len(case.voters) < method.concert_least:
        return case
    row = case.rows(rows)
    index = np.unique(rows.ballots.voter[row], return_inverse=True)[1]
    day = np.sort(np.bincount(index, rows.day[row]) / np.bincount(index))
    earliest, latest = _shortest(day, method.most_of_them)
    low, high = max(int(earliest) - 1, begin), min(int(latest) + 2, end)
    if high - low > (end - begin) / 2:
        return case
    short = _case(rows, pattern, low, high, usual, explained, method)
    short = replace(short, strength=short.strength - method.search)
    return short if short.convinces(method) else case


def _shortest(days: NDArray[Any], share: float) -> tuple[Any, Any]:
    """The shortest time in which this share of the sorted days lies: its first and its last."""
    most = int(np.ceil(share * len(days)))
    first = int(np.argmin(days[most - 1 :] - days[: len(days) - most + 1]))
    return days[first], days[first + most - 1]


def _case(
    rows: Rows, pattern: Pattern, begin: int, end: int, usual: Usual, explained: Flags, method: AttackParameters
) -> Campaign:
    """Compare those of one mind with those of another, and with other months."""
    voter, agreeing, count = aiming(rows, pattern, begin, end, explained, method)
    one = is_one_sided(agreeing, count, method)
    others = int(np.count_nonzero(~one))
    usual_one, usual_others = _at_other_times(rows, pattern, begin, end, explained, method)
    # Of the others, those who come at any time vouch for nobody who came now.
    part = max(0.0, 1 - usual_others / others) if others else 0.0
    share = usual.of(pattern, rows.ballots.politician_of)
    unseen = min(1.0, (end - begin) / method.concert_days)
    vouched = honest_of_one_mind(agreeing[~one], count[~one], part, unseen, share, usual.likeness, method)
    expected = usual_one + vouched
    if not np.isfinite(expected):
        return Campaign(pattern, begin, end, voter[one], others, expected, 0.0)
    # The shorter the time, the wilder the waves.
    size = method.concert_size * float(np.clip((end - begin) / method.concert_days, 1 / 3, 1))
    strength = float(tails.negative_binomial(np.count_nonzero(one), expected, size))
    return Campaign(pattern, begin, end, voter[one], others, expected, strength)


def settled(
    rows: Rows, campaign: Campaign, usual: Usual, explained: Flags, method: AttackParameters, *, targets: int = 2
) -> Campaign | None:
    """Return a convincing campaign with its true targets only, and on the days it took; None where it does not convince.

    A politician is a target only if those who are of one mind about the others say more of it than is usual. So news of one politician, about whom all
    are of one mind, do not make a campaign with others whom the same people dislike as anybody does. There must be two targets at least.
    """
    if not campaign.convinces(method):
        return None
    true = _true_targets(rows, campaign, usual, explained, method)
    if np.count_nonzero(true) < targets:
        return None
    if not true.all():
        pattern = campaign.pattern.only(campaign.pattern.politicians[true], rows.ballots.politician_of)
        campaign = judge(rows, pattern, campaign.first_day, campaign.end_day, usual, explained, method)
        if not campaign.convinces(method) or not _true_targets(rows, campaign, usual, explained, method).all():
            return None
    return _narrowed(rows, campaign, usual, explained, method)


def _true_targets(rows: Rows, campaign: Campaign, usual: Usual, explained: Flags, method: AttackParameters) -> Flags:
    """Which politicians get more of the pattern's choice than usual from voters of one mind about the other targets: binomial, by voters."""
    pattern, ballots = campaign.pattern, rows.ballots
    many = len(pattern.politicians)
    voter, _, _ = aiming(rows, pattern, campaign.first_day, campaign.end_day, explained, method)
    row = rows.of_politicians(pattern.politicians, campaign.first_day, campaign.end_day)
    row = row[(pattern.wanted[ballots.pledge[row]] != _NOT_WANTED) & np.isin(ballots.voter[row], voter)]
    agrees = ballots.choice[row] == pattern.wanted[ballots.pledge[row]]
    who, where = np.searchsorted(voter, ballots.voter[row]), np.searchsorted(pattern.politicians, rows.politician[row])
    cell, index, count = np.unique(who * many + where, return_inverse=True, return_counts=True)
    agreeing = np.bincount(index, agrees, len(cell))
    of_voter, of_target = cell // many, cell % many
    others = np.bincount(of_voter, count)[of_voter] - count
    others_agreeing = np.bincount(of_voter, agreeing)[of_voter] - agreeing
    told = (others >= method.focus_second) & is_one_sided(others_agreeing, others, method)
    came = np.bincount(of_target[told], minlength=many)
    said = np.bincount(of_target[told], (agreeing / count)[told], many)
    pledges = np.flatnonzero(pattern.wanted != _NOT_WANTED)
    of_pledge = np.searchsorted(pattern.politicians, ballots.politician_of[pledges])
    share = usual.share[ballots.politician_of[pledges]]
    wanted = np.bincount(of_pledge, np.where(pattern.wanted[pledges] == 1, share, 1 - share)) / np.bincount(of_pledge)
    strength = tails.binomial(said, came, np.clip(wanted, 0.02, 0.98))
    needed = np.clip(method.target_each * came, method.target_least, method.target_most)
    true: Flags = strength >= needed
    return true


def _narrowed(rows: Rows, campaign: Campaign, usual: Usual, explained: Flags, method: AttackParameters) -> Campaign:
    """Return the campaign without the days before and after it, and so without honest voters of one mind on those days.

    Added is who is hardly one-sided and yet almost certainly one of them: where nearly everybody who came was.
    """
    days = np.sort(rows.day[campaign.rows(rows)])
    cut = int(len(days) * method.edge)
    first, last = int(days[cut]), int(days[len(days) - 1 - cut])
    # Of few, no share lies outside: where most came within a shorter time, the others did too, had they come as evenly.
    low, high = (int(day) for day in _shortest(days, method.most_of_them))
    rest = int(np.ceil((high - low) * (1 / method.most_of_them - 1)))
    first, last = max(first, low - rest), min(last, high + rest)
    margin = 1 + (last - first) // 10
    begin, end = max(first - margin, campaign.first_day), min(last + 1 + margin, campaign.end_day)
    voter, agreeing, count = aiming(rows, campaign.pattern, begin, end, explained, method)
    one = is_one_sided(agreeing, count, method)
    length = (end - begin) / (campaign.end_day - campaign.first_day)
    honest = campaign.expected * length + np.count_nonzero(~one)
    odds = max(len(campaign.voters) - campaign.expected, 0.0) / max(honest, 1.0)
    share = usual.of(campaign.pattern, rows.ballots.politician_of)
    chance = chance_of_campaign(agreeing, count, odds, share, usual.likeness, method)
    voters = np.concatenate([np.intersect1d(voter[one], campaign.voters), voter[~one & (chance >= method.certainty)]])
    return replace(campaign, first_day=begin, end_day=end, voters=np.sort(voters))


def aiming(
    rows: Rows, pattern: Pattern, begin: int, end: int, explained: Flags, method: AttackParameters
) -> tuple[Integers, Integers, Integers]:
    """Voters whose ballots of these days are concentrated on the pattern: who, how many ballots agree with it, how many there are.

    Concentrated: enough ballots, a good share of all that the voter cast on these days, and not all on a single politician.
    """
    row = rows.of_politicians(pattern.politicians, begin, end)
    wanted = pattern.wanted[rows.ballots.pledge[row]]
    row, wanted = row[wanted != _NOT_WANTED], wanted[wanted != _NOT_WANTED]
    fresh = ~explained[rows.ballots.voter[row]]
    row, wanted = row[fresh], wanted[fresh]
    voter, index = np.unique(rows.ballots.voter[row], return_inverse=True)
    agrees = rows.ballots.choice[row] == wanted
    count = np.bincount(index, minlength=len(voter))
    agreeing = np.bincount(index[agrees], minlength=len(voter))
    many = len(pattern.politicians)
    cell, of_cell = np.unique(
        index * many + np.searchsorted(pattern.politicians, rows.politician[row]), return_counts=True
    )
    most = np.zeros(len(voter), dtype=np.int64)
    np.maximum.at(most, cell // many, of_cell)
    total = rows.totals(begin, end)[voter]
    focused = (count >= method.focus_ballots) & (count >= method.focus_share * total - 1e-9)
    focused &= count > most
    return voter[focused], agreeing[focused], count[focused]


def _at_other_times(
    rows: Rows, pattern: Pattern, begin: int, end: int, explained: Flags, method: AttackParameters
) -> tuple[float, float]:
    """How many of one mind, and at least how many others, come in so many days at other times.

    Other times are whole months since all targets have ballots, shorter ones where there is no month. Without any, one mind may be usual: infinite.
    """
    since = max((rows.first_day(int(one)) for one in pattern.politicians), default=0)
    spans: list[tuple[int, int]] = []
    width = method.concert_days
    while not spans and width >= method.concert_days // 4:
        for first, last in ((since, begin), (max(end, since), rows.days)):
            spans += [(low, low + width) for low in range(first, last - width + 1, width)]
        width //= 2
    if not spans:
        return np.inf, 0.0
    one_sided, others = [], []
    for low, high in spans:
        _, agreeing, count = aiming(rows, pattern, low, high, explained, method)
        one = is_one_sided(agreeing, count, method)
        one_sided.append(int(np.count_nonzero(one)))
        others.append(int(np.count_nonzero(~one)))
    length = (end - begin) / (spans[0][1] - spans[0][0])
    return (sum(one_sided) + method.other_times) / len(spans) * length, min(others) * length
