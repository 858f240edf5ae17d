"""Reads of claims and of who speaks for a politician; one module a subject."""

from tsushinbo.claims.queries.claims import (
    Desk,
    claim_of,
    claims_at_desk,
    claims_since,
    claims_waiting,
    delegate_of,
    exported,
    find_for_desk,
    links_of,
    others_on,
    settled_claims,
)
from tsushinbo.claims.queries.teams import Team, holds, invitation_of, politicians_of, team_of
from tsushinbo.claims.queries.verification import Verification, verification_of

__all__ = [
    "Desk",
    "Team",
    "Verification",
    "claim_of",
    "claims_at_desk",
    "claims_since",
    "claims_waiting",
    "delegate_of",
    "exported",
    "find_for_desk",
    "holds",
    "invitation_of",
    "links_of",
    "others_on",
    "politicians_of",
    "settled_claims",
    "team_of",
    "verification_of",
]
