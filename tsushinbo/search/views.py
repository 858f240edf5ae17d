"""The page of the search."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.japanese.kana import hiragana
from tsushinbo.paging import Page, page_number, paginate
from tsushinbo.people.queries import KANA_ROWS
from tsushinbo.search import words
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import PLEDGES_READ, find, rows

# How many of each kind the page of all kinds shows, and the page of one kind.
SHOWN = {Kind.POLITICIANS: 12, Kind.PARTIES: 4, Kind.AREAS: 6, Kind.PLEDGES: 10, Kind.REPORTS: 5, Kind.BOOKS: 5}
PAGE_SIZE = {Kind.POLITICIANS: 60, Kind.PARTIES: 60, Kind.AREAS: 60, Kind.PLEDGES: 30, Kind.REPORTS: 30, Kind.BOOKS: 30}


@dataclass(frozen=True)
class Group:
    """What was found of one kind. ``page`` counts all of it and holds the rows to show; ``partial``: not everything was read."""

    kind: Kind
    page: Page[Any]
    partial: bool

    @property
    def unit(self) -> str:
        """The counting word."""
        return "人" if self.kind == Kind.POLITICIANS else "件"


@require_safe
@held_for_a_minute
def search(request: HttpRequest) -> HttpResponse:
    """Politicians, parties, places and pledges that match what was typed, in groups with their counts."""
    asked = words.read(request.GET.get("q", ""))
    wanted = request.GET.get("type", "")
    chosen = Kind(wanted) if wanted in Kind.values else None
    number = page_number(request)
    if chosen is None:
        number = 1
    groups = [_group(kind, asked, chosen, number) for kind in Kind] if asked.words else []
    context = {
        "crumbs": [("検索", None)],
        "q": asked.text,
        "asked": asked,
        "chosen": chosen,
        "unknown_type": bool(wanted) and chosen is None,
        "groups": groups,
        "shown": [group for group in groups if group.page.total and chosen in {None, group.kind}],
        "found_any": any(group.page.total for group in groups),
        "hints": _hints(asked),
        "number": number,
        "longest": words.LONGEST,
        "pledges_read": PLEDGES_READ,
    }
    return render(request, "search/search.html", context)


def _group(kind: Kind, asked: words.Asked, chosen: Kind | None, number: int) -> Group:
    found = find(kind, asked)
    page = paginate(found.keys, number, PAGE_SIZE[kind]) if chosen == kind else paginate(found.keys, 1, SHOWN[kind])
    shown = rows(kind, page.rows) if chosen in {None, kind} else []
    return Group(kind, replace(page, rows=shown, more_than_counted=found.more), found.partial)


def _hints(asked: words.Asked) -> list[tuple[str, str]]:
    """Nearest things to try when nothing was found: words and addresses."""
    address = reverse("search:search")
    hints = []
    if len(asked.words) > 1:
        hints = [(f"「{word.text}」だけでさがす", f"{address}?{urlencode({'q': word.text})}") for word in asked.words]
    elif len(asked.text) > 2:
        start = asked.text[:2]
        hints = [(f"はじめの2字「{start}」でさがす", f"{address}?{urlencode({'q': start})}")]
    first = hiragana(asked.text[:1])
    row = next((row for row, letters in KANA_ROWS.items() if first and first in letters), None)
    if row:
        hints.append((f"五十音の「{row}」行の政治家を見る", f"{reverse('site:politicians')}?{urlencode({'row': row})}"))
    return hints
