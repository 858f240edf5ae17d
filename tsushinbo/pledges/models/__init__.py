"""What was promised and how it stands; one module a subject."""

from tsushinbo.pledges.models.evidence import (
    PUBLISHER_LENGTH,
    REASON_LENGTH,
    SHOWS_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    Evidence,
    StatusChange,
    Verdict,
)
from tsushinbo.pledges.models.merges import MERGE_REASON_LENGTH, PledgeMerge
from tsushinbo.pledges.models.pledges import Pledge, PledgeRevision, PolicyArea, Slot
from tsushinbo.pledges.models.proposals import CHANGE_REASON_LENGTH, NAMES, PledgeDraft, PledgeProposal

__all__ = [
    "CHANGE_REASON_LENGTH",
    "MERGE_REASON_LENGTH",
    "NAMES",
    "PUBLISHER_LENGTH",
    "REASON_LENGTH",
    "SHOWS_LENGTH",
    "TITLE_LENGTH",
    "URL_LENGTH",
    "Evidence",
    "Pledge",
    "PledgeDraft",
    "PledgeMerge",
    "PledgeProposal",
    "PledgeRevision",
    "PolicyArea",
    "Slot",
    "StatusChange",
    "Verdict",
]
