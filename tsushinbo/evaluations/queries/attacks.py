"""The ballots in which the signs of an attack are looked for: columns, and nothing that points at a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from tsushinbo.evaluations.models import BallotNetwork, HeldBallot
from tsushinbo.evaluations.queries import columns
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.attacks.ballots import DAY, JAPAN, NO_NETWORK, Ballots

type Integers = NDArray[np.int64]
type Flags = NDArray[np.bool_]

DAYS = 120
# Of how many rows Python objects are made at a time.
AT_ONCE = 10_000
NO_CASE = 0


@dataclass(frozen=True, eq=False)
class Seen:
    """Ballots with what their numbers stand for. Arrays have a row a ballot, where nothing else is said.

    voters, pledges: the id behind each number. owners: of each politician or party (its number in ``ballots.politician_of``) the id and whether it is
    a party. cleared: a moderator decided to count it. case: the id of the case in which it is held or excluded now, NO_CASE for none.
    """

    ballots: Ballots
    voters: Integers
    pledges: Integers
    owners: list[tuple[int, bool]]
    cleared: Flags
    case: Integers


def ballots_to_look_at(at: datetime) -> Seen:
    """Read the ballots of the last DAYS days with their networks of the last two, and since when their voters have been coming.

    A ballot is of the time it was changed last: those who turn old ballots over all at once are seen like those who cast new ones.
    """
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    since = int((midnight - timedelta(days=DAYS)).timestamp())
    with columns.one_moment():
        pledge, voter, choice, cast_at, at_last, earlier = _columns(since)
        voters, voter = np.unique(voter, return_inverse=True)
        pledges, pledge = np.unique(pledge, return_inverse=True)
        first_at = np.full(len(voters), np.iinfo(np.int64).max)
        np.minimum.at(first_at, voter, cast_at)
        # Only that it was long ago matters.
        place, known = _places(voters, earlier)
        first_at[place[known]] = since - 1
        rows = _Rows(voters, pledges, voter, pledge)
        network = _networks(rows, midnight, cast_at, at_last)
        cleared = np.zeros(len(voter), dtype=bool)
        cleared[rows.find(HeldBallot.objects.filter(ending=HeldBallot.Ending.RELEASED), "case")[0]] = True
        case = np.full(len(voter), NO_CASE)
        found, cases = rows.find(HeldBallot.objects.filter(ended_at=None), "case")
        case[found] = cases
        owners, politician_of = _owners(pledges)
    ballots = Ballots(voter, pledge, choice.astype(bool), at_last, network, politician_of, first_at)
    return Seen(ballots, voters, pledges, owners, cleared & (case == NO_CASE), case)


def _columns(since: int) -> tuple[Integers, Integers, Integers, Integers, Integers, Integers]:
    """The pledge, voter, choice and both times of recent ballots, and the voters of older ones: one pass."""
    parts: list[columns.Columns] = []
    older: list[Integers] = []
    names = ("pledge", "voter", "choice", "cast_at", "changed_at")
    for chunk in columns.ballots(names):
        recent = chunk["changed_at"] >= since
        if recent.all():
            parts.append(chunk)
            continue
        parts.append({name: column[recent] for name, column in chunk.items()})
        older.append(np.unique(chunk["voter"][~recent]))
    nothing = np.zeros(0, dtype=np.int64)
    pledge, voter, choice, cast_at, changed_at = (
        np.concatenate([nothing, *(part[name] for part in parts)]) for name in names
    )
    return pledge, voter, choice, cast_at, changed_at, np.unique(np.concatenate([nothing, *older]))


def _places(ids: Integers, wanted: Integers) -> tuple[Integers, Flags]:
    """Where each of the wanted ids is among the sorted ``ids``, and whether it is there at all."""
    place = np.searchsorted(ids, wanted)
    known = place < len(ids)
    known[known] = ids[place[known]] == wanted[known]
    return place, known


class _Rows:
    """Finds the row of a ballot by its pledge and voter."""

    def __init__(self, voters: Integers, pledges: Integers, voter: Integers, pledge: Integers) -> None:
        self.voters, self.pledges = voters, pledges
        key = voter * len(pledges) + pledge
        self.order = np.argsort(key)
        self.keys = key[self.order]

    def find(self, table: QuerySet[Any], name: str) -> tuple[Integers, Integers]:
        """Return the rows of the ballots that the rows of a table speak of, and a further column of that table for each."""
        nothing = np.zeros(0, dtype=np.int64)
        rows, column = [nothing], [nothing]
        for pledge, voter, other in _numbers(table, "pledge", "voter", name):
            of_voter, is_voter = _places(self.voters, voter)
            of_pledge, is_pledge = _places(self.pledges, pledge)
            place, is_ballot = _places(self.keys, of_voter * len(self.pledges) + of_pledge)
            found = is_voter & is_pledge & is_ballot
            rows.append(self.order[place[found]])
            column.append(other[found])
        return np.concatenate(rows), np.concatenate(column)


def _numbers(table: QuerySet[Any], *names: str) -> Iterator[Integers]:
    """Whole numbers of a table as columns, some rows at a time."""
    for some in batched(table.order_by().values_list(*names).iterator(AT_ONCE), AT_ONCE):
        yield np.array(some, dtype=np.int64).T


def _networks(rows: _Rows, midnight: datetime, cast_at: Integers, changed_at: Integers) -> Integers:
    """The network of each ballot that was cast on the day for which the network was kept, and not changed on another."""
    network = np.full(len(cast_at), NO_NETWORK)
    day_of, day_changed = ((time + JAPAN) // DAY for time in (cast_at, changed_at))
    for day in (midnight.date() - timedelta(days=1), midnight.date()):
        found, number = rows.find(BallotNetwork.objects.filter(day=day), "network")
        number_of_day = (day - date(1970, 1, 1)).days
        same = (day_of[found] == number_of_day) & (day_changed[found] == number_of_day)
        network[found[same]] = number[same]
    return network


def _owners(pledges: Integers) -> tuple[list[tuple[int, bool]], Integers]:
    """Number the owners of these pledges; return them, and the number of each pledge's owner."""
    parts = [np.zeros(0, dtype=np.int64)]
    for some in batched(pledges.tolist(), AT_ONCE):
        owners = Pledge.objects.filter(pk__in=some).order_by("pk").values_list("politician", "party")
        parts.append(
            np.array([2 * party + 1 if politician is None else 2 * politician for politician, party in owners])
        )
    code, number = np.unique(np.concatenate(parts), return_inverse=True)
    return [(one // 2, one % 2 == 1) for one in code.tolist()], number
