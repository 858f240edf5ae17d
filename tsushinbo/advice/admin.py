"""Answers in the admin: reasons that nobody has looked at yet, with the actions of every text that was public first."""

from typing import ClassVar

from django.contrib import admin

from tsushinbo.advice.models import Answer
from tsushinbo.moderation.admin import ReviewableAdmin


@admin.register(Answer)
class AnswerAdmin(ReviewableAdmin):
    """政策マッチングの回答."""

    list_display = ("politician", "words", "state", "submitted_at", "decided_at")
    list_filter: ClassVar[tuple[str, ...]] = ("state",)
    list_select_related = ("politician",)
