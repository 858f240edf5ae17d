"""What the manifesto page of an election shows: pledges of chosen parties, or of chosen candidates, by policy area and side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.db.models import F

from tsushinbo import addresses
from tsushinbo.elections.models import Candidacy, Contest, Election
from tsushinbo.elections.queries import is_decided, terms_begun_by
from tsushinbo.elections.queries.counts import count_words
from tsushinbo.people.models import Party, Politician, Term, Tier
from tsushinbo.pledges.models import Pledge, PolicyArea
from tsushinbo.pledges.queries import (
    Owners,
    StatusCount,
    parties_pledging,
    pledges_for,
    pledges_of_candidates,
    politicians_pledging,
    status_bar,
    statuses_for,
)

# How many stand side by side, how many may be chosen from, and how many pledges a cell shows: of all policy areas together, and of one alone.
MOST, OFFERED, FEW, MANY, OF_CANDIDATES = 4, 200, 3, 50, 10


@dataclass(frozen=True)
class Side:
    """A party or a candidate that may be chosen. ``result`` and ``term`` are of a candidate whose polls are closed."""

    owner: Party | Politician
    pledges: int
    chosen: bool = False
    candidacy: Candidacy | None = None
    term: Term | None = None
    statuses: Sequence[StatusCount] = ()

    @property
    def value(self) -> str:
        """Its public id."""
        return addresses.encode(self.owner.pk)


@dataclass(frozen=True)
class Cell:
    """What one side promised in one policy area; ``more``: how many pledges are not shown here."""

    side: Side
    pledges: list[Pledge]
    more: int
    of_candidates: list[Pledge]
    more_of_candidates: int


@dataclass(frozen=True)
class TopicRow:
    """One policy area with the cell of each chosen side."""

    topic: PolicyArea
    cells: list[Cell]


@dataclass(frozen=True)
class Manifesto:
    """The page. ``contest``: whose candidates stand side by side; None for parties. ``counting``: how far its count is while it goes on, "" else. ``left_out``: whether more were chosen than fit.

    ``without_page``: who stands in the contest and is no politician on record, so that no pledge can be.
    """

    election: Election
    contest: Contest | None
    people: bool
    decided: bool
    counting: str
    sides: list[Side]
    rows: list[TopicRow]
    topic: PolicyArea | None
    left_out: bool
    without_page: list[Candidacy]

    @property
    def chosen(self) -> list[Side]:
        """Those that stand side by side."""
        return [side for side in self.sides if side.chosen]

    @property
    def field(self) -> str:
        """The name of the boxes in the form."""
        return "candidate" if self.people else "party"


def manifesto(
    election: Election, contest: Contest | None, topic: PolicyArea | None, asked: Sequence[int], at: datetime
) -> Manifesto:
    """Read the page: parties that made pledges for ``election``, or candidates where there are none or a ``contest`` is asked for.

    asked: ids of owners; of more than MOST, and where none is among those offered, the first of the neutral order stand side by side.
    """
    decided = is_decided(contest or election, at)
    counting = count_words(contest) if contest and decided and contest.is_partial else ""
    parties = [] if contest else parties_pledging(election)
    people = not parties
    sides, without_page = _candidates(election, contest) if people else ([Side(party, n) for party, n in parties], [])
    wanted = [side.owner.pk for side in sides if side.owner.pk in asked]
    chosen = (wanted or [side.owner.pk for side in sides if side.pledges] or [side.owner.pk for side in sides])[:MOST]
    owners = Owners(politicians=chosen) if people else Owners(parties=chosen)
    statuses = statuses_for(election, owners) if chosen else {}
    terms = terms_begun_by(election, chosen) if people and chosen and decided and not counting else {}
    sides = [
        replace(
            side,
            chosen=True,
            statuses=status_bar(statuses.get(side.owner.pk, {})),
            # Who lost and took such an office soon after by another way did not begin it with this election.
            term=terms.get(side.owner.pk) if side.candidacy is None or _won(side.candidacy) else None,
        )
        if side.owner.pk in chosen
        else side
        for side in sides
    ]
    return Manifesto(
        election=election,
        contest=contest,
        people=people,
        decided=decided,
        counting=counting,
        sides=sides,
        rows=_rows(election, [side for side in sides if side.chosen], owners, topic),
        topic=topic,
        left_out=len(wanted) > MOST,
        without_page=without_page,
    )


def _won(candidacy: Candidacy) -> bool:
    return candidacy.elected is True or candidacy.elected_from_list


def _candidates(election: Election, contest: Contest | None) -> tuple[list[Side], list[Candidacy]]:
    """The candidates of a contest in the official order, with those who are none on record apart; else those of the whole election with pledges, in 五十音 order."""
    if contest is None:
        return [Side(person, n) for person, n in politicians_pledging(election, None, OFFERED)], []
    rows = contest.candidacies.select_related("politician", "party")
    in_order = list(rows.order_by(F("number").asc(nulls_last=True), "key")[:OFFERED])
    stood = [(row.politician, row) for row in in_order if row.politician]
    counts = {person.pk: n for person, n in politicians_pledging(election, [person.pk for person, _ in stood], OFFERED)}
    sides = [Side(person, counts.get(person.pk, 0), candidacy=row) for person, row in stood]
    return sides, [row for row in in_order if row.politician is None]


def _rows(election: Election, sides: list[Side], owners: Owners, topic: PolicyArea | None) -> list[TopicRow]:
    if not sides:
        return []
    code = topic.pk if topic else None
    shown = pledges_for(election, owners, code, MANY if topic else FEW)
    promised: dict[int, list[Pledge]] = defaultdict(list)
    if topic and owners.parties:
        for pledge in pledges_of_candidates(election, owners.parties, topic.pk, OF_CANDIDATES):
            promised[pledge.stood_for].append(pledge)  # type: ignore[attr-defined]
    areas = {pledge.policy_area: list(of_area) for pledge, of_area in _by_area(shown)}
    if topic:
        areas.setdefault(topic, [])
    return [TopicRow(area, [_cell(side, of_area, promised) for side in sides]) for area, of_area in areas.items()]


def _by_area(pledges: list[Pledge]) -> list[tuple[Pledge, list[Pledge]]]:
    groups = (list(group) for _, group in groupby(pledges, key=lambda pledge: pledge.policy_area_id))
    return [(group[0], group) for group in groups]


def _cell(side: Side, of_area: list[Pledge], promised: dict[int, list[Pledge]]) -> Cell:
    own = [pledge for pledge in of_area if side.owner.pk in {pledge.party_id, pledge.politician_id}]
    of_candidates = promised.get(side.owner.pk, [])
    return Cell(side, own, _more(own), of_candidates, _more(of_candidates))


def _more(pledges: list[Pledge]) -> int:
    in_all: int = getattr(pledges[0], "in_all", 0) if pledges else 0
    return max(0, in_all - len(pledges))


def contest_to_compare(election: Election) -> Contest | None:
    """The contest of an election that has one alone, so that its candidates stand side by side without being asked for."""
    contests = list(election.contests.exclude(tier=Tier.PROPORTIONAL)[:2])
    return contests[0] if len(contests) == 1 else None
