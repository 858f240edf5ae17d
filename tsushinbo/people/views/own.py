"""What a member proposed about people, with what became of it."""

from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import Refusal, SeeOther, attempt, posted
from tsushinbo.paging import page_number, paginate
from tsushinbo.people.queries.proposals import own_proposals
from tsushinbo.people.services.proposals import withdraw_proposal
from tsushinbo.people.views.answers import BUSY, private, status_of

PAGE_SIZE = 20
NEXT = "編集者が、出典と照らして24時間以内に確認します。結果は、このページで分かります。"
DONE = {
    "missing": f"政治家の提案を受け付けました。{NEXT}",
    "correction": f"訂正の提案を受け付けました。{NEXT}",
    "withdrawn": "提案を取り下げました。",
}


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the account proposed."""
    account = logged_in(request)
    if account is None:
        return redirect_to_login(request.get_full_path())
    return _page(request, account, notice=DONE.get(request.GET.get("done", ""), ""))


@posted(lambda proposal_id: reverse("people:mine"))
@own_forms_only
def withdraw(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Take an own proposal back that nobody decided yet. Another's is no page."""
    account = logged_in(request)
    if account is None:
        raise Http404("not logged in")
    proposal = get_object_or_404(own_proposals(account), pk=proposal_id)
    try:
        done = attempt(lambda: withdraw_proposal(proposal=proposal, author=account), kept="", busy=BUSY)
    except RuleBroken as refusal:
        return _page(request, account, fault=refusal.message, refusal=refusal)
    if isinstance(done, Refusal):
        return _page(request, account, fault=done.message, refusal=done)
    return SeeOther(f"{reverse('people:mine')}?done=withdrawn")


def _page(
    request: HttpRequest,
    account: User,
    *,
    notice: str = "",
    fault: str = "",
    refusal: RuleBroken | Refusal | None = None,
) -> HttpResponse:
    context = {
        "crumbs": [("政治家", reverse("site:politicians")), ("自分の政治家の提案", None)],
        "notice": notice,
        "fault": fault,
        "page": paginate(own_proposals(account), page_number(request), PAGE_SIZE),
    }
    status = status_of(refusal) if refusal else HTTPStatus.OK
    return private(request, "people/mine.html", context, status=status, refusal=refusal)
