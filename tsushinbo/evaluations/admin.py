"""The admin's door to reasons that wait for approval. Ballots and tallies have none: nobody edits a ballot."""

from django.contrib import admin

from tsushinbo.evaluations.models import ReasonText
from tsushinbo.moderation.admin import ReviewableAdmin


@admin.register(ReasonText)
class ReasonTextAdmin(ReviewableAdmin):
    """その他の理由."""

    list_display = ("text", "pledge", "state", "time_left", "submitted_at")
    list_select_related = ("pledge",)
    # The voter's number stays out of sight: it would join the ballots of one person.
    fields = ("pledge", "text", "state", "submitted_at", "decided_at", "decided_by", "decision_note")
