"""Parties: the list and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.paging import page_number, paginate
from tsushinbo.people.models import Office, Party
from tsushinbo.people.queries import named
from tsushinbo.site.queries.parties import party_page, party_rows


@require_safe
@held_for_a_minute
def parties(request: HttpRequest) -> HttpResponse:
    """Every party, by name."""
    active, others = party_rows()
    context = {"section": "parties", "crumbs": [("政党", None)], "active": active, "others": others}
    return render(request, "site/parties.html", context)


@require_safe
@held_for_a_minute
def party(request: HttpRequest, party_id: int) -> HttpResponse:
    """One party: members, pledges, seats."""
    found = get_object_or_404(Party, pk=party_id)
    asked = request.GET.get("office", "")
    office = asked if asked in Office.values else None
    data = party_page(found, office, timezone.now())
    page = paginate(data.members.values_list("pk", flat=True), page_number(request), 60)
    context = {
        "section": "parties",
        "crumbs": [("政党", reverse("site:parties")), (found.name, None)],
        "party": found,
        "data": data,
        "office": office,
        "refused": ["職"] if asked and office is None else [],
        "page": page,
        "people": named(page.rows),
    }
    return render(request, "site/party.html", context)
