"""The admin's doors of this room: to words that wait, and to ballots that are held. Nobody edits what a citizen thinks."""

from tsushinbo.evaluations.admin.holds import AlertAdmin, HoldCaseAdmin, HoldDecisionAdmin
from tsushinbo.evaluations.admin.words import AssessmentAdmin, ReasonTextAdmin

__all__ = ["AlertAdmin", "AssessmentAdmin", "HoldCaseAdmin", "HoldDecisionAdmin", "ReasonTextAdmin"]
