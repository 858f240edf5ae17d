"""Where editors read what others proposed, agree or refuse as the second of two, and undo a change."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.models import User
from tsushinbo.addresses import decode
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import SeeOther, posted
from tsushinbo.paging import page_number, paginate
from tsushinbo.pledges import services
from tsushinbo.pledges.errors import AlreadyDecided, NothingToUndo, StatusMoved
from tsushinbo.pledges.forms import RejectForm, SeenForm, UndoForm
from tsushinbo.pledges.models import Evidence, Pledge, StatusChange
from tsushinbo.pledges.queries import is_own_side, items, proposals, proposals_by, proposals_waiting, undoable
from tsushinbo.pledges.views.doors import crumbs_of, find_pledge, for_editors

PAGE_SIZE = 20
# What was just done, by the word in the address that the answer leads to.
DONE = {
    "proposed": "根拠を登録しました。ほかの編集者が確認すると、公約のページに出ます。",
    "confirmed": "根拠を採用し、公約の実施状況に反映しました。",
    "rejected": "根拠を不採用にしました。理由は、登録した人が読めます。",
}
# Somebody else was first: what was read is no longer so.
OVERTAKEN = (AlreadyDecided, StatusMoved, NothingToUndo)


@require_safe
@for_editors
def desk(request: HttpRequest, editor: User) -> HttpResponse:
    """Every proposal that waits for a second editor, the oldest first, or those of one pledge."""
    pledge = _asked_for(request)
    page = paginate(proposals_waiting(pledge), page_number(request), PAGE_SIZE)
    context = {
        "section": "pledges",
        "crumbs": crumbs_of(pledge, "確認待ちの根拠") if pledge else [("確認待ちの根拠", None)],
        "pledge": pledge,
        "page": page,
        "items": items(page.rows, editor),
        "own": proposals_by(editor),
        "form": RejectForm(),
    }
    return render(request, "pledges/desk.html", context)


@require_safe
@for_editors
def proposal(request: HttpRequest, editor: User, evidence_id: int) -> HttpResponse:
    """One proposal beside the pledge it is about."""
    notice = DONE.get(request.GET.get("done", ""), "")
    return _page(request, editor, _find(evidence_id), RejectForm(), notice=notice)


@posted(lambda evidence_id: reverse("pledges:proposal", args=[evidence_id]))
@for_editors
def confirm(request: HttpRequest, editor: User, evidence_id: int) -> HttpResponse:
    """Agree, as the second editor."""
    evidence, form = _find(evidence_id), SeenForm(request.POST)
    # Without the number nothing is known of what the editor read: it is as if the status had moved.
    seen = form.cleaned_data["seen"] if form.is_valid() else -1
    try:
        services.confirm_evidence(evidence=evidence, by=editor, seen=seen, at=timezone.now())
    except RuleBroken as refusal:
        return _page(request, editor, _find(evidence_id), RejectForm(), fault=refusal)
    return SeeOther(f"{evidence.get_absolute_url()}?done=confirmed")


@posted(lambda evidence_id: reverse("pledges:proposal", args=[evidence_id]))
@for_editors
def reject(request: HttpRequest, editor: User, evidence_id: int) -> HttpResponse:
    """Refuse, as the second editor, with a reason."""
    evidence, form = _find(evidence_id), RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, editor, evidence, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        services.reject_evidence(evidence=evidence, by=editor, reason=form.cleaned_data["reason"], at=timezone.now())
    except RuleBroken as refusal:
        return _page(request, editor, _find(evidence_id), form, fault=refusal)
    return SeeOther(f"{evidence.get_absolute_url()}?done=rejected")


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def undo(request: HttpRequest, editor: User, pledge_id: int) -> HttpResponse:
    """The newest change of how a pledge stands, and its undoing."""
    pledge = find_pledge(pledge_id)
    change = undoable(pledge)
    if request.method != "POST":
        return _undo_page(request, editor, pledge, change, UndoForm())
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _undo_page(request, editor, pledge, change, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if change is None or change.number != form.cleaned_data["change"]:
            raise NothingToUndo
        services.undo_status_change(change=change, by=editor, reason=form.cleaned_data["reason"], at=timezone.now())
    except RuleBroken as refusal:
        pledge = find_pledge(pledge_id)
        return _undo_page(request, editor, pledge, undoable(pledge), form, fault=refusal)
    return SeeOther(f"{pledge.get_absolute_url()}#h-record")


def _asked_for(request: HttpRequest) -> Pledge | None:
    """The pledge that the desk is narrowed to; 404 for what is no pledge."""
    text = request.GET.get("pledge", "")
    if not text:
        return None
    try:
        return find_pledge(decode(text))
    except ValueError:
        raise Http404("no id of a pledge") from None


def _find(evidence_id: int) -> Evidence:
    return get_object_or_404(proposals(), pk=evidence_id)


def _status_of(fault: RuleBroken | None, otherwise: int) -> int:
    if fault is None:
        return otherwise
    return HTTPStatus.CONFLICT if isinstance(fault, OVERTAKEN) else HTTPStatus.FORBIDDEN


def _page(
    request: HttpRequest,
    editor: User,
    evidence: Evidence,
    form: RejectForm,
    *,
    fault: RuleBroken | None = None,
    notice: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    [item] = items([evidence], editor)
    context = {
        "section": "pledges",
        "crumbs": [("確認待ちの根拠", reverse("pledges:evidence")), (evidence.title, None)],
        "pledge": evidence.pledge,
        "item": item,
        "form": form,
        "fault": fault.message if fault else "",
        "notice": notice,
    }
    return render(request, "pledges/proposal.html", context, status=_status_of(fault, status))


def _undo_page(
    request: HttpRequest,
    editor: User,
    pledge: Pledge,
    change: StatusChange | None,
    form: UndoForm,
    *,
    fault: RuleBroken | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "section": "pledges",
        "crumbs": crumbs_of(pledge, "実施状況の変更を取り消す"),
        "pledge": pledge,
        "change": change,
        "own_side": is_own_side(editor, pledge),
        "form": form,
        "fault": fault.message if fault else "",
    }
    return render(request, "pledges/undo.html", context, status=_status_of(fault, status))
