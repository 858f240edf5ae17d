"""Writes of elections, contests, candidacies and results."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from tsushinbo.elections.models import Candidacy, Contest, Election, MunicipalPartyVotes, PartyResult
from tsushinbo.errors import RuleBroken
from tsushinbo.people.models import Politician
from tsushinbo.sources.keeping import Outcome, insert, keep


class ElectionRow(NamedTuple):
    """An election, past or to come."""

    id: int
    key: str
    name: str
    level: str
    office: str
    kind: str
    area_id: str | None
    area_name: str
    announced_on: date | None
    polling_on: str
    precision: str
    window_starts_on: date | None
    window_ends_on: date | None
    basis: str
    seats: int | None
    turnout_percent: Decimal | int | None
    upcoming: bool
    source_url: str
    source_note: str


class ContestRow(NamedTuple):
    """One seat or list of an election."""

    id: int
    election_id: int
    tier: str
    name: str
    constituency_id: int | None
    seats: int | None


class CandidacyRow(NamedTuple):
    """One person in one contest. No ``politician_id`` says that the source does not tell who it is."""

    contest_id: int
    key: str
    politician_id: int | None
    party_id: int | None
    name: str
    name_on_ballot: str
    kana: str
    age: int | None
    status: str
    occupation: str
    votes: Decimal | int | None
    list_rank: int | None
    dual: bool
    elected: bool | None
    elected_from_list: bool
    source_page: str
    dataset_id: int | None


class PartyResultRow(NamedTuple):
    """Votes and seats of a party, nationwide or in a block."""

    election_id: int
    tier: str
    area_name: str
    party_id: int | None
    party_name: str
    votes: Decimal | int | None
    share_percent: Decimal | int | None
    seats: int | None


class MunicipalVotesRow(NamedTuple):
    """List votes of a party in one municipality or counting area."""

    election_id: int
    area_id: str
    area_name: str
    party_id: int
    votes: Decimal | int
    valid_votes: Decimal | int | None


@transaction.atomic
def keep_elections(rows: Sequence[ElectionRow], *, at: datetime) -> list[Outcome]:
    """Make the elections on record equal to ``rows``, each by its id."""
    return keep(Election.objects.all(), rows, key=("id",), at=at)


@transaction.atomic
def add_contests(rows: Collection[ContestRow], *, at: datetime) -> None:
    """Put on record those of ``rows`` that are not yet; the others stay as they are."""
    by_id = {row.id: row for row in rows}
    known = set(Contest.objects.filter(pk__in=by_id).values_list("pk", flat=True))
    insert(Contest, [row for row in by_id.values() if row.id not in known], at=at)


@transaction.atomic
def keep_candidacies(rows: Sequence[CandidacyRow], elections: Collection[int], *, at: datetime) -> list[Outcome]:
    """Make the candidacies of ``elections`` on record equal to ``rows``, each by its key.

    A row that does not tell who it is leaves the politician it was linked with. One that names another contest of the same election
    moves there.
    """
    stored = Candidacy.objects.filter(contest__election__in=elections)
    return keep(stored, rows, key=("key",), at=at, unknown_keeps=("politician_id",), find_by=())


@transaction.atomic
def keep_party_results(rows: Sequence[PartyResultRow], *, at: datetime) -> list[Outcome]:
    """Make the results of parties on record equal to ``rows``."""
    key = ("election_id", "tier", "area_name", "party_name")
    return keep(PartyResult.objects.all(), rows, key=key, at=at, find_by=("election_id",))


@transaction.atomic
def keep_municipal_votes(rows: Sequence[MunicipalVotesRow], *, at: datetime) -> list[Outcome]:
    """Make the list votes of municipalities on record equal to ``rows``."""
    key = ("election_id", "area_id", "area_name", "party_id")
    return keep(MunicipalPartyVotes.objects.all(), rows, key=key, at=at, find_by=("election_id", "area_id"))


class CandidacyTaken(RuleBroken):
    """The candidacy belongs to somebody else already."""

    message = "この立候補は、すでに別の政治家のものとして登録されています。"


@transaction.atomic
def link_candidacies(politicians: Mapping[int, int]) -> None:
    """Say who stood: the id of a candidacy → the id of the politician. Those that name somebody already stay as they are."""
    candidacies = list(Candidacy.objects.select_for_update().filter(pk__in=politicians, politician=None))
    for candidacy in candidacies:
        candidacy.politician_id = politicians[candidacy.pk]
    Candidacy.objects.bulk_update(candidacies, ["politician"], batch_size=1000)


@transaction.atomic
def link_candidacy(candidacy: Candidacy, politician: Politician) -> None:
    """Say who stood. Raises CandidacyTaken when somebody else is on record."""
    locked = Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    if locked.politician_id not in (None, politician.pk):
        raise CandidacyTaken
    locked.politician = politician
    locked.save(update_fields=["politician"])
