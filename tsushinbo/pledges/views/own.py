"""What a member wrote of pledges: drafts, proposals with what became of them, and what is public."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import SeeOther, posted, private
from tsushinbo.paging import page_number, paginate
from tsushinbo.pledges.queries.contributions import own_drafts, own_proposals, own_revisions
from tsushinbo.pledges.services.proposals import withdraw_proposal
from tsushinbo.pledges.views.members import crumbs

PAGE_SIZE = 20
NEXT = "管理者の確認後に公開されます。24時間以内に確認します。結果は、このページで分かります。"
DONE = {
    "proposed": f"公約を受け付けました。{NEXT}",
    "changed": f"変更を受け付けました。{NEXT}いまの公約は、それまでそのまま公開されます。",
    "imported": f"公約をまとめて受け付けました。{NEXT}",
    "published": "公約をまとめて公開しました。",
    "again": "この一覧は、すでに保存したか、削除しました。二重には登録していません。",
    "dropped": "下書きを削除しました。",
    "withdrawn": "提案を取り下げました。",
}


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the account wrote."""
    account = logged_in(request)
    if account is None:
        return redirect_to_login(request.get_full_path())
    page = paginate(own_proposals(account), page_number(request), PAGE_SIZE)
    context = {
        "section": "pledges",
        "crumbs": crumbs(("自分の公約の提案", None)),
        "notice": DONE.get(request.GET.get("done", ""), ""),
        "fault": "",
        "drafts": own_drafts(account),
        "page": page,
        "revisions": own_revisions(account),
    }
    return private(render(request, "pledges/mine.html", context))


@posted(lambda proposal_id: reverse("pledges:mine"))
@own_forms_only
def withdraw(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Take an own proposal back that nobody decided yet. Another's is no page."""
    account = logged_in(request)
    if account is None:
        raise Http404("not logged in")
    proposal = get_object_or_404(own_proposals(account), pk=proposal_id)
    try:
        withdraw_proposal(proposal=proposal, author=account)
    except RuleBroken as refusal:
        context = {
            "section": "pledges",
            "crumbs": crumbs(("自分の公約の提案", None)),
            "fault": refusal.message,
            "drafts": own_drafts(account),
            "page": paginate(own_proposals(account), 1, PAGE_SIZE),
            "revisions": own_revisions(account),
        }
        return private(render(request, "pledges/mine.html", context, status=409))
    return SeeOther(f"{reverse('pledges:mine')}?done=withdrawn")
