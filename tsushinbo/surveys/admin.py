"""The admin's door to what was written in surveys."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tsushinbo.moderation.admin import ReviewableAdmin
from tsushinbo.surveys.models import FreeAnswer


@admin.register(FreeAnswer)
class FreeAnswerAdmin(ReviewableAdmin):
    """Texts with the question that they answer. Who wrote one is not shown: the voter's number joins what one person answered."""

    list_display = ("text", "page", "state", "time_left")
    list_select_related = ("question__survey",)
    fields = (
        "page", "text", "state", "submitted_at", "decided_at", "decided_by", "decision_reason", "decision_note",
    )  # fmt: skip

    @admin.display(description="設問")
    def page(self, item: Any) -> SafeString:
        """The question, to be read before the text is judged."""
        return format_html('<a href="{}">{}</a>', item.about, item.question)
