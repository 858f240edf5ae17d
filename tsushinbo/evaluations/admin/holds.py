"""The admin's door to ballots that are held, to sudden changes, and to the record of decisions. It shows counts, and no voter."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.evaluations.errors import CaseChanged
from tsushinbo.evaluations.forms.holds import DecisionForm, SeenForm
from tsushinbo.evaluations.models import Alert, HoldCase, HoldDecision
from tsushinbo.evaluations.queries.holds import facts_of, facts_of_alert, may_decide
from tsushinbo.evaluations.services.holds import decide_case, mark_alert_seen
from tsushinbo.moderation.admin import OnRecord
from tsushinbo.people.models import Party, Politician
from tsushinbo.people.queries import speaks_for

CHOICES = {"good": "支持する", "bad": "支持しない", "both": "両方"}


class HoldsAdmin(OnRecord):
    """Rows of this door: a list under its own name, and pages that are found by who may see them."""

    list_per_page = 50

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["evaluations/admin.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list under the name of its rows; Django's own heading tells to select one."""
        return super().changelist_view(request, {"title": self.opts.verbose_name_plural, **(extra_context or {})})

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The row of a page, for who may see it."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def page(self, request: HttpRequest, row: Any, template: str, **context: Any) -> HttpResponse:
        """A page of the admin about one row."""
        context |= {**self.admin_site.each_context(request), "opts": self.opts, "title": str(row), "row": row}
        return render(request, template, context)

    def done(self, request: HttpRequest, message: str) -> HttpResponse:
        """Say what was done, and lead back to the list."""
        messages.success(request, message)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))


