"""採点方法: how every number comes about."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.site.queries.methodology import methodology as read


@require_safe
@held_for_a_minute
def methodology(request: HttpRequest) -> HttpResponse:
    """Formulas, minimums, parameters, a worked example, what is held, the last runs."""
    context = {"section": "methodology", "crumbs": [("採点方法", None)], "method": read(timezone.now())}
    return render(request, "site/methodology.html", context)
