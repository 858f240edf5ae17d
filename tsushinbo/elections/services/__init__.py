"""Writes of elections; one module a subject."""

from tsushinbo.elections.services.counts import (
    Counted,
    CountMoved,
    CountRefused,
    Source,
    Written,
    add_counted_contests,
    record_count,
    write_counts,
)
from tsushinbo.elections.services.records import (
    CandidacyTaken,
    add_contests,
    keep_candidacies,
    keep_elections,
    keep_municipal_votes,
    keep_party_results,
    link_candidacies,
    link_candidacy,
)
from tsushinbo.elections.services.rows import (
    CandidacyRow,
    ContestRow,
    ElectionRow,
    MunicipalVotesRow,
    PartyResultRow,
)

__all__ = [
    "CandidacyRow",
    "CandidacyTaken",
    "ContestRow",
    "CountMoved",
    "CountRefused",
    "Counted",
    "ElectionRow",
    "MunicipalVotesRow",
    "PartyResultRow",
    "Source",
    "Written",
    "add_contests",
    "add_counted_contests",
    "keep_candidacies",
    "keep_elections",
    "keep_municipal_votes",
    "keep_party_results",
    "link_candidacies",
    "link_candidacy",
    "record_count",
    "write_counts",
]
