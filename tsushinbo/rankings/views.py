"""The list of the rankings, one ranking, and who has no place in it."""

from dataclasses import replace
from functools import cache
from operator import attrgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.paging import Page, page_number
from tsushinbo.rankings import words
from tsushinbo.rankings.forms import (
    Wanted,
    popular_filters,
    population_filter,
    ranking_filters,
    wanted_reports,
    wanted_rows,
)
from tsushinbo.rankings.models import Kind, Population
from tsushinbo.rankings.queries import (
    MOST,
    Known,
    known,
    left_out_of,
    most_discussed,
    page_of,
    still_placed,
    unranked_of,
)
from tsushinbo.rankings.queries.facets import OF_PLEDGES
from tsushinbo.rankings.rows import discussed, listed, written

TITLE = "ランキング"
NOTHING: Page[Any] = Page(rows=[], number=1, size=1, total=0, more_than_counted=False)


@require_safe
@held_for_a_minute
def rankings(request: HttpRequest) -> HttpResponse:
    """Every kind with what it says, how it is worked out and from how many evaluations on. It names nobody: no first places."""
    seen = known()

    def told(kinds: tuple[Kind, ...]) -> list[tuple[str, words.About, int | None]]:
        return [(kind, words.ABOUT[kind], seen.members(kind) if seen else 0) for kind in kinds]

    context = {
        "section": "rankings",
        "crumbs": [(TITLE, None)],
        "run": seen and seen.run,
        "groups": [
            ("政治家のランキング", told(words.PEOPLE), ("人", "人")),
            ("公約のランキング", told(words.PLEDGES), ("公約", "件")),
            ("活動報告のランキング", [(words.POPULAR, words.OF_REPORTS, None)], ("活動報告", "件")),
        ],
    }
    return render(request, "rankings/rankings.html", context)


@require_safe
@held_for_a_minute
def ranking(request: HttpRequest, kind: str) -> HttpResponse:
    """One ranking, narrowed as asked."""
    chosen, at = _kind(kind), timezone.now()
    number = page_number(request)
    seen = known()
    filters = ranking_filters(request.GET, chosen, seen)
    wanted = wanted_rows(filters, chosen)
    page = _page(seen, chosen, wanted, number)
    if wanted.population != Population.PARTY:
        page = replace(page, rows=still_placed(page.rows, attrgetter("subject.pk"), chosen, at))
    context = {
        **_common(chosen, seen, wanted),
        "left_out": left_out_of(seen, chosen, wanted.population, at),
        "filters": filters,
        "narrowed": bool(wanted.narrowing),
        "by_pledges": chosen in words.PEOPLE and not wanted.narrowing.keys().isdisjoint(OF_PLEDGES),
        "page": _bare(page),
        "rows": written(page.rows, words.ABOUT[chosen]),
        "frozen": any(row.frozen for row in page.rows),
    }
    return render(request, "rankings/ranking.html", context)


@require_safe
@held_for_a_minute
def popular_activities(request: HttpRequest) -> HttpResponse:
    """The reports with the most comments of the last seven days, as it is at this moment, narrowed as asked."""
    at, about = timezone.now(), words.OF_REPORTS
    filters = popular_filters(request.GET)
    found = most_discussed(at, wanted_reports(filters))
    context = {
        "section": "rankings",
        "crumbs": [(TITLE, _list_of_rankings()), (about.title, None)],
        "kind": words.POPULAR,
        "about": about,
        "filters": filters,
        "at": at,
        "rows": discussed(found, about),
        "number": len(found),
        "most": MOST,
        "kinds": words.EVERY,
    }
    return render(request, "rankings/popular.html", context)


@require_safe
@held_for_a_minute
def unranked(request: HttpRequest, kind: str) -> HttpResponse:
    """Who has pledges but too few evaluations for a place, in 五十音 order."""
    chosen = _kind(kind)
    if chosen not in words.COMPARING:
        raise Http404("who has anything to count has a place")
    number, at = page_number(request), timezone.now()
    filters = population_filter(request.GET)
    wanted = wanted_rows(filters, chosen)
    seen = known()
    page = unranked_of(seen, chosen, wanted.population, number) if seen else NOTHING
    page = replace(page, rows=still_placed(page.rows, lambda row: row[0].pk, chosen, at))
    context = {**_common(chosen, seen, wanted), "filters": filters, "page": _bare(page), "rows": listed(page.rows)}
    context["left_out"] = left_out_of(seen, chosen, wanted.population, at)
    ranking_itself = (context["about"].title, reverse("rankings:ranking", args=[chosen]))
    context["crumbs"] = [context["crumbs"][0], ranking_itself, ("順位をつけていない人", None)]
    return render(request, "rankings/unranked.html", context)


@cache
def _list_of_rankings() -> str:
    return reverse("rankings:rankings")


def _kind(text: str) -> Kind:
    if text not in Kind.values:
        raise Http404("no such ranking")
    return Kind(text)


def _page(seen: Known | None, kind: Kind, wanted: Wanted, number: int) -> Page[Any]:
    listed = seen.find(kind, wanted.population) if seen else None
    if listed is not None:
        return page_of(listed, wanted.narrowing, number)
    if number > 1:
        raise Http404("beyond the last page")
    return NOTHING


def _bare(page: Page[Any]) -> Page[Any]:
    """The page without what its rows are made of. A context waits for the garbage collector, which a page of objects would call twice as often."""
    return replace(page, rows=[None] * len(page.rows))


def _common(kind: Kind, seen: Known | None, wanted: Wanted) -> dict[str, Any]:
    """What the page of a ranking and that of who is not in it both say."""
    about, population = words.ABOUT[kind], wanted.population
    run = seen.run if seen else None
    members = seen.members(kind, population) if seen else 0
    return {
        "section": "rankings",
        "crumbs": [(TITLE, _list_of_rankings()), (about.title, None)],
        "kind": kind,
        # What hangs on these three alone is put together once for each.
        "same": (seen and seen.reading, kind, population),
        "about": about,
        "gate": words.CONSENSUS,
        "run": run,
        "members": members,
        "compared": words.compared(kind, population),
        "unit": words.counter(kind, population),
        "called": words.called(kind, population),
        "counter_at": words.counter(kind, population) + "目",
        "population": population,
        "scale": run.ruler.populations.get(population) if run and kind == Kind.DEVIATION else None,
        "consensus": run.consensus if run and kind == Kind.PLEDGE_CONSENSUS else None,
        "outside": _outside(kind, population, seen),
        "of_reports": kind == Kind.ACTIVITIES,
        "comparing": kind in words.COMPARING or kind in words.PLEDGES,
        "kinds_of_pledges": words.PLEDGES,
        "kinds": words.EVERY,
    }


def _outside(kind: Kind, population: Population, seen: Known | None) -> int:
    """How many have pledges, or are pledges, and have no place for want of evaluations."""
    if seen is None:
        return 0
    if kind in words.PLEDGES:
        return max(0, seen.run.counts.get("pledges", 0) - seen.members(kind))
    if kind in words.COMPARING:
        return max(0, seen.members(Kind.PLEDGES, population) - seen.members(kind, population))
    return 0
