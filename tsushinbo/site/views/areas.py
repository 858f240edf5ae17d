"""Areas: the 47 prefectures, and the page of one prefecture, municipality or ward."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.people.models import Area
from tsushinbo.people.queries import prefectures_by_region
from tsushinbo.site.queries.areas import area_page


@require_safe
@held_for_a_minute
def areas(request: HttpRequest) -> HttpResponse:
    """The prefectures by region."""
    context = {"section": "areas", "crumbs": [("地域", None)], "regions": prefectures_by_region()}
    return render(request, "site/areas.html", context)


@require_safe
@held_for_a_minute
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area: who serves it, what lies in it, how it voted."""
    found = get_object_or_404(Area.objects.select_related("prefecture", "parent"), pk=code)
    above = {
        place.pk: place for place in (found.prefecture, found.parent) if place is not None and place.pk != found.pk
    }
    crumbs: list[tuple[str, str | None]] = [("地域", reverse("site:areas"))]
    crumbs += [(place.name, place.get_absolute_url()) for place in above.values()]
    context = {
        "section": "areas",
        "crumbs": [*crumbs, (found.name, None)],
        "area": found,
        "data": area_page(found, timezone.localdate()),
    }
    return render(request, "site/area.html", context)
