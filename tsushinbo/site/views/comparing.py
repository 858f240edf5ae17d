"""くらべる: up to four people side by side, chosen by their addresses in the query string and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.site.queries.comparing import MOST, compare, contest_at, people_called, read_picks

NAME_LENGTH = 100


@require_safe
@held_for_a_minute
def comparison(request: HttpRequest) -> HttpResponse:
    """``p`` (repeated): politicians; ``c``: candidates who are none on record; ``name``: of somebody to add; ``of``: the contest that was chosen from."""
    picks = read_picks(request.GET.getlist("p"), request.GET.getlist("c"))
    data = compare(picks, timezone.now())
    typed = request.GET.get("name", "").strip()[:NAME_LENGTH]
    here = {column.person.pk for column in data.columns if column.person}
    came_from = request.GET.get("of", "")
    context = {
        "section": "elections",
        "crumbs": [("選挙", reverse("site:elections")), ("くらべる", None)],
        "data": data,
        "picks": picks,
        "most": MOST,
        "missing": len(picks.politicians) + len(picks.candidates) - len(data.columns),
        "came_from": contest_at(came_from) if came_from and not data.columns else None,
        "typed": typed,
        "found": people_called(typed, here) if typed and not data.full else [],
        "share_url": request.build_absolute_uri(f"{request.path}?{data.query}"),
    }
    return render(request, "site/compare.html", context)
