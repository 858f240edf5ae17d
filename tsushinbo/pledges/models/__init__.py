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
from tsushinbo.pledges.models.pledges import Pledge, PledgeRevision, PolicyArea, Slot

__all__ = [
    "PUBLISHER_LENGTH",
    "REASON_LENGTH",
    "SHOWS_LENGTH",
    "TITLE_LENGTH",
    "URL_LENGTH",
    "Evidence",
    "Pledge",
    "PledgeRevision",
    "PolicyArea",
    "Slot",
    "StatusChange",
    "Verdict",
]
