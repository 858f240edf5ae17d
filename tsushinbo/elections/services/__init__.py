"""Writes of elections; one module a subject."""

from tsushinbo.elections.services.records import (
    CandidacyRow,
    CandidacyTaken,
    ContestRow,
    ElectionRow,
    MunicipalVotesRow,
    PartyResultRow,
    add_contests,
    keep_candidacies,
    keep_elections,
    keep_municipal_votes,
    keep_party_results,
    link_candidacies,
    link_candidacy,
)

__all__ = [
    "CandidacyRow",
    "CandidacyTaken",
    "ContestRow",
    "ElectionRow",
    "MunicipalVotesRow",
    "PartyResultRow",
    "add_contests",
    "keep_candidacies",
    "keep_elections",
    "keep_municipal_votes",
    "keep_party_results",
    "link_candidacies",
    "link_candidacy",
]
