"""What was before: a person's results, the contests of a district and the elections of an area through time, and the term that an election began."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from tsushinbo.elections.models import Candidacy, Contest, Election, PartyResult
from tsushinbo.elections.queries.counts import being_counted
from tsushinbo.elections.queries.records import Run
from tsushinbo.elections.queries.results import NATIONWIDE, Field, Standing, is_decided
from tsushinbo.people.models import Area, Constituency, Party, Term, Tier
from tsushinbo.people.words import is_before

# Who is elected takes office when the term before is over, which may be months after the polls (参議院: in July; 知事: the day after).
BEGINS_WITHIN = timedelta(days=100)


def standings_of(runs: Iterable[Run]) -> dict[int, Standing]:
    """Share, place and 惜敗率 of somebody's candidacies, by their ids; none where the run waits for a result. One query at most."""
    counted = [
        candidacy
        for run in runs
        for candidacy in run.candidacies
        if candidacy.contest_id not in run.waits
        and candidacy.votes is not None
        and candidacy.contest.tier != Tier.PROPORTIONAL
    ]
    if not counted:
        return {}
    votes: dict[int, list[Decimal | None]] = defaultdict(list)
    rows = Candidacy.objects.filter(contest__in=[candidacy.contest_id for candidacy in counted]).order_by()
    for contest, number in rows.values_list("contest", "votes"):
        votes[contest].append(number)
    return {candidacy.pk: Field(votes[candidacy.contest_id]).standing(candidacy) for candidacy in counted}


def term_begun_by(election: Election, terms: Iterable[Term]) -> Term | None:
    """The one of a politician's ``terms`` that began with ``election``: of its office, the first that begins on or soon after the day of polling.

    None where no term on record says a month in which it began, or none fits: nothing is guessed.
    """
    day = election.day
    if day is None:
        return None
    last = (day + BEGINS_WITHIN).isoformat()
    fitting = [
        term
        for term in terms
        if term.office == election.office
        and len(term.starts_on) >= len("2026-02")
        and not is_before(term.starts_on, election.polling_on)
        and term.starts_on <= last
    ]
    return min(fitting, key=lambda term: (term.starts_on, term.pk), default=None)


def terms_begun_by(election: Election, politicians: Iterable[int]) -> dict[int, Term]:
    """The term that began with ``election`` for each of some politicians who have one on record. One query."""
    if election.day is None:
        return {}
    terms: dict[int, list[Term]] = defaultdict(list)
    found = Term.objects.filter(politician__in=list(politicians), office=election.office)
    found = found.filter(
        starts_on__gte=election.polling_on[:7], starts_on__lte=(election.day + BEGINS_WITHIN).isoformat()
    )
    for term in found.order_by().only("politician", "office", "running", "starts_on", "ends_on"):
        terms[term.politician_id].append(term)
    begun = {politician: term_begun_by(election, of_one) for politician, of_one in terms.items()}
    return {politician: term for politician, term in begun.items() if term is not None}


def same_district(place: Constituency) -> QuerySet[Constituency]:
    """A district in every form in which it was drawn: of the same office, prefecture and name. Their voters were not quite the same."""
    return Constituency.objects.filter(
        office=place.office, tier=place.tier, prefecture=place.prefecture_id, name=place.name
    )


def contests_of(place: Constituency) -> QuerySet[Contest]:
    """The contests on record of a district, however it was drawn, those to come first and then the newest."""
    contests = Contest.objects.filter(constituency__in=same_district(place).order_by())
    return contests.select_related("election", "constituency").order_by("-election__polling_on", "pk")


def districts_with_contests(places: Iterable[Constituency]) -> dict[int, int]:
    """How many contests are on record of each of some districts; those of other boundaries are not counted. One query."""
    rows = (
        Contest.objects.filter(constituency__in=[place.pk for place in places]).order_by().values_list("constituency")
    )
    return dict(rows.annotate(n=Count("pk")))


def around(area: Area) -> QuerySet[Election]:
    """The elections that voters of ``area`` take part in beyond its own: of its city where it is a ward, of its prefecture and of the whole country.

    By-elections of one district of the Diet belong to the prefecture in which it lies. The newest first.
    """
    national = Q(level=Election.Level.NATIONAL, area=None, kind__in=["", Election.Kind.GENERAL, Election.Kind.ORDINARY])
    above = Q(area=area.prefecture_id)
    if area.kind == Area.Kind.WARD:
        above |= Q(area=area.parent_id)
    elections = Election.objects.filter(national | above, upcoming=False).exclude(area=area.pk)
    return elections.order_by("-polling_on", "name")


DISTRICTS, LISTS = (Tier.SINGLE_SEAT, Tier.PREFECTURAL, Tier.AT_LARGE), (Tier.PROPORTIONAL,)


@dataclass(frozen=True)
class Won:
    """What a party won in the districts of an election, or from its lists; None where the results say nothing. ``share``: of all votes, between 0 and 1."""

    seats: int | None = None
    votes: Decimal | None = None
    share: float | None = None


@dataclass(frozen=True)
class PartyRecord:
    """What a party won in one election; nothing is stated while its count goes on (``counting``)."""

    election: Election
    districts: Won
    lists: Won
    counting: bool = False

    @property
    def seats(self) -> int:
        """Seats of districts and lists."""
        return (self.districts.seats or 0) + (self.lists.seats or 0)


def records_of(party: Party, at: datetime) -> list[PartyRecord]:
    """Seats and votes of ``party`` in each election with party results whose polls are closed, the newest first. Four queries at most.

    Districts are stated for the whole country; seats and votes of lists are the sum of the blocks where no national row states them.
    """
    own: dict[Election, list[PartyResult]] = defaultdict(list)
    for result in (
        PartyResult.objects.filter(party=party).select_related("election").order_by("-election__polling_on", "pk")
    ):
        own[result.election].append(result)
    everybody: dict[int, list[PartyResult]] = defaultdict(list)
    columns = ("election", "tier", "area_name", "votes", "seats")
    for result in PartyResult.objects.filter(election__in=[election.pk for election in own]).only(*columns).order_by():
        everybody[result.election_id].append(result)
    waits = being_counted([election.pk for election in own])
    return [
        PartyRecord(election, Won(), Won(), counting=True)
        if election.pk in waits
        else PartyRecord(
            election, _won(rows, everybody[election.pk], DISTRICTS), _won(rows, everybody[election.pk], LISTS)
        )
        for election, rows in own.items()
        if is_decided(election, at)
    ]


def _won(rows: list[PartyResult], everybody: list[PartyResult], tiers: Collection[str]) -> Won:
    votes, total, seats = _sum(rows, tiers, "votes"), _sum(everybody, tiers, "votes"), _sum(rows, tiers, "seats")
    return Won(
        None if seats is None else int(seats), votes, float(votes / total) if votes is not None and total else None
    )


def _sum(rows: list[PartyResult], tiers: Collection[str], column: str) -> Decimal | None:
    known = [row for row in rows if row.tier in tiers and getattr(row, column) is not None]
    counted = [row for row in known if row.area_name == NATIONWIDE] or known
    return sum((Decimal(getattr(row, column)) for row in counted), Decimal(0)) if counted else None
