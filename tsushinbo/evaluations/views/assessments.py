"""Where a registered person says how far a pledge was carried out, and where everybody reads it."""

import logging
from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.services import TooMany
from tsushinbo.caching import asked_again
from tsushinbo.elections.queries import Hold, hold_of
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import NotTheOwner, OwnPledge
from tsushinbo.evaluations.forms import AssessmentForm
from tsushinbo.evaluations.models import AssessmentTally
from tsushinbo.evaluations.queries import Sheet, comments_on, sheet_of
from tsushinbo.evaluations.queries.held_back import hold_back
from tsushinbo.evaluations.views.answers import BUSY, BUSY_RETRY_SECONDS, SeeOther, later
from tsushinbo.moderation.answers import posted
from tsushinbo.moderation.services import Banned, ContactRefused, PollingDay
from tsushinbo.paging import page_number, paginate
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import for_rows, published, standing

PAGE_SIZE = 20
# What was just done, by the word in the address that the answer leads to.
DONE = {"sent": "評価を受け付けました。", "withdrawn": "評価を取り消しました。"}
LOGGED_OUT = "ログインしていないため、評価を記録できませんでした。入力した内容は残っています。別の画面でログインしてから、もう一度お送りください。"
logger = logging.getLogger(__name__)


def _find(pledge_id: int) -> Pledge:
    pledge = standing(for_rows(published()), pledge_id)
    if pledge is None:
        raise Http404("no such pledge")
    return pledge


def _hold(pledge: Pledge) -> Hold | None:
    return hold_of(pledge.politician_id, timezone.now()) if pledge.politician_id else None


def _address(pledge: Pledge, done: str = "") -> str:
    return reverse("evaluations:assess", args=[pledge.pk]) + (f"?done={done}" if done else "")


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def assess(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """Show the account's own assessment of a pledge, or take one. Who is not logged in is led to the log-in and back."""
    pledge, account = _find(pledge_id), logged_in(request)
    if request.method == "POST":
        return _take(request, pledge, account)
    if account is None:
        return redirect_to_login(request.get_full_path())
    sheet = sheet_of(pledge, account)
    form = AssessmentForm(current=sheet.current, hold=_hold(pledge))
    return _page(request, pledge, sheet, form, notice=DONE.get(request.GET.get("done", ""), ""))


@posted(lambda pledge_id: reverse("evaluations:assess", args=[pledge_id]))
@own_forms_only
def withdraw(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """Take the account's assessment of a pledge back."""
    pledge, account = _find(pledge_id), logged_in(request)
    if account is None:
        return redirect_to_login(_address(pledge))
    try:
        services.withdraw_assessment(pledge=pledge, author=account, at=timezone.now())
    except TooMany as refusal:
        form = AssessmentForm(current=sheet_of(pledge, account).current)
        return _refuse(request, pledge, account, form, later(refusal), status=429, retry_after=refusal.retry_after)
    return SeeOther(_address(pledge, "withdrawn"))


@require_safe
@asked_again
def assessments(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """What citizens wrote with their assessments of a pledge, once it was approved."""
    pledge = _find(pledge_id)
    hold_back([pledge], timezone.now())
    context = {
        "section": "pledges",
        "crumbs": _crumbs(pledge, "進捗度・達成度の評価"),
        "pledge": pledge,
        "tally": None if pledge.hold else AssessmentTally.objects.filter(pk=pledge.pk).first(),
        "page": paginate(comments_on(pledge), page_number(request), PAGE_SIZE),
    }
    return render(request, "evaluations/assessments.html", context)


def _take(request: HttpRequest, pledge: Pledge, account: User | None) -> HttpResponse:
    form = AssessmentForm(request.POST, hold=_hold(pledge))
    valid = form.is_valid()
    if account is None:
        return _refuse(request, pledge, account, form, LOGGED_OUT, status=HTTPStatus.FORBIDDEN)
    if not valid:
        return _refuse(request, pledge, account, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        (services.self_assess if form.as_owner else services.assess_pledge)(
            pledge=pledge,
            author=account,
            progress=form.cleaned_data["progress"],
            achievement=form.cleaned_data["achievement"],
            comment=form.cleaned_data["comment"],
            links=form.links,
            contact=form.given_contact,
            at=timezone.now(),
        )
    except ContactRefused as refusal:
        form.refuse(refusal.faults)
        return _refuse(request, pledge, account, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (OwnPledge, NotTheOwner, Banned, PollingDay) as refusal:
        return _refuse(request, pledge, account, form, refusal.message, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooMany as refusal:
        return _refuse(request, pledge, account, form, later(refusal), status=429, retry_after=refusal.retry_after)
    except (OperationalError, InterfaceError):
        # Locked for longer than we wait, gone or full: nothing was recorded, and what was typed goes back.
        logger.exception("an assessment could not be recorded")
        return _refuse(request, pledge, account, form, BUSY, status=503, retry_after=BUSY_RETRY_SECONDS)
    return SeeOther(_address(pledge, "sent"))


def _refuse(
    request: HttpRequest,
    pledge: Pledge,
    account: User | None,
    form: AssessmentForm,
    fault: str = "",
    *,
    status: int,
    retry_after: int = 0,
) -> HttpResponse:
    """Show the form again with everything that was typed and what is wrong."""
    sheet = sheet_of(pledge, account) if account else None
    response = _page(request, pledge, sheet, form, fault=fault, status=status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _page(
    request: HttpRequest,
    pledge: Pledge,
    sheet: Sheet | None,
    form: AssessmentForm,
    *,
    fault: str = "",
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "pledges",
        "crumbs": _crumbs(pledge, "進捗度・達成度を評価する"),
        "pledge": pledge,
        "sheet": sheet,
        "form": form,
        "fault": fault,
        "notice": notice,
        "address": _address(pledge),
    }
    response = render(request, "evaluations/assess.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _crumbs(pledge: Pledge, here: str) -> list[tuple[str, str | None]]:
    return [("公約", reverse("site:pledges")), (pledge.title, pledge.get_absolute_url()), (here, None)]
