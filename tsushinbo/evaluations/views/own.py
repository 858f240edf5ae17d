"""What a visitor said so far: the ballots of this browser or account (この端末の評価), and a member's assessments (自分の評価)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo import addresses
from tsushinbo.accounts import voters
from tsushinbo.accounts.access import logged_in, member_of
from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.evaluations.models import Assessment, Choice
from tsushinbo.evaluations.queries import joining as queries
from tsushinbo.evaluations.services import join_ballots, part_ballots, withdraw_ballot
from tsushinbo.paging import page_number, paginate
from tsushinbo.pledges.models import Pledge

HERE = "evaluations:own-ballots"


@require_http_methods(["GET", "HEAD", "POST"])
def ballots(request: HttpRequest) -> HttpResponse:
    """The ballots of the account where it keeps them, else of this browser; to be withdrawn, joined and parted again."""
    account, here = logged_in(request), voters.known(request)
    joined = queries.joined_voter(account) if account else None
    if request.method == "POST":
        return _write(request, account, here, joined if joined is not None else here)
    voter = here if joined is None else joined
    page = paginate(queries.own_ballots(voter), page_number(request))
    apart = queries.own_ballots(here).count() if joined is not None and here is not None and here != joined else 0
    context = {
        "page": page,
        "rows": [(ballot, Choice(ballot.choice)) for ballot in page.rows],
        "joined": joined is not None,
        "uses_account": joined is not None and here == joined,
        "apart": apart,
    }
    response = render(request, "evaluations/own_ballots.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _write(request: HttpRequest, account: User | None, here: int | None, voter: int | None) -> HttpResponse:
    response = HttpResponseRedirect(reverse(HERE))
    now, deed = timezone.now(), request.POST.get("deed", "")
    try:
        if deed == "withdraw" and voter is not None:
            pledge = _pledge(request.POST.get("pledge", ""))
            if pledge is not None and withdraw_ballot(pledge=pledge, voter=voter, at=now):
                messages.success(request, f"『{pledge.title}』の評価を取り消しました。")
        elif deed in {"join", "part"} and account is None:
            return redirect_to_login(reverse(HERE))
        elif deed == "join" and account is not None:
            number = join_ballots(user=account, voter=here, at=now)
            voters.remember(response, request, voters.Voter(number, owed_cookie=number != here))
            messages.success(request, "この端末の評価を、アカウントに結び付けました。")
        elif deed == "part" and account is not None and part_ballots(user=account):
            messages.success(request, "結び付けをやめました。評価は、それぞれの端末に残っています。")
    except RuleBroken as refusal:
        messages.error(request, refusal.message)
    return response


def _pledge(text: str) -> Pledge | None:
    try:
        return Pledge.objects.filter(pk=addresses.decode(text)).first()
    except ValueError:
        return None


@require_safe
@login_required
def assessments(request: HttpRequest) -> HttpResponse:
    """What a member says of progress and achievement, and how far each comment is."""
    page = paginate(queries.own_assessments(member_of(request)), page_number(request))
    context = {"page": page, "rows": [(row, _standing(row)) for row in page.rows]}
    return render(request, "evaluations/own_assessments.html", context)


def _standing(assessment: Assessment) -> str:
    """How far the words are; "" where there are none."""
    if not assessment.worded:
        return ""
    if assessment.state == Assessment.State.APPROVED:
        return "コメント公開中"
    return f"コメントは{Assessment.State(assessment.state).label}"
