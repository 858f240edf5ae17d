"""What the admin shows of claims: the record, to read. Decisions are made at /moderation/claims/."""

from django.contrib import admin

from tsushinbo.claims.models import Claim
from tsushinbo.moderation.admin import OnRecord


@admin.register(Claim)
class ClaimAdmin(OnRecord):
    """本人確認の申請."""

    list_display = ("politician", "state", "way", "checker", "opened_at", "decided_at")
    list_filter = ("state", "way")
    list_select_related = ("politician",)
    search_fields = ("politician__name",)
    exclude = ("token",)
