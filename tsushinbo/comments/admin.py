"""The admin's door to comments."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tsushinbo.comments.models import Comment
from tsushinbo.moderation.admin import ReviewableAdmin


@admin.register(Comment)
class CommentAdmin(ReviewableAdmin):
    """Comments with the report that they answer to. Who wrote one is not shown: the number of a browser joins what it wrote."""

    list_display = ("nickname", "body", "page", "by_owner", "state", "time_left")
    list_filter = ("state", "by_owner")
    list_select_related = ("report",)
    fields = (
        "page", "nickname", "body", "by_owner", "made_at", "state", "submitted_at", "decided_at", "decided_by", "decision_reason",
        "decision_note",
    )  # fmt: skip

    @admin.display(description="活動報告")
    def page(self, item: Any) -> SafeString:
        """The report, to be read before the comment is judged."""
        return format_html('<a href="{}">{}</a>', item.about, item.report.title)
