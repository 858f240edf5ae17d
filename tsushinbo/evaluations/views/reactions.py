"""参考になった / ならなかった on one activity report: the voter's own state, and taking a reaction."""

from dataclasses import replace
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts import voters
from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.network import network_prefix
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.services import network_subject
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import published
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import OwnReport
from tsushinbo.evaluations.forms import ReactionForm
from tsushinbo.evaluations.forms.reactions import UNREADABLE
from tsushinbo.evaluations.models import Helpfulness
from tsushinbo.evaluations.queries import ReactionBox, own_reactions
from tsushinbo.evaluations.views.answers import Refusal, SeeOther, attempt, htmx


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def reaction(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show what the voter said of a public report, or take it."""
    report = get_object_or_404(published(timezone.now()), pk=report_id)
    if request.method == "POST":
        return _take(request, report)
    return _page(request, own_reactions(report, voter=voters.known(request), ticket=voters.ticket(request)))


def _take(request: HttpRequest, report: ActivityReport) -> HttpResponse:
    form = ReactionForm(request.POST)
    if not form.is_valid():
        return _refuse(request, report, UNREADABLE, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = attempt(lambda: _record(request, report, form.choice_made), kept="")
    except OwnReport as refusal:
        return _refuse(request, report, refusal.message, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(done, Refusal):
        return _refuse(request, report, done.message, status=done.status, retry_after=done.retry_after)
    voter, notice = done
    # The reaction is on disk from here on.
    if htmx(request):
        number = voter.number if voter else None
        box = own_reactions(report, voter=number, ticket=voters.ticket(request, voter))
        response = _page(request, replace(box, notice=notice))
    else:
        response = SeeOther(report.get_absolute_url())
    if voter is not None:
        voters.remember(response, request, voter)
    return response


def _record(
    request: HttpRequest, report: ActivityReport, choice: Helpfulness | None
) -> tuple[voters.Voter | None, str]:
    """React or withdraw; return whose reaction it is and what to tell them."""
    at = timezone.now()
    if choice is None:
        voter = voters.returning(request)
        if voter is not None:
            network = network_subject(network_prefix(request), at=at)
            services.withdraw_reaction(report=report, voter=voter.number, network=network, at=at)
        return None, "答えを取り消しました。"
    voter = voters.identify(request)
    reaction = services.react(
        report=report,
        voter=voter.number,
        choice=choice,
        network=network_subject(network_prefix(request), at=at),
        account=logged_in(request),
        at=at,
    )
    return voter, f"「{reaction.says.label}」を{'受け付けました' if reaction.cast_at == at else '記録しています'}。"


def _refuse(
    request: HttpRequest, report: ActivityReport, fault: str, *, status: int, retry_after: int = 0
) -> HttpResponse:
    """Show the buttons again with what is wrong."""
    box = own_reactions(report, voter=voters.known(request), ticket=voters.ticket(request))
    response = _page(request, replace(box, fault=fault), status=status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _page(request: HttpRequest, box: ReactionBox, *, status: int = HTTPStatus.OK) -> HttpResponse:
    """Answer htmx with the box alone, everybody else with a page around it."""
    context = {
        "section": "activities",
        "crumbs": [
            ("活動報告", reverse("activities:reports")),
            (box.report.title, box.report.get_absolute_url()),
            ("参考になりましたか", None),
        ],
        "report": box.report,
        "box": box,
    }
    template = "evaluations/_reactions.html#inside" if htmx(request) else "evaluations/reaction.html"
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
