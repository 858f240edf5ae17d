"""Writes about what others wrote; one module a subject."""

from tsushinbo.moderation.services.decisions import AlreadyDecided, NotYours, confirm, decide, hide, restore

__all__ = ["AlreadyDecided", "NotYours", "confirm", "decide", "hide", "restore"]
