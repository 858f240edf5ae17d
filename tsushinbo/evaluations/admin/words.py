"""The admin's door to words that wait for approval. Ballots, numbers and tallies have none: nobody edits what a citizen thinks."""

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tsushinbo.evaluations.models import Assessment, AssessmentLink, ReasonText
from tsushinbo.moderation.admin import ReviewableAdmin


@admin.register(ReasonText)
class ReasonTextAdmin(ReviewableAdmin):
    """その他の理由."""

    list_display = ("text", "pledge", "state", "time_left", "submitted_at")
    list_select_related = ("pledge",)
    # The voter's number stays out of sight: it would join the ballots of one person.
    fields = ("pledge", "text", "state", "submitted_at", "decided_at", "decided_by", "decision_note")


@admin.register(Assessment)
class AssessmentAdmin(ReviewableAdmin):
    """The comments and links of 進捗度・達成度. Those without words are not here, nor those that ended before anybody decided."""

    list_display = ("comment", "pages", "pledge", "by_owner", "progress", "achievement", "state", "time_left")
    list_filter = ("state", "by_owner")
    list_select_related = ("pledge",)
    # Who wrote it stays out of sight, as with ballots: words are judged, not people.
    fields = (
        "pledge",
        "by_owner",
        "progress",
        "achievement",
        "comment",
        "pages",
        "state",
        "submitted_at",
        "decided_at",
        "decided_by",
        "decision_note",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        """What there is to read."""
        links = Prefetch("links", queryset=AssessmentLink.objects.order_by("number"))
        worded = super().get_queryset(request).filter(worded=True).prefetch_related(links)
        return worded.exclude(state=Assessment.State.PENDING, current=False)

    @admin.display(description="根拠")
    def pages(self, item: Assessment) -> SafeString:
        """Each link with its title and its whole address, to be looked at before anybody else can."""
        rows = ((link.title, link.url, link.url) for link in item.links.all())
        return format_html_join(" / ", '{}: <a href="{}" rel="noreferrer noopener" target="_blank">{}</a>', rows)
