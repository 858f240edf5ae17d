"""Rows of elections as imports bring them: the fields are columns of the tables."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


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
