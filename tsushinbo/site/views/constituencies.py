"""Districts and list blocks (選挙区): the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.people.models import Constituency
from tsushinbo.site.queries.constituencies import constituency_page


@require_safe
@held_for_a_minute
def constituency(request: HttpRequest, constituency_id: int) -> HttpResponse:
    """One district: who stood and won in it through time, and how many voted."""
    found = get_object_or_404(Constituency.objects.select_related("prefecture", "block"), pk=constituency_id)
    crumbs: list[tuple[str, str | None]] = [("地域", reverse("site:areas"))]
    if found.prefecture:
        crumbs.append((found.prefecture.name, found.prefecture.get_absolute_url()))
    context = {
        "section": "areas",
        "crumbs": [*crumbs, (found.name, None)],
        "place": found,
        "data": constituency_page(found, timezone.now()),
    }
    return render(request, "site/constituency.html", context)
