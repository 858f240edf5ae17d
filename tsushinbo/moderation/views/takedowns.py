"""Takedown requests (送信防止措置の申出): the public form and its state page, the poster's answer, the desk's pages with their clocks."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.access import logged_in, member_of
from tsushinbo.accounts.models import User
from tsushinbo.accounts.network import network_prefix
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.services import network_subject
from tsushinbo.caching import held_for_a_minute
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import Busy, SeeOther, attempt, status_of, unless_busy
from tsushinbo.moderation.forms.takedowns import AnswerForm, ChooseForm, DecideForm, TakedownForm
from tsushinbo.moderation.models import Reviewable
from tsushinbo.moderation.models.takedowns import Takedown
from tsushinbo.moderation.queries import takedowns as queries
from tsushinbo.moderation.queries.campaigns import CONTACT, held_by
from tsushinbo.moderation.services import takedowns as services
from tsushinbo.moderation.services.decisions import NotYours
from tsushinbo.moderation.views.doors import crumbs, for_moderators
from tsushinbo.paging import page_number, paginate

PAGE_SIZE = 50
DONE = {
    "chosen": "対象の投稿を選びました。",
    "asked": "投稿した人に照会しました。",
    "answered": "回答を記録しました。",
    "decided": "判断を記録しました。続けて、結果を通知してください。",
    "notified": "結果を通知しました。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@held_for_a_minute
@own_forms_only
def takedown(request: HttpRequest) -> HttpResponse:
    """Ask for a text to be taken down. The form is the same for everybody, so that any cache may hold it."""
    host = request.get_host()
    if request.method != "POST":
        return _form(request, TakedownForm(host=host, page=request.GET.get("page", "")[:300]))
    form, fault, status = TakedownForm(request.POST, host=host), "", HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid() and not form.by_program:
        made = attempt(lambda: _request(request, form))
        if isinstance(made, Takedown):
            return SeeOther(made.get_absolute_url())
        response = _form(request, form, fault=made.message, status=made.status)
        response.headers["Retry-After"] = str(made.retry_after)
        return response
    if form.by_program:
        fault = "自動で送られた内容と判断したため、受け付けませんでした。「website」の欄を空にして、もう一度お送りください。"
    return _form(request, form, fault=fault, status=status)


def _request(request: HttpRequest, form: TakedownForm) -> Takedown:
    at = timezone.now()
    return services.request_takedown(
        network=network_subject(network_prefix(request), at=at),
        address=request.build_absolute_uri("/").rstrip("/"),
        at=at,
        **form.cleaned_data,
    )


def _form(request: HttpRequest, form: TakedownForm, *, fault: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "crumbs": [("お問い合わせ・削除申出", reverse("site:contact")), ("削除の申出", None)],
        "form": form,
        "fault": fault,
        "periods": settings,
    }
    response = render(request, "moderation/takedown.html", context, status=status)
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def takedown_state(request: HttpRequest, receipt: str) -> HttpResponse:
    """How far a request is, for who knows its number."""
    found = get_object_or_404(Takedown, receipt=receipt)
    context = {
        "crumbs": [("削除の申出", reverse("moderation:takedown")), ("申出の状況", None)],
        "takedown": found,
        "steps": queries.steps(found),
    }
    return _private(render(request, "moderation/takedown_state.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def takedown_answer(request: HttpRequest, takedown_id: int) -> HttpResponse:
    """Where who wrote a text reads what is asked of it, and answers. Nobody learns here who asks; to everybody else there is no such page."""
    found = get_object_or_404(Takedown, pk=takedown_id)
    item = queries.subject_of(found)
    if item is None or found.inquired_at is None or not item.may_appeal(request):
        raise Http404("no inquiry for whoever asks")
    form, fault, status = AnswerForm(request.POST if request.method == "POST" else None), "", HTTPStatus.OK
    if form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                sent = {"text": form.cleaned_data["answer"], "by": logged_in(request), "at": timezone.now()}
                unless_busy(lambda: services.answer_inquiry(takedown=found, **sent))
            except (services.AlreadyAnswered, Busy) as refusal:
                fault, status = refusal.message, status_of(refusal)
            else:
                return SeeOther(request.path)
    context = {
        "crumbs": [("削除の申出についての照会", None)],
        "takedown": found,
        "item": item,
        "form": form,
        "fault": fault,
        "waits": found.state == Takedown.State.INQUIRY and found.answered_at is None,
    }
    return _private(render(request, "moderation/takedown_answer.html", context, status=status))


@require_safe
@for_moderators
def desk_takedowns(request: HttpRequest) -> HttpResponse:
    """Every request that is not done, by the time left; or those that ended."""
    at, ended = timezone.now(), request.GET.get("show") == "done"
    page = paginate(queries.done() if ended else queries.waiting(), page_number(request), PAGE_SIZE)
    context = {
        "crumbs": crumbs("送信防止措置の申出"),
        "page": page,
        "rows": [_row(found, at) for found in page.rows],
        "ended": ended,
        "overdue": queries.overdue(at).count(),
    }
    return render(request, "moderation/takedowns.html", context)


def _row(found: Takedown, at: datetime) -> dict[str, Any]:
    return {"takedown": found, "left": queries.time_left(found, at), "passed": found.passed(at)}


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def desk_takedown(request: HttpRequest, takedown_id: int) -> HttpResponse:
    """One request with its text, and the button of each step."""
    found = get_object_or_404(Takedown.objects.select_related("decided_by"), pk=takedown_id)
    if request.method != "POST":
        return _desk_page(request, found)
    deed = DEEDS.get(request.POST.get("deed", ""))
    return deed(request, found, member_of(request)) if deed else _desk_page(request, found)


def _desk_page(
    request: HttpRequest, found: Takedown, *, fault: str = "", status: int = HTTPStatus.OK, **forms: Any
) -> HttpResponse:
    at, item = timezone.now(), queries.subject_of(found)
    named = {"choose": ChooseForm(), "answer": AnswerForm(), "decide": DecideForm(), **forms}
    context = {
        "crumbs": [*crumbs()[:1], ("送信防止措置の申出", reverse("moderation:takedowns")), (found.receipt[:6], None)],
        **_row(found, at),
        "item": item,
        # What the claimant says of themselves beside what is on record: the two days are for candidates in a campaign.
        "standing": held_by(CONTACT, item.concerns, found.received_at) if item else None,
        "matches": queries.texts_holding(found.words) if request.GET.get("find") and found.open else None,
        "forms": named,
        "steps": queries.steps(found),
        "notice": DONE.get(request.GET.get("done", ""), ""),
        "fault": fault,
    }
    return render(request, "moderation/takedown_desk.html", context, status=status)


def _try(request: HttpRequest, found: Takedown, done: str, deed: Callable[[], object], **forms: Any) -> HttpResponse:
    try:
        unless_busy(deed)
    except RuleBroken as refusal:
        status = HTTPStatus.FORBIDDEN if isinstance(refusal, NotYours) else status_of(refusal)
        found.refresh_from_db()
        return _desk_page(request, found, fault=refusal.message, status=status, **forms)
    return SeeOther(f"{request.path}?done={done}")


def _choose(request: HttpRequest, found: Takedown, by: User) -> HttpResponse:
    form = ChooseForm(request.POST)
    if not form.is_valid():
        return _desk_page(request, found, status=HTTPStatus.UNPROCESSABLE_ENTITY, choose=form)
    item: Reviewable = form.cleaned_data["text"]
    at = timezone.now()
    return _try(request, found, "chosen", lambda: services.choose_text(takedown=found, item=item, by=by, at=at))


def _ask(request: HttpRequest, found: Takedown, by: User) -> HttpResponse:
    return _try(request, found, "asked", lambda: services.send_inquiry(takedown=found, by=by, at=timezone.now()))


def _answer(request: HttpRequest, found: Takedown, by: User) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _desk_page(request, found, status=HTTPStatus.UNPROCESSABLE_ENTITY, answer=form)
    text, at = form.cleaned_data["answer"], timezone.now()
    return _try(
        request,
        found,
        "answered",
        lambda: services.answer_inquiry(takedown=found, text=text, by=by, at=at),
        answer=form,
    )


def _decide(request: HttpRequest, found: Takedown, by: User) -> HttpResponse:
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _desk_page(request, found, status=HTTPStatus.UNPROCESSABLE_ENTITY, decide=form)
    said, at = form.cleaned_data, timezone.now()
    remove, reason, by_hand = said["outcome"] == "removed", said["reason"], said["by_hand"]
    return _try(
        request, found, "decided", lambda: services.decide_takedown(
            takedown=found, remove=remove, reason=reason, by_hand=by_hand, by=by, at=at
        ), decide=form,
    )  # fmt: skip


def _notify(request: HttpRequest, found: Takedown, by: User) -> HttpResponse:
    return _try(request, found, "notified", lambda: services.notify_claimant(takedown=found, by=by, at=timezone.now()))


DEEDS = {"choose": _choose, "ask": _ask, "answer": _answer, "decide": _decide, "notify": _notify}


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
