"""Voters in concert (co-target): too many of one mind about the same pair of politicians, in some month.

Looked at are the pairs of politicians on whom a voter's ballots are concentrated, over all voters: O(ballots), since the pairs of one voter are few. From
the pairs with too many of one mind the targets are grown, and judged (see judge).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.attacks import tails
from tsushinbo.scoring.attacks.dissent import chance_of_one_mind, is_one_sided, likeness_of_site
from tsushinbo.scoring.attacks.focus import Rows, concentrated
from tsushinbo.scoring.attacks.judge import Campaign, Pattern, Usual, judge, settled
from tsushinbo.scoring.method import AttackParameters

type Floats = NDArray[np.float64]
type Integers = NDArray[np.integer]
type Flags = NDArray[np.bool_]

# What a campaign may want of two politicians: both down, both up, one down and the other up.
_WAYS = ((False, False), (True, True), (False, True), (True, False))


@dataclass(frozen=True)
class Cases:
    """One voter's concentrated pair in one window, a row each: the politicians a < b, and the ballots on each."""

    window: Integers
    voter: Integers
    a: Integers
    b: Integers
    count_a: Integers
    good_a: Integers
    count_b: Integers
    good_b: Integers

    @property
    def count(self) -> Integers:
        """Ballots of each case."""
        return self.count_a + self.count_b

    def agreeing(self, way: tuple[bool, bool]) -> Integers:
        """Ballots of each case that go this way."""
        a = self.good_a if way[0] else self.count_a - self.good_a
        b = self.good_b if way[1] else self.count_b - self.good_b
        return a + b


@dataclass(frozen=True)
class Link:
    """Two politicians about whom too many are of one mind in a window."""

    strength: float
    seen: int
    window: int
    a: int
    b: int
    way: tuple[bool, bool]
    voters: Integers

    def is_of_one_cause(self, other: "Link") -> bool:
        """Whether both want the same of some politician, at the same time or half a window apart."""
        own, its = (set(zip((link.a, link.b), link.way, strict=True)) for link in (self, other))
        return bool(own & its) and abs(self.window - other.window) <= 1


def windows_of(rows: Rows, method: AttackParameters) -> list[tuple[int, int]]:
    """Months that overlap by half: first day, and the day after the last."""
    step = method.concert_days // 2
    return [(day, day + method.concert_days) for day in range(0, max(rows.days - step, 1), step)]


def collect(rows: Rows, method: AttackParameters) -> Cases:
    """All concentrated pairs of all voters."""
    columns: list[tuple[Integers, ...]] = []
    for number, (begin, end) in enumerate(windows_of(rows, method)):
        cells, pairs = concentrated(rows.cells(begin, end), method)
        swap = cells.politician[pairs.first] > cells.politician[pairs.second]
        left, right = np.where(swap, pairs.second, pairs.first), np.where(swap, pairs.first, pairs.second)
        window = np.full(len(left), number)
        politicians = (cells.politician[left], cells.politician[right])
        counts = (cells.count[left], cells.good[left], cells.count[right], cells.good[right])
        columns.append((window, cells.voter[left], *politicians, *counts))
    return Cases(*(np.concatenate(column).astype(np.int32) for column in zip(*columns, strict=True)))


def usual_of(rows: Rows, cases: Cases, method: AttackParameters) -> Usual:
    """Measure what is usual on this site."""
    share = usual_share(rows, method)
    both = (share[cases.a] * cases.count_a + share[cases.b] * cases.count_b) / np.maximum(cases.count, 1)
    all_for, all_against = (is_one_sided(cases.agreeing((way, way)), cases.count, method) for way in (True, False))
    return Usual(share, likeness_of_site(cases.count, both, all_for, all_against, method))


