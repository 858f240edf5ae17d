"""The first page, and what the site is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.activities.queries import newest_first as reports_newest_first
from tsushinbo.activities.queries import published as published_reports
from tsushinbo.advice.queries import open_at
from tsushinbo.caching import held_for_a_minute
from tsushinbo.elections.queries import upcoming
from tsushinbo.evaluations.queries import draw_pledge
from tsushinbo.pledges.queries import for_rows, newest_first, published
from tsushinbo.pledges.words import FLAGS_WHEN, WHEN
from tsushinbo.site.queries.gaps import gaps
from tsushinbo.site.queries.totals import totals
from tsushinbo.sources.models import Dataset
from tsushinbo.surveys.queries import listed as listed_surveys
from tsushinbo.surveys.queries import opened as open_surveys

NEW_PLEDGES = 6
NEW_REPORTS = 4
ELECTIONS = 6
MATCHINGS = 3
SURVEYS = 4


@require_safe
@held_for_a_minute
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then how it works, one pledge to judge, and what is new."""
    now = timezone.now()
    context = {
        "totals": totals(),
        # One draw a minute for everybody, so that any cache may hold the page that long.
        "drawn": draw_pledge(seed=int(now.timestamp()) // 60),
        "new_pledges": newest_first(for_rows(published()))[:NEW_PLEDGES],
        "new_reports": reports_newest_first(published_reports(now))[:NEW_REPORTS],
        "elections": upcoming(timezone.localdate())[:ELECTIONS],
        "matchings": open_at(now)[:MATCHINGS],
        "surveys": [row for row in listed_surveys(list(open_surveys(now)[:SURVEYS]), now) if not row.held],
    }
    return render(request, "site/home.html", context)


@require_safe
@held_for_a_minute
def about(request: HttpRequest) -> HttpResponse:
    """What the site is, how it counts, what it keeps, where its facts come from."""
    context = {
        "section": "about",
        "crumbs": [("このサイトについて", None)],
        "datasets": Dataset.objects.all(),
        "status_words": [(status.value, status.label, when) for status, when in WHEN.items()],
        "flag_words": FLAGS_WHEN.values(),
        "gaps": gaps(),
    }
    return render(request, "site/about.html", context)
