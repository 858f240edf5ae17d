"""Elections: the list of those to come and past ones, one election, one contest of it, and a calendar to subscribe to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.advice.queries import of_election
from tsushinbo.caching import held_for_a_minute
from tsushinbo.elections.icalendar import calendar
from tsushinbo.elections.models import Contest, Election
from tsushinbo.elections.queries import listed, phase_of
from tsushinbo.elections.queries.counts import counting_of
from tsushinbo.paging import page_number, paginate
from tsushinbo.site.forms import election_filters, wanted_elections
from tsushinbo.site.queries.counts import count_box
from tsushinbo.site.queries.elections import by_month, calendar_events, contest_page, election_page, stamp_of

PAGE_SIZE = 50


@require_safe
@held_for_a_minute
def elections(request: HttpRequest) -> HttpResponse:
    """Elections to come by month, or past ones, narrowed as asked."""
    filters = election_filters(request.GET)
    past = filters.value("when") == "past"
    rows = listed(timezone.localdate(), wanted_elections(filters), past=past)
    page = paginate(rows, page_number(request), PAGE_SIZE)
    context = {
        "section": "elections",
        "crumbs": [("選挙", None)],
        "filters": filters,
        "past": past,
        "page": page,
        "months": [] if past else by_month(page.rows),
    }
    return render(request, "site/elections.html", context)


@require_safe
@held_for_a_minute
def election(request: HttpRequest, election_id: int) -> HttpResponse:
    """One election: when, what for, its contests (of many those of one prefecture), its results by party, earlier ones."""
    found = get_object_or_404(Election.objects.select_related("area"), pk=election_id)
    context = {
        "section": "elections",
        "crumbs": [("選挙", reverse("site:elections")), (found.name, None)],
        "election": found,
        "matching": of_election(found),
        "phase": phase_of(found, timezone.now()),
        "data": election_page(found, timezone.now(), request.GET.get("part", ""), page_number(request)),
        "counting": counting_of(found.pk),
    }
    return render(request, "site/election.html", context)


@require_safe
@held_for_a_minute
def contest(request: HttpRequest, election_id: int, contest_id: int) -> HttpResponse:
    """One contest: its candidates, and once the polls are closed the result."""
    found = get_object_or_404(
        Contest.objects.select_related("election__area"), pk=contest_id, election=election_id
    )  # fmt: skip
    context = {
        "section": "elections",
        "crumbs": [
            ("選挙", reverse("site:elections")),
            (found.election.name, found.election.get_absolute_url()),
            (found.name, None),
        ],
        "contest": found,
        "election": found.election,
        "matching": of_election(found.election_id),
        "phase": phase_of(found, timezone.now()),
        "data": contest_page(found, timezone.now()),
        "box": count_box(found, timezone.now()),
    }
    return render(request, "site/contest.html", context)


@require_safe
@held_for_a_minute
def elections_calendar(request: HttpRequest) -> HttpResponse:
    """The elections to come as iCalendar (RFC 5545), to subscribe to."""
    today = timezone.localdate()
    text = calendar(calendar_events(today, request.build_absolute_uri("/").rstrip("/")), stamped_at=stamp_of(today))
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
