"""The ballot box of one pledge: the voter's own state, and taking a ballot."""

from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts import voters
from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.network import network_prefix
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.proof_of_work import WorkAsked, WorkNeeded, answer_in, challenge
from tsushinbo.accounts.services import network_subject
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import BallotRefused, OwnPledge
from tsushinbo.evaluations.forms import BallotForm
from tsushinbo.evaluations.models import Choice, Reason, Standing
from tsushinbo.evaluations.queries import Box, ballots_today, own_box
from tsushinbo.evaluations.queries.held_back import hold_back
from tsushinbo.evaluations.views.answers import Refusal, SeeOther, attempt, htmx
from tsushinbo.moderation.services import Banned
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import published, standing


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def ballot(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """Show the voter's own ballot on a pledge, or take one."""
    # Without owner and tally: a ballot is taken in a third of the time, and a page asks for what it shows.
    # What a voter sends from a page that was opened before a merge goes to the pledge that stayed.
    pledge = standing(published(), pledge_id)
    if pledge is None:
        raise Http404("no such pledge")
    hold_back([pledge], timezone.now())
    if request.method == "POST":
        return _take(request, pledge)
    voter = voters.known(request)
    return _page(request, own_box(pledge, voter=voter, ticket=voters.ticket(request)), voter)


def _take(request: HttpRequest, pledge: Pledge) -> HttpResponse:
    form = BallotForm(request.POST)
    if not form.is_valid():
        return _refuse(request, pledge, form, form.faults, status=422)
    try:
        done = attempt(lambda: _record(request, pledge, form))
    except BallotRefused as refusal:
        return _refuse(request, pledge, form, refusal.faults, status=422)
    except WorkNeeded as needed:
        faults = {} if isinstance(needed, WorkAsked) else {"": needed.message}
        return _refuse(request, pledge, form, faults, status=422, bits=needed.bits)
    except Banned as refusal:
        # The ballot alone would be taken: the message says so.
        return _refuse(request, pledge, form, {"reason_text": refusal.message}, status=422)
    except OwnPledge as refusal:
        return _refuse(request, pledge, form, {"": refusal.message}, status=422, own_pledge=True)
    if isinstance(done, Refusal):
        return _refuse(request, pledge, form, {"": done.message}, status=done.status, retry_after=done.retry_after)
    voter, notice, held = done
    # The ballot is on disk from here on.
    if htmx(request):
        number = voter.number if voter else None
        box = own_box(pledge, voter=number, ticket=voters.ticket(request, voter))
        response = _page(request, replace(box, notice=notice), number or voters.known(request))
    elif held:
        # The page of the pledge is everybody's; that the ballot is held is said where its voter sees it.
        response = SeeOther(reverse("evaluations:ballot", args=[pledge.pk]))
    else:
        response = SeeOther(pledge.get_absolute_url())
    if voter is not None:
        voters.remember(response, request, voter)
    return response


def _record(request: HttpRequest, pledge: Pledge, form: BallotForm) -> tuple[voters.Voter | None, str, bool]:
    """Cast or withdraw; return whose ballot it is, what to tell them, and whether it is held."""
    at = timezone.now()
    if form.withdraws:
        voter = voters.returning(request)
        if voter is not None:
            network = network_subject(network_prefix(request), at=at)
            services.withdraw_ballot(pledge=pledge, voter=voter.number, network=network, at=at)
        return None, "評価を取り消しました。", False
    voter = voters.identify(request)
    answers = form.cleaned_data
    cast = services.cast_ballot(
        pledge=pledge,
        voter=voter.number,
        choice=Choice(answers["choice"]),
        reasons=[Reason(reason) for reason in answers["reasons"]],
        text=answers["reason_text"],
        network=network_subject(network_prefix(request), at=at),
        account=logged_in(request),
        work=answer_in(request.POST, scripted=bool(htmx(request))),
        at=at,
    )
    notice = "評価を受け付けました。" if cast.cast_at == at else "評価を変更しました。"
    return voter, notice, cast.standing == Standing.HELD


def _refuse(
    request: HttpRequest,
    pledge: Pledge,
    form: BallotForm,
    faults: dict[str, str],
    *,
    status: int,
    retry_after: int = 0,
    own_pledge: bool = False,
    bits: int = 0,
) -> HttpResponse:
    """Show the form again with everything that was typed and what is wrong, or with the work that is to be done first."""
    voter = voters.known(request)
    box = replace(
        own_box(pledge, voter=voter),
        answers=form.typed,
        faults=faults,
        own_pledge=own_pledge,
        ticket=voters.ticket(request),
        work=challenge(services.work_purpose(pledge.pk), bits, timezone.now()) if bits else None,
    )
    response = _page(request, box, voter, status=status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _page(request: HttpRequest, box: Box, voter: int | None, *, status: int = 200) -> HttpResponse:
    """Answer htmx with the box alone, everybody else with a page around it."""
    draw = reverse("evaluations:random")
    context = {
        "section": "pledges",
        "crumbs": [
            ("公約", reverse("site:pledges")),
            (box.pledge.title, box.pledge.get_absolute_url()),
            ("評価", None),
        ],
        "pledge": box.pledge,
        "box": box,
        "next_address": draw,
    }
    here = _seen_from(request)
    if here.path == draw:
        # On the page of the draw it goes on as it was narrowed, and the count of the day moves on with the ballot.
        context["next_address"] = f"{draw}?{here.query}" if here.query else draw
        context["concealed"] = box.own is None
        context["today"] = ballots_today(voter, at=timezone.now())
    template = "evaluations/_box.html#inside" if htmx(request) else "evaluations/ballot.html"
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _seen_from(request: HttpRequest) -> SplitResult:
    """The page of ours on which htmx asks; empty for any other, and for what is no address."""
    try:
        return urlsplit(htmx(request).current_url_abs_path or "")
    except ValueError:
        return urlsplit("")
