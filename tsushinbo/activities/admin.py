"""The admin's door to reports: those that wait, and those of politicians, which are public at once and looked at after."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tsushinbo.accounts.models import User
from tsushinbo.activities.errors import AlreadyLookedAt
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.services import judge_report
from tsushinbo.moderation.admin import ReviewableAdmin
from tsushinbo.moderation.services import NotYours


class LookedAt(admin.SimpleListFilter):
    """Whether a moderator has read it."""

    title = "確認"
    parameter_name = "looked_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Both answers."""
        return [("no", "まだ"), ("yes", "済み")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ActivityReport]) -> QuerySet[ActivityReport]:
        """Narrow the list."""
        return queryset if self.value() is None else queryset.filter(decided_at__isnull=self.value() == "no")


@admin.register(ActivityReport)
class ActivityReportAdmin(ReviewableAdmin):
    """Reports. Approving and rejecting is for those that wait; the other two actions for those that were public."""

    list_display = ("title", "politician", "by_owner", "machine_made", "state", "time_left", "page", "source")
    list_filter = ("state", "by_owner", LookedAt)  # type: ignore[assignment] # a filter beside names
    list_select_related = ("politician",)
    actions = (*ReviewableAdmin.actions, "keep_in_sight", "take_out_of_sight")  # type: ignore[assignment] # two more
    fields = (
        "politician", "by_owner", "machine_made", "title", "happened_on", "body", "points", "pledge", "source", "page", "publish_at", "state",
        "submitted_at", "decided_at", "decided_by", "decision_note",
    )  # fmt: skip

    @admin.display(description="表示")
    def page(self, item: ActivityReport) -> SafeString:
        """The report as readers see it, with its pictures."""
        return format_html('<a href="{}">ページを見る</a>', item.get_absolute_url())

    @admin.display(description="出典")
    def source(self, item: ActivityReport) -> str:
        """What shows it, with its whole address, to be looked at before anybody else can."""
        if not item.source_url:
            return "―"
        link = '{}: <a href="{}" rel="noreferrer noopener" target="_blank">{}</a>'
        return format_html(link, item.source_title, item.source_url, item.source_url)

    @admin.action(description="公開を続ける・公開に戻す（確認済みにする）", permissions=["decide"])
    def keep_in_sight(self, request: HttpRequest, queryset: QuerySet[ActivityReport]) -> None:
        """Say that the chosen reports were read and may be seen."""
        self._judge(request, queryset, visible=True)

    @admin.action(description="公開をやめる", permissions=["decide"])
    def take_out_of_sight(self, request: HttpRequest, queryset: QuerySet[ActivityReport]) -> None:
        """Take the chosen reports from the public."""
        self._judge(request, queryset, visible=False)

    def _judge(self, request: HttpRequest, queryset: QuerySet[ActivityReport], *, visible: bool) -> None:
        reason = None if visible else self.reason_in(request)
        if not visible and reason is None:
            return

        def deed(item: ActivityReport, by: User) -> None:
            judge_report(report=item, visible=visible, by=by, reason=reason, at=timezone.now())

        done, late = self.for_each(request, queryset, deed, refusal=(AlreadyLookedAt, NotYours))
        if done:
            self.message_user(request, f"{done}件を{'公開し、確認済みにしました' if visible else '非公開にしました'}。")
        if late:
            self.message_user(
                request,
                f"{late}件は判断できません。確認待ちのものは、承認か却下を選んでください。{NotYours.message}",
                messages.WARNING,
            )
