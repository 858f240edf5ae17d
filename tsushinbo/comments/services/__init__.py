"""Writes of comments; one module a subject."""

from tsushinbo.comments.services.counts import file_by_terms, move_week, recount
from tsushinbo.comments.services.posting import (
    Writer,
    forget_networks,
    leave_comments,
    post_comment,
    tell_of_comment,
    withdraw_comment,
)
from tsushinbo.comments.services.working import work_purpose

__all__ = [
    "Writer",
    "file_by_terms",
    "forget_networks",
    "leave_comments",
    "move_week",
    "post_comment",
    "recount",
    "tell_of_comment",
    "withdraw_comment",
    "work_purpose",
]
