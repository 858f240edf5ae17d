"""Appeals: where a writer reads why and says what is wrong with it, and where another moderator answers."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.access import logged_in, member_of
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation import services
from tsushinbo.moderation.answers import SeeOther, status_of, unless_busy
from tsushinbo.moderation.forms.desk import AnswerForm, AppealForm
from tsushinbo.moderation.models import Appeal
from tsushinbo.moderation.queries import find_text
from tsushinbo.moderation.queries.appeals import Case, appeal_against, appeal_of_ban, case, cases
from tsushinbo.moderation.queries.bans import is_banned
from tsushinbo.moderation.queries.texts import last_decision
from tsushinbo.moderation.views.doors import crumbs, for_moderators
from tsushinbo.paging import page_number


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
@never_cache
def appeal(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The decision on a text for who wrote it, with the reason, and one appeal against it. To everybody else it does not exist."""
    item = find_text(kind, number)
    if item is None or not item.may_appeal(request):
        raise Http404("no such text, or not theirs")
    entry = last_decision(item)
    form, fault, status = AppealForm(request.POST or None), "", HTTPStatus.OK
    if request.method == "POST":
        if form.is_valid():
            try:
                sent = {"by": logged_in(request), "text": form.cleaned_data["text"], "at": timezone.now()}
                unless_busy(lambda: services.open_appeal(item=item, **sent))
                return SeeOther(f"{request.path}?done=opened")
            except RuleBroken as refusal:
                fault, status = refusal.message, status_of(refusal)
        else:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "crumbs": [("投稿の確認結果", None)],
        "item": item,
        "label": item._meta.verbose_name,
        "entry": entry,
        "appeal": appeal_against(item),
        "form": form,
        "fault": fault,
        "opened": request.GET.get("done") == "opened",
    }
    return render(request, "moderation/appeal.html", context, status=status)


@require_safe
@for_moderators
def appeals(request: HttpRequest) -> HttpResponse:
    """Every appeal that waits, the oldest first."""
    context = {"crumbs": crumbs("異議申立て"), "page": cases(member_of(request), page_number(request))}
    return render(request, "moderation/appeals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def answer(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """One appeal beside the text and the decision, and its answer."""
    user = member_of(request)
    found = get_object_or_404(Appeal.objects.select_related("entry__actor", "opened_by", "decided_by"), pk=appeal_id)
    shown = case(found, user)
    if not shown.allowed:
        raise PermissionDenied
    if request.method != "POST":
        return _answer_page(request, shown, AnswerForm())
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, shown, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    grant = form.cleaned_data["verdict"] == "granted"
    try:
        sent = {"by": user, "answer": form.cleaned_data["answer"], "at": timezone.now()}
        unless_busy(lambda: services.answer_appeal(appeal=found, grant=grant, **sent))
    except RuleBroken as refusal:
        found.refresh_from_db()
        return _answer_page(request, case(found, user), form, fault=refusal.message, status=status_of(refusal))
    messages.success(request, "判断を変えました。" if grant else "判断を維持しました。")
    return SeeOther(reverse("moderation:appeals"))


def _answer_page(
    request: HttpRequest, shown: Case, form: AnswerForm, *, fault: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"crumbs": crumbs("異議の審査"), "case": shown, "form": form, "fault": fault}
    return render(request, "moderation/answer.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
@never_cache
def own_ban(request: HttpRequest) -> HttpResponse:
    """The ban of who is logged in, with its reason, its end, and one appeal against it."""
    account = logged_in(request)
    if account is None:
        return redirect_to_login(request.get_full_path())
    now = timezone.now()
    ban = is_banned(account=account, at=now)
    form, fault, status = AppealForm(request.POST or None), "", HTTPStatus.OK
    if request.method == "POST" and ban is not None:
        if form.is_valid():
            try:
                text = form.cleaned_data["text"]
                unless_busy(lambda: services.open_appeal_of_ban(ban=ban, by=account, text=text, at=now))
                return SeeOther(f"{request.path}?done=opened")
            except RuleBroken as refusal:
                fault, status = refusal.message, status_of(refusal)
        else:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "crumbs": [("投稿の停止", None)],
        "ban": ban,
        "appeal": appeal_of_ban(ban) if ban else None,
        "form": form,
        "fault": fault,
        "opened": request.GET.get("done") == "opened",
    }
    return render(request, "moderation/own_ban.html", context, status=status)
