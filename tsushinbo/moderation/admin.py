"""What the admin offers for texts that wait: read, approve, reject. Nothing can be added, changed or deleted there."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tsushinbo.accounts.access import member_of
from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.forms.desk import NO_REASON, REASONS
from tsushinbo.moderation.models import DecisionReason, Reviewable
from tsushinbo.moderation.models.reviewable import WITHIN
from tsushinbo.moderation.services import AlreadyDecided, NotYours, decide

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    # Django's own class takes no type argument.
    Base = admin.ModelAdmin


class OnRecord(Base):
    """Rows that are read in the admin and never written there."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody makes one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody rewrites one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is on record stays on record."""
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whoever may change such rows may decide on them, though nobody may rewrite them."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")


class ReasonForm(ActionForm):
    """Which action, and why where it is one against texts."""

    reason = forms.ChoiceField(
        label="理由（却下・非公開のとき）", required=False, choices=[("", "選んでください"), *REASONS]
    )


class ReviewableAdmin(OnRecord):
    """The list of one kind of text, what waits longest first. Actions go through the same service as any other door."""

    list_filter: ClassVar[tuple[str, ...]] = ("state",)
    ordering = ("submitted_at",)
    actions = ("approve", "reject")
    action_form = ReasonForm
    list_per_page = 50

    @admin.display(description="残り時間")
    def time_left(self, item: Reviewable) -> str:
        """Hours left of the 24 in which a decision is promised."""
        if item.state != Reviewable.State.PENDING:
            return "―"
        left = item.submitted_at + WITHIN - timezone.now()
        hours, minutes = divmod(abs(int(left.total_seconds())) // 60, 60)
        return f"{'' if left > timedelta() else '超過 '}{hours}時間{minutes}分"

    @admin.action(description="承認して公開する", permissions=["decide"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Publish the chosen texts."""
        self._decide(request, queryset, approve=True)

    @admin.action(description="却下する（公開しない）", permissions=["decide"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Keep the chosen texts from the public."""
        self._decide(request, queryset, approve=False)

    def reason_in(self, request: HttpRequest) -> DecisionReason | None:
        """The reason chosen for an action against texts; None, and the moderator is told, where there is none."""
        text = request.POST.get("reason", "")
        if text in dict(REASONS):
            return DecisionReason(text)
        self.message_user(request, NO_REASON, messages.ERROR)
        return None

    def _decide(self, request: HttpRequest, queryset: QuerySet[Any], *, approve: bool) -> None:
        reason = None if approve else self.reason_in(request)
        if not approve and reason is None:
            return

        def deed(item: Any, by: User) -> None:
            decide(item=item, approve=approve, by=by, reason=reason, at=timezone.now())

        done, late = self.for_each(request, queryset, deed, refusal=(AlreadyDecided, NotYours))
        if done:
            self.message_user(request, f"{done}件を{'承認' if approve else '却下'}しました。")
        if late:
            self.message_user(
                request, f"{late}件は判断できませんでした。{AlreadyDecided.message}{NotYours.message}", messages.WARNING
            )

    def for_each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        deed: Callable[[Any, User], object],
        *,
        refusal: type[RuleBroken] | tuple[type[RuleBroken], ...],
    ) -> tuple[int, int]:
        """Do it to each chosen text in the name of who asks; return how many were done, and how many met ``refusal``."""
        by, done, late = member_of(request), 0, 0
        for item in queryset:
            try:
                deed(item, by)
                done += 1
            except refusal:
                late += 1
        return done, late
