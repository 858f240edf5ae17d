"""Voters who work off the same list (co-voting): sets of ballots more alike than chance makes them.

Two voters' sets of (pledge, choice) have the Jaccard similarity J = common / all. Pairs are not tried out: voters with the same smallest values of
random hashes of their sets are likely to be alike (A. Broder, "On the resemblance and containment of documents", 1997), and only those are compared.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tsushinbo.scoring.attacks.ballots import Ballots, packed
from tsushinbo.scoring.attacks.focus import Rows
from tsushinbo.scoring.attacks.judge import Campaign, Pattern, Usual, judge, settled
from tsushinbo.scoring.method import AttackParameters

type Integers = NDArray[np.integer]
type Flags = NDArray[np.bool_]

_PAIRS_AT_A_TIME = 100_000
_ODD = 0x9E3779B97F4A7C15


def lists(rows: Rows, usual: Usual, method: AttackParameters) -> list[Campaign]:
    """Find campaigns that work off a list: groups alike, judged like any other case."""
    found: list[Campaign] = []
    explained = np.zeros(rows.ballots.voters, dtype=bool)
    for voters in alike(rows, method):
        case = _judged(rows, voters[~explained[voters]], usual, explained, method)
        campaign = case and settled(rows, case, usual, explained, method, targets=method.list_politicians)
        if campaign is not None:
            found.append(campaign)
            explained[campaign.voters] = True
    return found


def _judged(rows: Rows, voters: Integers, usual: Usual, explained: Flags, method: AttackParameters) -> Campaign | None:
    """Take as the list what a good part of the group has in common, and judge all voters who are concentrated on it."""
    ballots = rows.ballots
    row = np.flatnonzero(np.isin(ballots.voter, voters))
    item, times = np.unique(2 * ballots.pledge[row].astype(np.int64) + ballots.choice[row], return_counts=True)
    common = item[times >= max(method.list_part * len(voters), 2)]
    # Of a pledge with both choices the more frequent one.
    order = np.lexsort((-times[np.searchsorted(item, common)], common // 2))
    pledges, first = np.unique(common[order] // 2, return_index=True)
    if len(pledges) < method.list_common:
        return None
    pattern = Pattern.of_pledges(pledges, common[order][first] % 2 == 1, ballots.politician_of)
    of_group = row[pattern.wanted[ballots.pledge[row]] == ballots.choice[row]]
    days = np.sort(rows.day[of_group])
    cut = int(len(days) * 0.05)
    begin, end = int(days[cut]), int(days[len(days) - 1 - cut]) + 1
    return judge(rows, pattern, begin, end, usual, explained, method)


def alike(rows: Rows, method: AttackParameters) -> list[Integers]:
    """Return groups of voters, each linked to another by a set alike; the largest first.

    Alike are sets with ``list_common`` ballots in common, on at least as many politicians as a list needs (``list_politicians``), and a similarity of
    ``list_similarity``. Chance hardly makes such sets: ballots on one politician's page are not counted as common more than once.
    """
    ballots = rows.ballots
    item = (2 * ballots.pledge.astype(np.int64) + ballots.choice)[ballots.order]
    voter = ballots.voter[ballots.order]
    start = np.flatnonzero(np.concatenate([[True], np.diff(voter) != 0])) if len(voter) else np.zeros(0, dtype=np.int64)
    size = np.diff(np.append(start, len(voter)))
    able = np.flatnonzero((size >= method.list_common) & (size <= method.list_longest))
    if len(able) < method.concert_least:
        return []
    first, second = _candidates(item, start, able, method)
    # Sets of very different sizes cannot be alike.
    keep = np.minimum(size[first], size[second]) >= method.list_similarity * np.maximum(size[first], size[second])
    first, second = first[keep], second[keep]
    parts = range(0, len(first), _PAIRS_AT_A_TIME)
    chunks = [(first[at : at + _PAIRS_AT_A_TIME], second[at : at + _PAIRS_AT_A_TIME]) for at in parts]
    kept = [_alike(item, start, size, *pair, ballots, method) for pair in chunks]
    keep = np.concatenate([np.zeros(0, dtype=bool), *kept])
    first, second = first[keep], second[keep]
    links = coo_array((np.ones(len(first)), (first, second)), shape=(len(size), len(size)))
    _, group = connected_components(links, directed=False)
    number = np.bincount(group)
    large = np.flatnonzero(number >= method.concert_least)
    large = large[np.argsort(-number[large], kind="stable")]
    return [voter[start[group == one]] for one in large]


def _candidates(item: Integers, start: Integers, able: Integers, method: AttackParameters) -> tuple[Integers, Integers]:
    """Pairs of voters, by row of ``start``, who share a band of smallest hashes."""
    ends = np.append(start, len(item))
    pairs = []
    for band in range(method.list_bands):
        signature = np.zeros(len(start), dtype=np.uint64)
        for row in range(method.list_rows):
            salt = np.uint64((band * method.list_rows + row + 1) * _ODD % (1 << 64))
            smallest = np.minimum.reduceat(_hash(item.astype(np.uint64) + salt), ends[:-1])
            signature = _hash(signature ^ smallest)
        order = able[np.argsort(signature[able], kind="stable")]
        mark = signature[order]
        # In a bucket each is compared with the next few: enough to link all who are alike.
        for step in range(1, method.list_neighbours + 1):
            same = mark[step:] == mark[:-step]
            pairs.append(np.column_stack([order[:-step][same], order[step:][same]]))
    both = np.unique(np.sort(np.concatenate(pairs), axis=1), axis=0)
    return both[:, 0], both[:, 1]


def _alike(
    item: Integers,
    start: Integers,
    size: Integers,
    first: Integers,
    second: Integers,
    ballots: Ballots,
    method: AttackParameters,
) -> Flags:
    """Whether each pair has enough in common."""
    length = size[first] + size[second]
    pair = np.repeat(np.arange(len(first)), length)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(length) - length, length)
    of_first = within < size[first][pair]
    place = np.where(of_first, start[first][pair] + within, start[second][pair] + within - size[first][pair])
    items = 2 * len(ballots.politician_of)
    key = packed((pair, len(first)), (item[place], items))
    key.sort()
    pair, value = np.divmod(key, max(items, 1))
    twice = np.flatnonzero((pair[1:] == pair[:-1]) & (value[1:] == value[:-1]))
    common = np.bincount(pair[twice], minlength=len(first))
    politician = ballots.politician_of[value[twice] // 2]
    different = np.unique(pair[twice].astype(np.int64) * max(ballots.politicians, 1) + politician)
    politicians = np.bincount(different // max(ballots.politicians, 1), minlength=len(first))
    similarity = common / np.maximum(length - common, 1)
    enough = (common >= method.list_common) & (politicians >= method.list_politicians)
    answer: Flags = enough & (similarity >= method.list_similarity)
    return answer


def _hash(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix the bits (the finaliser of SplitMix64, public domain)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
