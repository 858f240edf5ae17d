"""Writes of comments; one module a subject."""

from tsushinbo.comments.services.counts import move_week, recount

__all__ = ["move_week", "recount"]
