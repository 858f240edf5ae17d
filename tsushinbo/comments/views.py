"""Comments on one report: the writer's own part, posting, taking back, and the way to one comment."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.models import User
from tsushinbo.accounts.network import network_prefix
from tsushinbo.accounts.numbered import Bearer
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.proof_of_work import WorkAsked, WorkNeeded, answer_in, challenge
from tsushinbo.accounts.services import network_subject
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import published
from tsushinbo.comments import services
from tsushinbo.comments.errors import CommentRefused, TooManyWithoutWork
from tsushinbo.comments.forms import CommentForm
from tsushinbo.comments.models import Comment
from tsushinbo.comments.queries import find, own_comments, own_unpublished, page_of
from tsushinbo.comments.services import Writer
from tsushinbo.comments.writers import cookie
from tsushinbo.elections.queries import hold_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import KEPT, Refusal, SeeOther, attempt, htmx, posted
from tsushinbo.moderation.services import ContactRefused

RECEIVED = "コメントを受け付けました。管理者の確認後に公開されます。24時間以内に確認します。"
WITHDRAWN = "コメントを取り消しました。"


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def comments(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show who asks their own comments on a public report with the form, or take a comment."""
    report = get_object_or_404(published(timezone.now()).select_related("politician"), pk=report_id)
    if request.method == "POST":
        return _take(request, report)
    notice = WITHDRAWN if request.GET.get("done") == "withdrawn" else ""
    return _page(request, report, _form(report), notice=notice, part="own")


@require_safe
def comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Lead to a comment on the page where it stands; its writer to what others do not see. Held by no cache: it moves."""
    found = find(comment_id)
    if found is None:
        raise Http404("no such comment")
    if found.is_public:
        number = page_of(found)
        page = f"?page={number}" if number > 1 else ""
        address = f"{found.report.get_absolute_url()}{page}#{found.anchor}"
    elif _own(request, found):
        address = f"{reverse('comments:comments', args=[found.report_id])}#{found.anchor}"
    else:
        raise Http404("not public")
    response = HttpResponseRedirect(address)
    response.headers["Cache-Control"] = "no-store"
    return response


@posted(lambda comment_id: reverse("comments:comment", args=[comment_id]))
@own_forms_only
def withdraw(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take back a comment that waits, as its writer. To everybody else it does not exist."""
    found = find(comment_id)
    if found is None or not _own(request, found):
        raise Http404("no such comment, or not theirs")
    report, notice, fault, status = found.report, WITHDRAWN, "", 200
    try:
        done = attempt(lambda: services.withdraw_comment(comment=found, writer=_writer(request)), kept="")
    except RuleBroken as refusal:
        notice, fault, status = "", refusal.message, HTTPStatus.CONFLICT
    else:
        if isinstance(done, Refusal):
            notice, fault, status = "", done.message, done.status
        elif not htmx(request):
            return SeeOther(f"{reverse('comments:comments', args=[report.pk])}?done=withdrawn#comment")
    return _page(request, report, _form(report), notice=notice, fault=fault, status=status, part="own")


def _take(request: HttpRequest, report: ActivityReport) -> HttpResponse:
    form, bearer = _form(report, request.POST), cookie.identify(request)
    if not form.is_valid():
        return _page(request, report, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    account, log_in = logged_in(request), False
    try:
        done = attempt(lambda: _post(request, report, form, account, bearer))
    except (CommentRefused, ContactRefused) as refusal:
        form.refuse(refusal.faults)
        return _page(request, report, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except WorkNeeded as needed:
        fault = "" if isinstance(needed, WorkAsked) else needed.message
        return _page(request, report, form, fault=fault, status=HTTPStatus.UNPROCESSABLE_ENTITY, bits=needed.bits)
    except TooManyWithoutWork as refusal:
        done = Refusal(f"{refusal.message}{KEPT}", HTTPStatus.TOO_MANY_REQUESTS, refusal.retry_after)
        log_in = True
    except RuleBroken as refusal:
        return _page(request, report, form, fault=refusal.message, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(done, Refusal):
        response = _page(request, report, form, fault=done.message, status=done.status, log_in=log_in)
        response.headers["Retry-After"] = str(done.retry_after)
        return response
    # The comment is on disk from here on.
    if htmx(request):
        response = _page(request, report, _form(report), notice=RECEIVED, bearer=bearer)
    else:
        response = SeeOther(f"{report.get_absolute_url()}?done=comment#comments")
    if account is None:
        cookie.remember(response, request, bearer)
    return response


def _post(
    request: HttpRequest, report: ActivityReport, form: CommentForm, account: User | None, bearer: Bearer
) -> Comment:
    at, typed = timezone.now(), form.cleaned_data
    as_me = account is not None and typed["as_me"]
    writer = Writer(account, bearer.number, network_subject(network_prefix(request), at=at))
    nickname = account.public_name if account is not None and as_me else typed["nickname"]
    work = answer_in(request.POST, scripted=bool(htmx(request)))
    said = {"nickname": nickname, "body": typed["body"], "contact": form.given_contact}
    return services.post_comment(report=report, writer=writer, work=work, at=at, **said)


def _form(report: ActivityReport, data: Any = None) -> CommentForm:
    return CommentForm(data, hold=hold_of(report.politician_id, timezone.now()))


def _writer(request: HttpRequest) -> Writer:
    return Writer(logged_in(request), cookie.known(request))


def _own(request: HttpRequest, found: Comment) -> bool:
    who = _writer(request)
    return own_comments(found.report_id, account=who.account, writer=who.number).filter(pk=found.pk).exists()


def _page(
    request: HttpRequest,
    report: ActivityReport,
    form: CommentForm,
    *,
    notice: str = "",
    fault: str = "",
    status: int = HTTPStatus.OK,
    bearer: Bearer | None = None,
    part: str = "inside",
    bits: int = 0,
    log_in: bool = False,
) -> HttpResponse:
    """Answer htmx with a part alone, everybody else with a page around it."""
    account = logged_in(request)
    number = bearer.number if bearer is not None else cookie.known(request)
    context = {
        "section": "activities",
        "crumbs": [
            ("活動報告", reverse("activities:reports")),
            (report.title, report.get_absolute_url()),
            ("コメント", None),
        ],
        "report": report,
        "form": form,
        "notice": notice,
        "fault": fault,
        "log_in": log_in,
        "personal": True,
        "account": account,
        "own": own_unpublished(report.pk, account=account, writer=number),
        "work": challenge(services.work_purpose(report.pk), bits, timezone.now()) if bits else None,
        "ticket": "" if account else cookie.ticket(request, bearer),
    }
    template = f"comments/_form.html#{part}" if htmx(request) else "comments/comments.html"
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
