"""Writes of activity reports; one module a subject."""

from tsushinbo.activities.services.drafts import delete_draft, forget_unpublished, save_draft
from tsushinbo.activities.services.pictures import add_picture, forget_abandoned_pictures, remove_picture
from tsushinbo.activities.services.reports import (
    Wording,
    change_report,
    judge_report,
    post_report,
    postpone_scheduled,
)

__all__ = [
    "Wording",
    "add_picture",
    "change_report",
    "delete_draft",
    "forget_abandoned_pictures",
    "forget_unpublished",
    "judge_report",
    "post_report",
    "postpone_scheduled",
    "remove_picture",
    "save_draft",
]
