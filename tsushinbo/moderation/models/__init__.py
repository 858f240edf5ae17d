"""Looking before publishing (事前承認): what waits, what was decided, what was said against it, and who may not write."""

from tsushinbo.moderation.models.appeals import Appeal
from tsushinbo.moderation.models.bans import Ban, DeskClock
from tsushinbo.moderation.models.contacts import PosterContact
from tsushinbo.moderation.models.counts import LogCount
from tsushinbo.moderation.models.log import Deed, LogEntry
from tsushinbo.moderation.models.reviewable import DecisionReason, InCampaign, Reviewable
from tsushinbo.moderation.models.takedowns import Right, Takedown

__all__ = [
    "Appeal",
    "Ban",
    "DecisionReason",
    "Deed",
    "DeskClock",
    "InCampaign",
    "LogCount",
    "LogEntry",
    "PosterContact",
    "Reviewable",
    "Right",
    "Takedown",
]
