"""What the admin shows of claims: the record, to read. Decisions are made at /moderation/claims/."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from tsushinbo.claims.models import Claim

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Claim]
else:
    # Django's own class takes no type argument.
    Admin = admin.ModelAdmin


@admin.register(Claim)
class ClaimAdmin(Admin):
    """本人確認の申請."""

    list_display = ("politician", "state", "way", "checker", "opened_at", "decided_at")
    list_filter = ("state", "way")
    list_select_related = ("politician",)
    search_fields = ("politician__name",)
    exclude = ("token",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A claim is made by who claims."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is decided at its desk, with a reason and a line of the record."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was decided stays on record."""
        return False
