"""Reads of elections, past and to come; one module a subject."""

from tsushinbo.elections.queries.lists import ElectionFilter, listed, upcoming, years
from tsushinbo.elections.queries.records import (
    LONGEST_CAMPAIGN,
    AreaVotes,
    PartySeats,
    PartyVotes,
    Run,
    campaigning,
    held_in,
    list_votes_in,
    runs_of,
    seats_of,
)
from tsushinbo.elections.queries.results import (
    ContestRow,
    PartyTotal,
    Standing,
    contest_rows,
    contests_alike,
    elections_alike,
    is_decided,
    party_totals,
    standings,
)

__all__ = [
    "LONGEST_CAMPAIGN",
    "AreaVotes",
    "ContestRow",
    "ElectionFilter",
    "PartySeats",
    "PartyTotal",
    "PartyVotes",
    "Run",
    "Standing",
    "campaigning",
    "contest_rows",
    "contests_alike",
    "elections_alike",
    "held_in",
    "is_decided",
    "list_votes_in",
    "listed",
    "party_totals",
    "runs_of",
    "seats_of",
    "standings",
    "upcoming",
    "years",
]
