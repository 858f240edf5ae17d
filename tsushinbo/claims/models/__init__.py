"""Claims (本人確認の申請) with their codes and steps, and invitations to the team of an office."""

from tsushinbo.claims.models.claims import (
    NOTE_LENGTH,
    POSITION_LENGTH,
    STATEMENT_LENGTH,
    URL_LENGTH,
    Checker,
    Claim,
    ClaimCode,
    ClaimReason,
    ClaimStep,
    Way,
)
from tsushinbo.claims.models.invitations import Invitation

__all__ = [
    "NOTE_LENGTH",
    "POSITION_LENGTH",
    "STATEMENT_LENGTH",
    "URL_LENGTH",
    "Checker",
    "Claim",
    "ClaimCode",
    "ClaimReason",
    "ClaimStep",
    "Invitation",
    "Way",
]