def usual_share(rows: Rows, method: AttackParameters) -> Floats:
    """The share of 支持 of each politician: the median of its fortnights, which a campaign of some weeks does not move."""
    many, width = rows.ballots.politicians, method.concert_days // 2
    spans = -(-rows.days // width)
    cell = rows.politician * spans + rows.day // width
    n = np.bincount(cell, minlength=many * spans).reshape(many, spans)
    good = np.bincount(cell[rows.ballots.choice], minlength=many * spans).reshape(many, spans)
    # Fortnights that tell nothing sort behind the others.
    shares = np.sort(np.where(n >= method.share_least, good / np.maximum(n, 1), np.inf), axis=1)
    told = np.isfinite(shares).sum(axis=1)
    row, middle = np.arange(many), np.maximum(told - 1, 0)
    own = (shares[row, middle // 2] + shares[row, (middle + 1) // 2]) / 2
    everywhere = float(np.median(own[told > 0])) if (told > 0).any() else 0.5
    # Few fortnights are drawn to what is usual everywhere.
    drawn: Floats = (np.where(told > 0, own, everywhere) * told + 2 * everywhere) / (told + 2)
    return drawn


def concerts(rows: Rows, cases: Cases, usual: Usual, method: AttackParameters) -> list[Campaign]:
    """Find campaigns, the strongest first. No voter is in two of them."""
    found: list[Campaign] = []
    explained = np.zeros(rows.ballots.voters, dtype=bool)
    strongest = links(rows, cases, usual, method)[: method.most_links]
    for place, link in enumerate(strongest):
        if np.count_nonzero(~explained[link.voters]) < method.link_least:
            continue
        grown = _grown(rows, link, usual, explained, method)
        if grown.convinces(method):
            rivals = [other for other in strongest[place + 1 :] if link.is_of_one_cause(other)][: method.most_rivals]
            cases_of_cause = [grown, *(_grown(rows, other, usual, explained, method) for other in rivals)]
            grown = max((one for one in cases_of_cause if one.convinces(method)), key=_unexplained)
        campaign = settled(rows, grown, usual, explained, method)
        if campaign is not None:
            found.append(campaign)
            explained[campaign.voters] = True
    return found


def links(rows: Rows, cases: Cases, usual: Usual, method: AttackParameters) -> list[Link]:
    """Pairs of politicians in a window with too many of one mind, the strongest first.

    A sieve before the judge: expected are, for each voter of two minds, chance/(1 - chance) more of one mind.
    """
    if not len(cases.voter):
        return []
    many = rows.ballots.politicians
    key = (cases.window.astype(np.int64) * many + cases.a) * many + cases.b
    order = np.argsort(key, kind="stable")
    start = np.flatnonzero(np.concatenate([[True], np.diff(key[order]) != 0]))
    ends = np.append(start, len(key))
    group = np.empty(len(key), dtype=np.int64)
    group[order] = np.repeat(np.arange(len(start)), np.diff(ends))
    grid = np.linspace(0.01, 0.99, 50)
    table = chance_of_one_mind(grid, usual.likeness, method.most_ballots, method)
    found = []
    for way in _WAYS:
        agreeing = cases.agreeing(way)
        one = is_one_sided(agreeing, cases.count, method)
        other = is_one_sided(cases.count - agreeing, cases.count, method)
        a, b = (
            share if up else 1 - share
            for share, up in zip((usual.share[cases.a], usual.share[cases.b]), way, strict=True)
        )
        share = (a * cases.count_a + b * cases.count_b) / cases.count
        place = np.clip(np.rint((share - 0.01) / 0.02).astype(np.int64), 0, len(grid) - 1)
        chance = table[place, np.minimum(cases.count, method.most_ballots)]
        expected = np.bincount(group, np.where(one | other, 0.0, chance / (1 - chance)))
        seen = np.bincount(group, one)
        strength = tails.poisson(seen, expected + method.other_times)
        for number in np.flatnonzero((strength >= method.link) & (seen >= method.link_least)):
            inside = order[start[number] : ends[number + 1]]
            row = inside[0]
            place_of = (int(cases.window[row]), int(cases.a[row]), int(cases.b[row]))
            voters = cases.voter[inside[one[inside]]]
            found.append(Link(float(strength[number]), int(seen[number]), *place_of, way, voters))
    return sorted(found, key=lambda link: (-link.strength, -link.seen, link.window, link.a, link.b, link.way))


def _unexplained(campaign: Campaign) -> float:
    return len(campaign.voters) - campaign.expected


def _grown(rows: Rows, link: Link, usual: Usual, explained: Flags, method: AttackParameters) -> Campaign:
    """From two politicians, take in whom else the same voters aim at, as long as the case still convinces with most of them."""
    begin, end = windows_of(rows, method)[link.window]
    # Half a window more on both sides: a campaign does not keep to ours.
    begin, end = max(begin - method.concert_days // 2, 0), min(end + method.concert_days // 2, rows.days)
    nodes = dict(zip((link.a, link.b), link.way, strict=True))
    politician_of = rows.ballots.politician_of
    best = judge(rows, Pattern.of_politicians(nodes, politician_of), begin, end, usual, explained, method)
    for _ in range(method.most_growths):
        more = _also_aimed_at(rows, best, method)
        if not more:
            break
        nodes = {**nodes, **more}
        larger = judge(rows, Pattern.of_politicians(nodes, politician_of), begin, end, usual, explained, method)
        if best.convinces(method) and not (
            larger.convinces(method) and len(larger.voters) >= method.most_of_them * len(best.voters)
        ):
            break
        best = larger
    return best


def _also_aimed_at(rows: Rows, campaign: Campaign, method: AttackParameters) -> dict[int, bool]:
    """Other politicians to whom a good part of the campaign's voters gave one and the same choice."""
    inside = np.isin(rows.ballots.voter, campaign.voters)
    inside &= (rows.day >= campaign.first_day) & (rows.day < campaign.end_day)
    row = np.flatnonzero(inside & ~np.isin(rows.politician, campaign.pattern.politicians))
    many = rows.ballots.politicians
    pairs = np.unique(rows.ballots.voter[row].astype(np.int64) * many + rows.politician[row])
    visitors = np.bincount(pairs % many, minlength=many)
    n = np.bincount(rows.politician[row], minlength=many)
    good = np.bincount(rows.politician[row][rows.ballots.choice[row]], minlength=many)
    more = {}
    enough = max(method.same_targets * len(campaign.voters), method.concert_least - 1)
    for politician in np.flatnonzero((n > 0) & (visitors >= enough)):
        share = good[politician] / n[politician]
        if max(share, 1 - share) >= method.one_sided:
            more[int(politician)] = bool(share > 0.5)
    return more
