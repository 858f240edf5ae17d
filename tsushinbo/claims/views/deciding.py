"""Where moderators read claims and decide them."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.access import for_roles, member_of
from tsushinbo.accounts.roles import Role
from tsushinbo.claims import services
from tsushinbo.claims.errors import ClaimMoved
from tsushinbo.claims.forms import DecisionForm
from tsushinbo.claims.models import Claim, ClaimReason
from tsushinbo.claims.queries import claims_at_desk, find_for_desk, settled_claims
from tsushinbo.claims.views.answers import see_other, status_of, words_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import unless_busy
from tsushinbo.paging import page_number, paginate

PAGE_SIZE = 20
DONE = {
    "verify": "本人確認を済ませました。申請した人に知らせました。",
    "refuse": "申請を断りました。理由は、申請した人が読めます。",
    "end": "本人確認を終えました。これまでに書かれたものは残ります。",
}


@require_safe
@for_roles(Role.MODERATOR, Role.ADMINISTRATOR)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first, and what was settled lately."""
    context = {
        "crumbs": [("本人確認の申請", None)],
        "page": paginate(claims_at_desk(), page_number(request), PAGE_SIZE),
        "settled": settled_claims(),
        "now": timezone.now(),
    }
    return render(request, "claims/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.MODERATOR, Role.ADMINISTRATOR)
def decide(request: HttpRequest, claim_id: int) -> HttpResponse:
    """One claim with all that is known, and the decision on it."""
    moderator = member_of(request)
    found = find_for_desk(claim_id, moderator)
    if found is None:
        raise Http404("no such claim")
    if request.method != "POST":
        return _page(request, claim_id, DecisionForm(), notice=DONE.get(request.GET.get("done", ""), ""))
    deed = request.POST.get("deed", "")
    form = DecisionForm(request.POST, reasoned=deed != "verify")
    if not form.is_valid():
        fault = ClaimMoved.message if "seen" in form.errors else ""
        return _page(request, claim_id, form, fault=fault, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        unless_busy(lambda: _do(deed, found.claim, request, form))
    except RuleBroken as refusal:
        status = HTTPStatus.CONFLICT if isinstance(refusal, ClaimMoved) else status_of(refusal)
        return _page(request, claim_id, form, fault=words_of(refusal, form), status=status)
    return see_other(reverse("claims:decide", args=[claim_id]), deed)


def _do(deed: str, claim: Claim, request: HttpRequest, form: DecisionForm) -> None:
    sent, by, at = form.cleaned_data, member_of(request), timezone.now()
    reason = ClaimReason(sent["reason"]) if sent["reason"] else None
    if deed == "verify":
        services.decide_claim(
            claim=claim, verify=True, by=by, seen=sent["seen"], note=sent["note"], end_others=sent["end_others"], at=at
        )
    elif deed == "refuse":
        services.decide_claim(
            claim=claim, verify=False, by=by, seen=sent["seen"], reason=reason, note=sent["note"], at=at
        )
    elif deed == "end" and reason is not None:
        services.end_verification(claim=claim, by=by, seen=sent["seen"], reason=reason, note=sent["note"], at=at)
    else:
        raise ClaimMoved


def _page(
    request: HttpRequest, claim_id: int, form: DecisionForm, *, fault: str = "", notice: str = "", status: int = 200
) -> HttpResponse:
    found = find_for_desk(claim_id, member_of(request))
    if found is None:
        raise Http404("no such claim")
    context = {
        "crumbs": [("本人確認の申請", reverse("claims:desk")), (found.claim.politician.spaced_name, None)],
        "desk": found,
        "claim": found.claim,
        "form": form,
        "fault": fault,
        "notice": notice,
    }
    return render(request, "claims/decide.html", context, status=status)
