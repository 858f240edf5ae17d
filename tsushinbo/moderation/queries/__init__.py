"""Reads of what waits and what was decided; one module a subject."""

from tsushinbo.moderation.queries.bans import is_banned
from tsushinbo.moderation.queries.desk import Elsewhere
from tsushinbo.moderation.queries.texts import find_text, kind_named, kinds, kinds_for, may_decide

__all__ = ["Elsewhere", "find_text", "is_banned", "kind_named", "kinds", "kinds_for", "may_decide"]
