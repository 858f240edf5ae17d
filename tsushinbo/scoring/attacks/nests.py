"""A few voters of one network who, on one day, go for the same politicians: too few for a window, and still a campaign where they are of one mind.

That three voters share a network, a day and two politicians with the same choice each hardly happens by chance; whether they also are of one mind in
nearly all they said, and nobody around says otherwise, is for the judge.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.attacks.ballots import distinct, packed
from tsushinbo.scoring.attacks.focus import Rows
from tsushinbo.scoring.attacks.judge import Campaign, Pattern, Usual, judge, settled
from tsushinbo.scoring.method import AttackParameters

type Flags = NDArray[np.bool_]


def nests(rows: Rows, usual: Usual, explained: Flags, method: AttackParameters) -> list[Campaign]:
    """Find such campaigns among voters who are not ``explained`` yet."""
    # The network speaks for it, and that the day was chosen by looking against it.
    few = replace(
        method,
        concert_least=method.network_least,
        concert=method.concert - method.nest + method.search,
        target_least=method.nest_target,
    )
    # Those who said much: the more ballots, the less often an honest voter is of one mind in them.
    zealous = replace(few, focus_ballots=method.zealous_ballots)
    explained = explained.copy()
    found = []
    for day, nodes in _shared(rows, method):
        pattern = Pattern.of_politicians(nodes, rows.ballots.politician_of)
        begin, end = max(day - 1, 0), min(day + 2, rows.days)
        cases = (
            settled(rows, judge(rows, pattern, begin, end, usual, explained, one), usual, explained, one)
            for one in (few, zealous)
        )
        campaign = next((case for case in cases if case is not None), None)
        if campaign is not None:
            # Two true targets make the case; what the same few said together of others belongs to it.
            campaign = replace(campaign, pattern=pattern)
            found.append(campaign)
            explained[campaign.voters] = True
    return found


def _shared(rows: Rows, method: AttackParameters) -> list[tuple[int, dict[int, bool]]]:
    """Days, and politicians with a choice each, that enough voters of one network have in common; two politicians or more."""
    ballots = rows.ballots
    known = np.flatnonzero(rows.place >= 0)
    node = 2 * rows.politician[known].astype(np.int64) + ballots.choice[known]
    nodes_in_all = 2 * ballots.politicians
    places = int(rows.place.max(initial=0)) + 1
    # Sorted and each voter once: how many voters of a place there are at each node.
    people = distinct(packed((rows.place[known], places), (node, nodes_in_all), (ballots.voter[known], ballots.voters)))
    cells, count = np.unique(people // max(ballots.voters, 1), return_counts=True)
    full = cells[count >= method.network_least]
    place, node = np.divmod(full, max(nodes_in_all, 1))
    day_of = np.zeros(places, dtype=np.int32)
    day_of[rows.place[known]] = rows.day[known]
    # Many networks with the same targets are one case.
    found: set[tuple[int, tuple[tuple[int, bool], ...]]] = set()
    for one in np.split(np.arange(len(full)), np.flatnonzero(np.diff(place)) + 1):
        nodes = tuple((int(number) // 2, bool(number % 2)) for number in node[one])
        # A network that says both of a politician disagrees with itself.
        if len(nodes) >= 2 and len({politician for politician, _ in nodes}) == len(nodes):
            found.add((int(day_of[place[one[0]]]), nodes))
    # The most targets first: those of one day may be a part of those of the next.
    order = sorted(found, key=lambda one: (-len(one[1]), one))
    return [(day, dict(nodes)) for day, nodes in order[: method.most_links]]
