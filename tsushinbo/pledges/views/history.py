"""Earlier wordings of a pledge: an editor brings one back; of a merged pledge everybody reads what it said."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.models import User
from tsushinbo.caching import held_for_a_minute
from tsushinbo.elections.queries import hold_of
from tsushinbo.elections.rules import Rule
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import Refusal, SeeOther, attempt, private
from tsushinbo.pledges.differences import changed_fields
from tsushinbo.pledges.forms import RevertForm
from tsushinbo.pledges.models import NAMES, Pledge, PledgeMerge
from tsushinbo.pledges.queries import record_of, revisions_of
from tsushinbo.pledges.queries.contributions import newest_revision, versions_before
from tsushinbo.pledges.services.pledges import wording
from tsushinbo.pledges.services.proposals import revert_pledge
from tsushinbo.pledges.views.doors import crumbs_of, find_pledge, for_editors
from tsushinbo.pledges.views.members import crumbs, status_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def revert(request: HttpRequest, editor: User, pledge_id: int) -> HttpResponse:
    """Choose an earlier wording and bring it back."""
    pledge = find_pledge(pledge_id)
    if request.method != "POST":
        return _page(request, pledge, RevertForm(initial={"version": request.GET.get("version", "")}))
    form = RevertForm(request.POST)
    if not form.is_valid():
        return _page(request, pledge, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    values = form.cleaned_data
    try:
        done = attempt(
            lambda: revert_pledge(
                pledge=pledge,
                number=values["version"],
                by=editor,
                reason=values["reason"],
                seen=values["seen"] or 0,
                at=timezone.now(),
            )
        )
    except RuleBroken as refusal:
        return _page(request, pledge, form, fault=refusal.message, status=status_of(refusal))
    if isinstance(done, Refusal):
        return private(_page(request, pledge, form, fault=done.message, status=done.status), done)
    return SeeOther(f"{pledge.get_absolute_url()}#h-his")


def _page(
    request: HttpRequest, pledge: Pledge, form: RevertForm, *, fault: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    now = wording(pledge)
    versions = [
        (version, changed_fields(now, {**now, **version.content}, NAMES), str(form["version"].value()))
        for version in versions_before(pledge)
    ]
    context = {
        "section": "pledges",
        "crumbs": crumbs_of(pledge, "前の版に戻す"),
        "pledge": pledge,
        "versions": [(version, changes, str(version.number) == chosen) for version, changes, chosen in versions],
        "form": form,
        "fault": fault,
        "seen": newest_revision(pledge),
    }
    return private(render(request, "pledges/revert.html", context, status=status))


@require_safe
@held_for_a_minute
def merged(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """What a merged pledge said and how it stood, why it was merged, and into which."""
    rows = PledgeMerge.objects.select_related("merged_by", "target", "source__politician", "source__party")
    merge = get_object_or_404(rows.select_related("source__policy_area", "source__election"), source=pledge_id)
    hold = hold_of(merge.source.politician_id, timezone.now()) if merge.source.politician_id else None
    context = {
        "section": "pledges",
        "crumbs": crumbs(
            (merge.target.title, merge.target.get_absolute_url()), (f"統合された公約「{merge.source.title}」", None)
        ),
        "merge": merge,
        # How many ballots were moved is a figure of the pledge.
        "hold": hold if hold and Rule.SUPPORT in hold.rules else None,
        "pledge": merge.source,
        "record": record_of(merge.source, whole=True),
        "revisions": revisions_of(merge.source),
    }
    return render(request, "pledges/merged.html", context)
