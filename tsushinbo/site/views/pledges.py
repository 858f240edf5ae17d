"""Pledges: the list and the page of one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo import addresses
from tsushinbo.caching import asked_again, held_for_a_minute, mark_last_modified
from tsushinbo.elections.queries import holding
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.queries import public_box
from tsushinbo.evaluations.queries.held_back import hold_back
from tsushinbo.paging import page_number, paginate
from tsushinbo.pledges.queries import merged_into
from tsushinbo.site.forms import pledge_filters, wanted_pledges
from tsushinbo.site.queries.pledges import find, pledge_list, pledge_page


@require_safe
@held_for_a_minute
def pledges(request: HttpRequest) -> HttpResponse:
    """Every published pledge, narrowed and ordered as asked."""
    filters = pledge_filters(request.GET)
    order, at = filters.value("order") or "new", timezone.now()
    page = paginate(pledge_list(wanted_pledges(filters), order, at), page_number(request))
    hold_back(page.rows, at)
    context = {
        "section": "pledges",
        "crumbs": [("公約", None)],
        "filters": filters,
        "order": order,
        "page": page,
        "left_out": holding(Rule.SUPPORT, at) if order == "ballots" else [],
    }
    return render(request, "site/pledges.html", context)


@require_safe
@asked_again
def pledge(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """One pledge with its source, its history and its ballots."""
    found = find(pledge_id)
    if found is None:
        if target := merged_into(pledge_id):
            return HttpResponsePermanentRedirect(addresses.page("site:pledge", target))
        raise Http404("no such pledge")
    hold_back([found], timezone.now())
    page = pledge_page(found, whole_history=request.GET.get("history") == "all")
    context = {
        "section": "pledges",
        "crumbs": [
            ("公約", reverse("site:pledges")),
            (str(page.owner), page.owner.get_absolute_url()),
            (found.title, None),
        ],
        "page": page,
        "pledge": found,
        "box": public_box(found),
        "share_text": f"{page.owner}の公約「{found.title}」",
        "share_url": request.build_absolute_uri(found.get_absolute_url()),
    }
    response = render(request, "site/pledge.html", context)
    if found.hold is None:
        # What is held back changes with the clock; then its ETag alone says whether a copy is still good.
        mark_last_modified(response, page.changed_at)
    return response