class Waiting(admin.SimpleListFilter):
    """What waits for a decision, first of all; the rest on request."""

    parameter_name = "state"
    title = "状態"
    waiting: ClassVar[str]
    others: ClassVar[tuple[tuple[str, str], ...]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All states besides the one shown without asking."""
        return [*self.others, ("all", "すべて")]

    def choices(self, changelist: ChangeList) -> Any:
        """Name the first choice by what it shows."""
        first, *rest = super().choices(changelist)
        yield {**first, "display": self.waiting}
        yield from rest


class CaseState(Waiting):
    """確認中 without asking."""

    waiting = HoldCase.State.OPEN.label
    others = ((HoldCase.State.RELEASED, "集計に戻した"), (HoldCase.State.EXCLUDED, "除外した"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The cases of the chosen state."""
        return queryset if self.value() == "all" else queryset.filter(state=self.value() or HoldCase.State.OPEN)


class AlertState(Waiting):
    """Those that nobody has looked at without asking."""

    waiting = "未確認"
    others = (("seen", "確認した"),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The alerts of the chosen state."""
        return queryset if self.value() == "all" else queryset.filter(seen_at__isnull=self.value() != "seen")


def span(row: HoldCase | Alert) -> str:
    """From when to when, in Japan."""
    begin, end = timezone.localtime(row.begins_at), timezone.localtime(row.ends_at)
    until = "H:i" if begin.date() == end.date() else "n月j日 H:i" if begin.year == end.year else "Y年n月j日 H:i"
    return f"{date_format(begin, 'Y年n月j日 H:i')}～{date_format(end, until)}"


def name_of(user: User) -> str:
    """How colleagues know each other."""
    return user.display_name or user.get_username()


def targets(case: HoldCase) -> str:
    """Whom the ballots are about, as they were named when they were found."""
    return "、".join(f"{one['name']}（{CHOICES[one['choice']]}）" for one in case.details["targets"])


@admin.register(HoldCase)
class HoldCaseAdmin(HoldsAdmin):
    """確認中の評価: what was found, the facts, and the form that decides."""

    list_display = ("about", "sign", "when", "ballots", "voters", "found_strength", "found_expected", "state")
    list_filter = (CaseState, "sign")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The facts of a case, its decisions, and the form to decide; a decision comes back to the same address."""
        case: HoldCase = self.found(request, object_id)
        person = request.user
        assert isinstance(person, User)  # noqa: S101 - the admin lets nobody else in
        allowed = self.has_decide_permission(request)
        free = may_decide(person, case)
        form = DecisionForm()
        if request.method == "POST":
            if not allowed:
                raise PermissionDenied
            form = DecisionForm(request.POST)
            if form.is_valid():
                try:
                    return self._decide(request, case, form, person)
                except RuleBroken as refusal:
                    form.add_error(None, refusal.message)
        return self.page(
            request,
            case,
            "admin/evaluations/holdcase.html",
            facts=facts_of(case),
            decisions=[(one, name_of(one.decided_by)) for one in case.decisions.select_related("decided_by")],
            form=form if allowed and free else None,
            concerned=not free,
            about=targets(case),
            when=span(case),
        )

    def _decide(self, request: HttpRequest, case: HoldCase, form: DecisionForm, person: User) -> HttpResponse:
        answers = form.cleaned_data
        # The page names the state of the case that was read.
        if request.POST.get("version") != case.version:
            raise CaseChanged
        decision = decide_case(
            case=case,
            verdict=HoldDecision.Verdict(answers["verdict"]),
            reason=HoldDecision.Reason(answers["reason"]),
            note=answers["note"],
            by=person,
            at=timezone.now(),
        )
        return self.done(request, f"{decision.ballots}件を決定しました：{decision}")

    @admin.display(description="対象")
    def about(self, case: HoldCase) -> str:
        """Whom it is about."""
        return targets(case)

    @admin.display(description="期間", ordering="begins_at")
    def when(self, case: HoldCase) -> str:
        """From the first ballot to the last."""
        return span(case)

    @admin.display(description="評価")
    def ballots(self, case: HoldCase) -> int:
        """How many ballots it held when they were counted last."""
        return int(case.details.get("ballots", 0))

    @admin.display(description="投票者")
    def voters(self, case: HoldCase) -> int:
        """Of how many voters."""
        return int(case.details.get("voters", 0))

    @admin.display(description="強さ", ordering="strength")
    def found_strength(self, case: HoldCase) -> str:
        """How sure it is: 4 is one in ten thousand that it is nothing."""
        return f"{case.strength:.1f}"

    @admin.display(description="ふつうなら", ordering="expected")
    def found_expected(self, case: HoldCase) -> str:
        """How many voters of one mind would be no surprise."""
        return f"{case.expected:.1f}"


@admin.register(HoldDecision)
class HoldDecisionAdmin(HoldsAdmin):
    """確認の決定: the record."""

    list_display = ("decided_at", "case", "verdict", "reason", "ballots", "moderator", "note")
    list_filter = ("verdict", "reason")
    list_select_related = ("case", "decided_by")
    ordering = ("-decided_at", "-pk")

    @admin.display(description="担当者")
    def moderator(self, decision: HoldDecision) -> str:
        """Who decided."""
        return name_of(decision.decided_by)


@admin.register(Alert)
class AlertAdmin(HoldsAdmin):
    """評価の急な変化: what stands out, and that somebody looked."""

    list_display = ("about", "kind", "what", "when", "found_strength", "moderator", "seen_at")
    list_filter = (AlertState, "kind")
    list_select_related = ("politician", "party", "seen_by")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The counts of the window, and the form that says somebody looked."""
        alert: Alert = self.found(request, object_id)
        person = request.user
        assert isinstance(person, User)  # noqa: S101 - the admin lets nobody else in
        allowed = self.has_decide_permission(request)
        concerned = speaks_for(person, alert.politician_id)
        form = SeenForm()
        if request.method == "POST":
            if not allowed:
                raise PermissionDenied
            form = SeenForm(request.POST)
            if form.is_valid() and not concerned:
                note, at = form.cleaned_data["note"], timezone.now()
                if mark_alert_seen(alert=alert, note=note, by=person, at=at):
                    return self.done(request, "確認したことを記録しました。順位の固定は、次の採点で解けます。")
                messages.warning(request, "ほかの担当者が先に確認しました。")
                alert.refresh_from_db()
        return self.page(
            request,
            alert,
            "admin/evaluations/alert.html",
            facts=facts_of_alert(alert),
            form=form if allowed and not concerned and alert.seen_at is None else None,
            concerned=concerned,
            what=self.what(alert),
            moderator=self.moderator(alert),
            when=span(alert),
        )

    @admin.display(description="確認した人")
    def moderator(self, alert: Alert) -> str:
        """Who looked."""
        return name_of(alert.seen_by) if alert.seen_by else "―"

    @admin.display(description="対象")
    def about(self, alert: Alert) -> Politician | Party:
        """Whom it is about."""
        return alert.owner

    @admin.display(description="評価")
    def what(self, alert: Alert) -> str:
        """Which choice stands out."""
        return "両方" if alert.kind == Alert.Kind.NEWCOMERS else alert.get_choice_display()

    @admin.display(description="期間", ordering="begins_at")
    def when(self, alert: Alert) -> str:
        """The window."""
        return span(alert)

    @admin.display(description="強さ", ordering="strength")
    def found_strength(self, alert: Alert) -> str:
        """How sure it is."""
        return f"{alert.strength:.1f}"
