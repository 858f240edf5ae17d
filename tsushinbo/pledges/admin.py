"""The admin's door to proposals, beside the desk."""

from django.contrib import admin

from tsushinbo.moderation.admin import ReviewableAdmin
from tsushinbo.pledges.models import PledgeProposal


@admin.register(PledgeProposal)
class PledgeProposalAdmin(ReviewableAdmin):
    """Proposals of pledges and of changes, with all that approval would make public."""

    list_display = ("__str__", "owner", "is_change", "state", "time_left")
    list_select_related = ("politician", "party")
    fields = ("owner", "author", "words", "about", "state", "submitted_at", "decided_at", "decided_by", "decision_note")
