"""One pledge at a time, drawn at random (ランダム評価)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from tsushinbo.accounts import voters
from tsushinbo.evaluations.forms import DrawForm
from tsushinbo.evaluations.queries import ballots_today, draw_pledge


@csrf_exempt  # it changes nothing: a POST is told of the method, not of a missing token
@require_safe
def random_pledge(request: HttpRequest) -> HttpResponse:
    """A pledge this voter has not judged, without its tally."""
    form = DrawForm(request.GET)
    voter = voters.known(request)
    skipped = form.skipped
    pledge = draw_pledge(voter=voter, wanted=form.wanted, skipped=skipped)
    address = reverse("evaluations:random")
    context = {
        "section": "random",
        "crumbs": [("ランダム評価", None)],
        "form": form,
        "pledge": pledge,
        "ticket": voters.ticket(request),
        "today": ballots_today(voter, at=timezone.now()),
        "next_address": address + form.address_after([*skipped, pledge.pk] if pledge else []),
        "narrowed": bool(form.address_after([])),
        "passed_over": len(skipped),
    }
    response = render(request, "evaluations/random.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
