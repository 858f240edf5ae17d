"""Where an editor makes one pledge of two that are the same."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.evaluations.forms.merging import MergeForm, OtherForm
from tsushinbo.evaluations.services import merge_pledges
from tsushinbo.moderation.answers import Refusal, SeeOther, attempt, private
from tsushinbo.pledges.errors import CannotMerge
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import for_rows, is_own_side, published
from tsushinbo.pledges.queries.contributions import near_duplicates
from tsushinbo.pledges.views.doors import crumbs_of, find_pledge, for_editors
from tsushinbo.pledges.views.members import status_of


@dataclass(frozen=True)
class Side:
    """One of the two: ``value`` is what the form says when it stays."""

    value: str
    pledge: Pledge
    ballots: int
    assessments: int
    chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def merge(request: HttpRequest, editor: User, pledge_id: int) -> HttpResponse:
    """Find the other pledge, look at both, say which stays and why, and merge."""
    pledge = find_pledge(pledge_id)
    if request.method != "POST":
        form = OtherForm(request.GET) if "other" in request.GET else OtherForm()
        other = _other(pledge, form) if form.is_bound and form.is_valid() else None
        fault = CannotMerge.message if form.is_bound and form.is_valid() and other is None else ""
        return _page(request, editor, pledge, form, other, fault=fault)
    form = MergeForm(request.POST)
    sound = form.is_valid()
    other = _other(pledge, form) if "other" in form.cleaned_data else None
    if not sound or other is None:
        fault = CannotMerge.message if "other" in form.cleaned_data and other is None else ""
        return _page(request, editor, pledge, form, other, fault=fault, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    target, source = (pledge, other) if form.cleaned_data["stays"] == "this" else (other, pledge)
    try:
        reason = form.cleaned_data["reason"]
        done = attempt(lambda: merge_pledges(source=source, target=target, by=editor, reason=reason, at=timezone.now()))
    except RuleBroken as refusal:
        return _page(request, editor, pledge, form, other, fault=refusal.message, status=status_of(refusal))
    if isinstance(done, Refusal):
        return private(_page(request, editor, pledge, form, other, fault=done.message, status=done.status), done)
    return SeeOther(f"{target.get_absolute_url()}#h-his")


def _other(pledge: Pledge, form: OtherForm) -> Pledge | None:
    """The other pledge, if the two may become one."""
    owned = {"politician": pledge.politician_id, "party": pledge.party_id}
    rows = for_rows(published()).select_related("tally", "assessment_tally").filter(**owned)
    return rows.filter(pk=form.cleaned_data["other"]).exclude(pk=pledge.pk).first()


def _page(
    request: HttpRequest,
    editor: User,
    pledge: Pledge,
    form: OtherForm,
    other: Pledge | None,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    stays = form["stays"].value() if isinstance(form, MergeForm) else None
    context = {
        "section": "pledges",
        "crumbs": crumbs_of(pledge, "重複した公約を統合する"),
        "pledge": pledge,
        "other": other,
        "own_side": is_own_side(editor, pledge),
        "sides": [_side("this", pledge, stays), _side("other", other, stays)] if other else [],
        "alike": near_duplicates(pledge.owner, pledge.title, pledge.text, but=pledge) if other is None else [],
        "typed": addresses.encode(other.pk) if other else str(form["other"].value() or ""),
        "form": form if isinstance(form, MergeForm) or other is None else MergeForm(),
        "fault": fault,
    }
    return private(render(request, "evaluations/merge.html", context, status=status))


def _side(value: str, pledge: Pledge, stays: object) -> Side:
    tally, assessed = getattr(pledge, "tally", None), getattr(pledge, "assessment_tally", None)
    ballots = tally.ballots + tally.held + tally.excluded if tally else 0
    return Side(value, pledge, ballots, assessed.assessments if assessed else 0, value == stays)
