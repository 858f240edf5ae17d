"""What is on record of a politician and an area."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from tsushinbo.elections.counting import FINAL
from tsushinbo.elections.models import Candidacy, Contest, Election, MunicipalPartyVotes
from tsushinbo.elections.queries.counts import count_words
from tsushinbo.elections.queries.results import is_decided
from tsushinbo.people.models import Area, Party, Politician, Tier


@dataclass(frozen=True)
class Run:
    """One election that a politician stood in; who stood in both tiers (重複立候補) has two candidacies, the district first.

    ``waits``: the ids of those of its contests that have no final result, because polls are open or a count goes on: no votes and no outcome of
    theirs may be told as one. ``counting``: how far a count is that goes on, "" where none does.
    """

    election: Election
    candidacies: list[Candidacy]
    waits: frozenset[int] = frozenset()
    counting: str = ""

    @property
    def elected(self) -> bool | None:
        """Whether a seat was won in either tier; None when the result is not on record, or not final."""
        results = {one.elected for one in self.candidacies if one.contest_id not in self.waits}
        if True in results or self.from_list:
            return True
        return None if self.waits or None in results else False

    @property
    def from_list(self) -> bool:
        """Whether the district was lost and a seat won from the list (比例復活)."""
        return not self.waits and any(candidacy.elected_from_list for candidacy in self.candidacies)


def runs_of(politician: Politician, at: datetime) -> list[Run]:
    """Every election that ``politician`` stood in, the newest first, with what may be told of it at ``at``. One query."""
    rows = Candidacy.objects.filter(politician=politician).select_related("contest__election__area", "party")
    rows = rows.only(
        "status", "votes", "list_rank", "elected", "elected_from_list", "contest__name", "contest__tier", "contest__election__name",
        "contest__election__polling_on", "contest__election__precision", "contest__election__upcoming", "contest__election__level",
        "contest__election__office", "contest__election__announced_on", "contest__election__window_starts_on", "contest__election__window_ends_on",
        "contest__election__area__kind", "contest__polling_on", "contest__announced_on", "contest__polls_close_at", "contest__uncontested",
        "contest__counted_percent", "contest__counted_at", "party__name",
    )  # fmt: skip
    return by_election(rows.order_by(), at)


def by_election(rows: Iterable[Candidacy], at: datetime) -> list[Run]:
    """Candidacies of one person, read with contest, election and its area, as the elections they were in, the newest first."""
    found: dict[Election, list[Candidacy]] = {}
    # A few rows, sorted here: ORDER BY over the joins costs more to write than to do.
    for candidacy in sorted(rows, key=lambda row: (row.contest.tier != Tier.SINGLE_SEAT, row.pk)):
        found.setdefault(candidacy.contest.election, []).append(candidacy)
    newest_first = sorted(found, key=lambda election: (election.polling_on, election.name), reverse=True)
    return [_run(election, found[election], at) for election in newest_first]


def _run(election: Election, candidacies: list[Candidacy], at: datetime) -> Run:
    open_yet = {one.contest_id for one in candidacies if not is_decided(one.contest, at)}
    counted = [one.contest for one in candidacies if one.contest_id not in open_yet and one.contest.is_partial]
    return Run(
        election, candidacies, frozenset({*open_yet, *(contest.pk for contest in counted)}), count_words(counted[0]) if counted else ""
    )  # fmt: skip


def held_in(area: Area) -> QuerySet[Election]:
    """Elections of an area that were held, the newest first."""
    return Election.objects.filter(area=area, upcoming=False).order_by("-polling_on", "name")


@dataclass(frozen=True)
class PartyVotes:
    """List votes of one party in an area, with their share of the valid votes where those are known."""

    party: Party
    votes: Decimal
    share: float | None


@dataclass(frozen=True)
class AreaVotes:
    """List votes of an area in one election, the most votes first."""

    election: Election
    rows: list[PartyVotes]
    counting_areas: int


def list_votes_in(area: Area) -> AreaVotes | None:
    """The list votes of the newest election that has any for ``area``; parts counted apart are added up. One whose lists are being counted is none yet."""
    going_on = Contest.objects.filter(
        election=OuterRef("election"), tier=Tier.PROPORTIONAL, counted_percent__lt=FINAL
    ).order_by()
    found = MunicipalPartyVotes.objects.filter(~Exists(going_on), area=area)
    counts = list(found.select_related("election", "party"))
    if not counts:
        return None
    election = max((count.election for count in counts), key=lambda held: held.polling_on)
    counts = [count for count in counts if count.election == election]
    valid = {count.area_name: count.valid_votes for count in counts}
    total = (
        None if None in valid.values() else sum((votes for votes in valid.values() if votes is not None), Decimal(0))
    )
    votes: dict[Party, Decimal] = {}
    for count in counts:
        votes[count.party] = votes.get(count.party, Decimal(0)) + count.votes
    ordered = sorted(votes.items(), key=lambda pair: (-pair[1], pair[0].name))
    rows = [PartyVotes(party, number, float(number / total) if total else None) for party, number in ordered]
    return AreaVotes(election=election, rows=rows, counting_areas=len(valid))
