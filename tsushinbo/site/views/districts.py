"""わたしの選挙区: from a postcode or the name of a municipality to everything that people there vote on. Nothing about who asks is kept."""

import re
import unicodedata
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.people.models import Area
from tsushinbo.people.queries import prefectures
from tsushinbo.search import words
from tsushinbo.search.queries import areas_of
from tsushinbo.site.queries.districts import my_district, places_called, places_in

WIDE = frozenset({Area.Kind.PREFECTURE, Area.Kind.DESIGNATED_CITY})
# Digits and dashes and nothing else were meant to be a postcode.
_NUMBER = re.compile(r"〒?[\d\s\-‐‑–—−ー]+")
NUMBER_WORDS = "郵便番号は7けたの数字です。140-0014のように入力してください。"
UNKNOWN_POSTCODE = "この郵便番号の地域は見つかりません。番号を確かめるか、市区町村の名前でさがしてください。"
UNKNOWN_NAME = "この名前の市区町村は見つかりません。都道府県から選ぶこともできます。"


@require_safe
@held_for_a_minute
def district(request: HttpRequest) -> HttpResponse:
    """The seats of ``area``; else what ``q`` may mean, which leads on to an address without it; else the question where somebody lives."""
    if code := request.GET.get("area"):
        place = get_object_or_404(Area.objects.select_related("prefecture", "parent"), pk=code)
        return _choice(request, place) if place.kind in WIDE else _seats(request, place)
    typed = request.GET.get("q", "").strip()
    if not typed:
        return _answer(request, {})
    found, error = _meant(typed)
    if len(found) == 1:
        # An address without the postcode, to be shared and held.
        return HttpResponseRedirect(f"{reverse('site:district')}?{urlencode({'area': found[0].pk})}")
    return _answer(request, {"typed": typed, "error": error, "choices": found, "robots": "noindex"})


def _meant(typed: str) -> tuple[list[Area], str]:
    """The places that were meant, or what is wrong with what was typed."""
    asked = words.read(typed)
    if asked.postcode:
        found = areas_of(asked.postcode)
        return found, "" if found else UNKNOWN_POSTCODE
    if _NUMBER.fullmatch(unicodedata.normalize("NFKC", typed)):
        return [], NUMBER_WORDS
    found = places_called(typed)
    called = [one for one in found if one.name == typed]
    return called if len(called) == 1 else found, "" if found else UNKNOWN_NAME


def _choice(request: HttpRequest, within: Area) -> HttpResponse:
    return _answer(request, {"within": within, "choices": places_in(within), "crumb": within.name})


def _seats(request: HttpRequest, area: Area) -> HttpResponse:
    chosen = request.GET.get("district", "")
    if chosen and not re.fullmatch(r"[1-9][0-9]?", chosen):
        raise Http404("no such district")
    data = my_district(area, int(chosen) if chosen else None, timezone.now())
    if data is None:
        raise Http404("no such district here")
    return _answer(request, {"area": area, "data": data, "crumb": area.name})


def _answer(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    here = reverse("site:district")
    crumb = found.get("crumb")
    context = {
        "section": "elections",
        "crumbs": [
            ("選挙", reverse("site:elections")),
            ("わたしの選挙区", here if crumb else None),
            *([(crumb, None)] if crumb else []),
        ],
        "prefectures": prefectures(),
        **found,
    }
    return render(request, "site/district.html", context)
