"""What is on record of a politician and an area."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from tsushinbo.elections.models import Candidacy, Election, MunicipalPartyVotes
from tsushinbo.people.models import Area, Party, Politician, Tier


@dataclass(frozen=True)
class Run:
    """One election that a politician stood in; who stood in both tiers (重複立候補) has two candidacies, the district first."""

    election: Election
    candidacies: list[Candidacy]

    @property
    def elected(self) -> bool | None:
        """Whether a seat was won in either tier; None when the result is not on record."""
        results = {candidacy.elected for candidacy in self.candidacies}
        if True in results or self.from_list:
            return True
        return None if None in results else False

    @property
    def from_list(self) -> bool:
        """Whether the district was lost and a seat won from the list (比例復活)."""
        return any(candidacy.elected_from_list for candidacy in self.candidacies)


def runs_of(politician: Politician) -> list[Run]:
    """Every election that ``politician`` stood in, the newest first."""
    rows = Candidacy.objects.filter(politician=politician).select_related("contest__election", "party")
    rows = rows.only(
        "status", "votes", "list_rank", "elected", "elected_from_list", "contest__name", "contest__tier", "contest__election__name",
        "contest__election__polling_on", "contest__election__precision", "contest__election__upcoming", "contest__polling_on",
        "contest__polls_close_at", "contest__uncontested", "contest__counted_percent", "party__name",
    )  # fmt: skip
    return by_election(rows.order_by())


def by_election(rows: Iterable[Candidacy]) -> list[Run]:
    """Candidacies of one person, read with contest and election, as the elections they were in, the newest first."""
    found: dict[Election, list[Candidacy]] = {}
    # A few rows, sorted here: ORDER BY over the joins costs more to write than to do.
    for candidacy in sorted(rows, key=lambda row: (row.contest.tier != Tier.SINGLE_SEAT, row.pk)):
        found.setdefault(candidacy.contest.election, []).append(candidacy)
    newest_first = sorted(found, key=lambda election: (election.polling_on, election.name), reverse=True)
    return [Run(election, found[election]) for election in newest_first]


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
    """The list votes of the newest election that has any for ``area``; parts counted apart are added up."""
    counts = list(MunicipalPartyVotes.objects.filter(area=area).select_related("election", "party"))
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
