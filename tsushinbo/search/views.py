"""The page of the search, and what is offered while somebody types."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.filters import Filters
from tsushinbo.japanese.kana import hiragana
from tsushinbo.paging import Page, page_number, paginate
from tsushinbo.people.queries import KANA_ROWS
from tsushinbo.search import queries, words
from tsushinbo.search.forms import narrowing_of, search_filters
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import Found, Narrowing

# How many of each kind the page of all kinds shows, and the page of one kind.
SHOWN = {
    Kind.POLITICIANS: 12,
    Kind.PARTIES: 4,
    Kind.AREAS: 6,
    Kind.PLEDGES: 10,
    Kind.REPORTS: 5,
    Kind.BOOKS: 5,
}
PAGE_SIZE = {
    Kind.POLITICIANS: 60,
    Kind.PARTIES: 60,
    Kind.AREAS: 60,
    Kind.PLEDGES: 30,
    Kind.REPORTS: 30,
    Kind.BOOKS: 30,
}


@dataclass(frozen=True)
class Group:
    """What was found of one kind. ``page`` counts all of it and holds the rows to show."""

    kind: Kind
    page: Page[Any]

    @property
    def unit(self) -> str:
        """The counting word."""
        return "人" if self.kind == Kind.POLITICIANS else "件"


@require_safe
@held_for_a_minute
def search(request: HttpRequest) -> HttpResponse:
    """Politicians, parties, places, pledges, reports and books that match what was typed, in groups with their counts."""
    asked = words.read(request.GET.get("q", ""))
    # Without a word there is nothing to narrow.
    filters = search_filters(request.GET) if asked.words else Filters([])
    narrowing = narrowing_of(filters) if asked.words else queries.EVERYTHING
    order = filters.value("order") if asked.words else None
    kind = request.GET.get("type", "")
    chosen = Kind(kind) if kind in Kind.values else None
    number = page_number(request)
    if chosen is None:
        number = 1
    kinds = [one for one in Kind if narrowing.applies_to(one)] if asked.words else []
    groups = [_group(one, asked, narrowing, order or "relevance", chosen, number) for one in kinds]
    shown = [group for group in groups if group.page.total and chosen in {None, group.kind}]
    context = {
        "crumbs": [("検索", None)],
        "q": asked.text,
        "asked": asked,
        "places": queries.areas_of(asked.postcode) if asked.postcode else [],
        "chosen": chosen,
        "unknown_type": bool(kind) and chosen is None,
        "filters": filters,
        "left_out": [one.label for one in Kind if one not in kinds] if asked.words else [],
        "groups": groups,
        "shown": shown,
        "found_any": any(group.page.total for group in groups),
        "hints": [] if shown else _hints(asked, narrowing),
        "number": number,
        "longest": words.LONGEST,
    }
    return render(request, "search/search.html", context)


@require_safe
@held_for_a_minute
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by what was typed so far, for the list under a search box."""
    return render(request, "search/_hints.html", {"suggestions": queries.suggest(request.GET.get("q", ""))})


def _group(kind: Kind, asked: words.Asked, narrowing: Narrowing, order: str, chosen: Kind | None, number: int) -> Group:
    most = queries.COUNTED if chosen == kind else queries.FIRST_PAGE
    found: Found = queries.find(kind, asked, narrowing, order, most=most)
    size = PAGE_SIZE[kind] if chosen == kind else SHOWN[kind]
    page = paginate(found.keys, number if chosen == kind else 1, size)
    shown = queries.rows(kind, page.rows) if chosen in {None, kind} else []
    return Group(kind, replace(page, rows=shown, total=found.total, more_than_counted=found.more))


def _hints(asked: words.Asked, narrowing: Narrowing) -> list[tuple[str, str]]:
    """Nearest things to try where nothing was found: words and addresses."""
    if not asked.words:
        return []
    address = reverse("search:search")
    hints = []
    if narrowing.chosen:
        hints.append(("条件をすべて外してさがす", f"{address}?{urlencode({'q': asked.text})}"))
    hints += [(f"「{word}」でさがす", f"{address}?{urlencode({'q': word})}") for word in queries.nearest(asked)]
    if not hints and len(asked.text) > 2:
        start = asked.text[:2]
        hints.append((f"はじめの2字「{start}」でさがす", f"{address}?{urlencode({'q': start})}"))
    first = hiragana(asked.text[:1])
    row = next((row for row, letters in KANA_ROWS.items() if first and first in letters), None)
    if row:
        hints.append((f"五十音の「{row}」行の政治家を見る", f"{reverse('site:politicians')}?{urlencode({'row': row})}"))
    return hints
