"""Pages (being filled)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _stub(request: HttpRequest, **_: object) -> HttpResponse:
    return render(request, "site/error.html", {"status": 0})


home = politicians = politician = politician_pledges = parties = party = areas = area = pledges = pledge = about = _stub


def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: the process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
