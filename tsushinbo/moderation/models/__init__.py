"""Looking before publishing (事前承認): what waits, and what was decided."""

from tsushinbo.moderation.models.reviewable import DecisionReason, Reviewable

__all__ = ["DecisionReason", "Reviewable"]
