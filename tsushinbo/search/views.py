"""The page of the search, and what is offered while somebody types."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.japanese.kana import hiragana
from tsushinbo.moderation.text import clean_text
from tsushinbo.paging import Page, page_number, paginate
from tsushinbo.people.queries import KANA_ROWS
from tsushinbo.search import queries, words
from tsushinbo.search.forms import left_out, narrowing_of, search_filters
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import Narrowing

# How many of each kind the page of all kinds shows, and the page of one kind.
SHOWN = {Kind.POLITICIANS: 12, Kind.PARTIES: 4, Kind.AREAS: 6, Kind.PLEDGES: 10, Kind.REPORTS: 5, Kind.BOOKS: 5}
PAGE_SIZE = {Kind.POLITICIANS: 60, Kind.PARTIES: 60, Kind.AREAS: 60, Kind.PLEDGES: 30, Kind.REPORTS: 30, Kind.BOOKS: 30}


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
    asked, filters = words.read(request.GET.get("q", "")), search_filters(request.GET)
    narrowing = narrowing_of(filters)
    kind, order = filters.value("type"), filters.value("order") or "relevance"
    chosen, number = Kind(kind) if kind else None, page_number(request)
    without = left_out(filters, narrowing)
    groups = [
        _group(one, asked, narrowing, order, None if chosen is None else number if one == chosen else 0)
        for one in Kind
        if asked.words and one not in without.kinds
    ]
    shown = [group for group in groups if group.page.total and chosen in {None, group.kind}]
    context = {
        "crumbs": [("検索", None)],
        "q": asked.text,
        # All of it, also what was too long: nobody loses what they typed.
        "typed": " ".join(clean_text(request.GET.get("q", "")).split()),
        "asked": asked,
        "places": queries.areas_of(asked.postcode) if asked.postcode else [],
        "filters": filters,
        "narrowed": bool(narrowing.chosen),
        "without": without,
        "chosen": chosen,
        "order": order,
        "number": number if chosen else 1,
        "groups": groups,
        "shown": shown,
        "found_any": any(group.page.total for group in groups),
        "tries": [] if shown or not asked.words else _tries(asked, narrowing),
        "longest": words.LONGEST,
        "most_words": words.MOST_WORDS,
    }
    return render(request, "search/search.html", context)


@require_safe
@held_for_a_minute
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by what was typed so far, for the list under a search box."""
    typed = request.GET.get("q", "")
    return render(request, "search/_hints.html", {"asked": words.read(typed), "suggestions": queries.suggest(typed)})


def _group(kind: Kind, asked: words.Asked, narrowing: Narrowing, order: str, number: int | None) -> Group:
    """One kind: its page ``number``, the first few where that is None, its count alone where it is 0."""
    found = queries.find(kind, asked, narrowing, order, most=queries.COUNTED if number else SHOWN[kind])
    page = paginate(found.keys, number or 1, PAGE_SIZE[kind] if number else SHOWN[kind])
    # A page of one kind is leafed through as far as there are keys.
    total = page.total if number else found.total
    shown = [] if number == 0 else queries.rows(kind, page.rows)
    return Group(kind, replace(page, rows=shown, total=total, more_than_counted=found.more))


def _tries(asked: words.Asked, narrowing: Narrowing) -> list[tuple[str, str]]:
    """Nearest things to try where nothing was found: words and addresses."""
    address = reverse("search:search")
    tries = []
    if narrowing.chosen:
        tries.append(("条件をすべて外してさがす", f"{address}?{urlencode({'q': asked.text})}"))
    tries += [(f"「{word}」でさがす", f"{address}?{urlencode({'q': word})}") for word in queries.nearest(asked)]
    if not tries and len(asked.text) > 2:
        start = asked.text[:2]
        tries.append((f"はじめの2字「{start}」でさがす", f"{address}?{urlencode({'q': start})}"))
    first = hiragana(asked.text[:1])
    row = next((row for row, letters in KANA_ROWS.items() if first and first in letters), None)
    if row:
        tries.append((f"五十音の「{row}」行の政治家を見る", f"{reverse('site:politicians')}?{urlencode({'row': row})}"))
    return tries
