"""Every write of pledges and of how they stand; one module a subject."""

from tsushinbo.pledges.services.evidence import confirm_evidence, propose_evidence, reject_evidence, undo_status_change
from tsushinbo.pledges.services.merging import standing_pledge
from tsushinbo.pledges.services.pledges import (
    EditedByHand,
    OwnerChanged,
    PledgeRow,
    PolicyAreaRow,
    keep_pledges,
    keep_policy_areas,
    record_revisions,
    wording,
)

__all__ = [
    "EditedByHand",
    "OwnerChanged",
    "PledgeRow",
    "PolicyAreaRow",
    "confirm_evidence",
    "keep_pledges",
    "keep_policy_areas",
    "propose_evidence",
    "record_revisions",
    "reject_evidence",
    "standing_pledge",
    "undo_status_change",
    "wording",
]
