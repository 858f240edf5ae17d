"""Where editors choose among the books that members proposed, and take one from a page again."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.access import for_roles
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.roles import Role
from tsushinbo.books.forms import DecisionForm
from tsushinbo.books.models import BookLink
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation import services
from tsushinbo.moderation.models import DecisionReason
from tsushinbo.paging import page_number, paginate

PAGE_SIZE = 20
EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
State = BookLink.State
DONE = {"approve": "掲載しました。", "reject": "掲載しないことにしました。", "hide": "掲載をやめました。"}


@require_safe
@for_roles(*EDITORS)
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first; below it what was chosen last."""
    links = BookLink.for_desk().select_related("politician", "pledge", "report", "book")
    context = {
        "crumbs": [("関連書籍", reverse("books:books")), ("提案された本", None)],
        "page": paginate(
            links.filter(state=State.PENDING).order_by("submitted_at", "pk"), page_number(request), PAGE_SIZE
        ),
        "chosen": links.filter(state=State.APPROVED).order_by("-decided_at", "pk")[:PAGE_SIZE],
        "reasons": DecisionReason.choices,
        "notice": DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "books/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
@for_roles(*EDITORS)
def decide(request: HttpRequest, link_id: int) -> HttpResponse:
    """One proposal, and the decision on it: only what was read is decided."""
    link = get_object_or_404(BookLink.for_desk().select_related("politician", "pledge", "report", "book"), pk=link_id)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"version": link.version})
    if request.method != "POST":
        return _page(request, link, form)
    if not form.is_valid():
        return _page(request, link, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.cleaned_data["version"] != link.version:
        return _page(request, link, form, fault=services.AlreadyDecided(link).message, status=HTTPStatus.CONFLICT)
    assert isinstance(request.user, User)  # noqa: S101 - for_roles has nobody else
    deed, note = form.cleaned_data["deed"], form.cleaned_data["note"]
    reason = DecisionReason(form.cleaned_data["reason"]) if form.cleaned_data["reason"] else None
    try:
        if deed == "hide":
            services.hide(item=link, by=request.user, at=timezone.now(), reason=reason, note=note)
        else:
            services.decide(
                item=link, approve=deed == "approve", by=request.user, at=timezone.now(), reason=reason, note=note
            )
    except RuleBroken as refusal:
        return _page(request, link, form, fault=refusal.message, status=HTTPStatus.CONFLICT)
    return HttpResponseRedirect(f"{reverse('books:proposals')}?done={deed}", status=HTTPStatus.SEE_OTHER)


def _page(
    request: HttpRequest, link: BookLink, form: DecisionForm, *, fault: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "crumbs": [
            ("関連書籍", reverse("books:books")),
            ("提案された本", reverse("books:proposals")),
            (link.title, None),
        ],
        "link": link,
        "form": form,
        "fault": fault,
        "reasons": DecisionReason.choices,
    }
    return render(request, "books/decide.html", context, status=status)
