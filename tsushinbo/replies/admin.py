"""Replies in the admin: what nobody has looked at yet, with the actions of every text that was public first."""

from typing import ClassVar

from django.contrib import admin

from tsushinbo.moderation.admin import ReviewableAdmin
from tsushinbo.replies.models import Reply


@admin.register(Reply)
class ReplyAdmin(ReviewableAdmin):
    """反論・回答."""

    list_display = ("politician", "words", "state", "submitted_at", "decided_at")
    list_filter: ClassVar[tuple[str, ...]] = ("state",)
    list_select_related = ("politician",)
