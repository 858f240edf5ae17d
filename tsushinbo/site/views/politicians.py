"""Politicians: the list, the report card, one person's pledges."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tsushinbo.caching import asked_again, held_for_a_minute
from tsushinbo.evaluations.queries.runs import current
from tsushinbo.paging import page_number, paginate
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import KANA_ROWS, in_given_order, terms_in_full
from tsushinbo.pledges.queries import of_owner, statuses_of
from tsushinbo.site.forms import politician_filters, wanted_politicians
from tsushinbo.site.queries.politicians import politician_list
from tsushinbo.site.queries.report_card import report_card
from tsushinbo.site.queries.totals import COUNTED_BY, NOTHING, counts_of

PAGE_SIZE = 60


@require_safe
@held_for_a_minute
def politicians(request: HttpRequest) -> HttpResponse:
    """Every politician, narrowed and ordered as asked."""
    filters = politician_filters(request.GET)
    order = filters.value("order") or "kana"
    ids = politician_list(wanted_politicians(filters), with_pledges=filters.value("pledges") == "yes", order=order)
    page = paginate(ids, page_number(request), PAGE_SIZE)
    counts, run = counts_of(page.rows) if page.rows else {}, current()
    people = [(person, counts.get(person.pk, NOTHING)) for person in in_given_order(page.rows)]
    context: dict[str, Any] = {
        "section": "politicians",
        "crumbs": [("政治家", None)],
        "filters": filters,
        "kana_rows": KANA_ROWS,
        "kana_row": filters.value("row"),
        "order": order,
        "page": page,
        "people": people,
        "ordered_as_of": run.as_of if run and order in COUNTED_BY else None,
    }
    return render(request, "site/politicians.html", context)


def _find(politician_id: int) -> Politician:
    try:
        return Politician.objects.get(pk=politician_id)
    except Politician.DoesNotExist:
        raise Http404("no such politician") from None


@require_safe
@asked_again
def politician(request: HttpRequest, politician_id: int) -> HttpResponse:
    """The report card (通信簿) of one politician.

    It states no Last-Modified: terms and results carry no time of change. Its ETag is of its very bytes.
    """
    person = _find(politician_id)
    if person.merged_into is not None:
        return HttpResponsePermanentRedirect(person.merged_into.get_absolute_url())
    card = report_card(person)
    context = {
        "section": "politicians",
        "crumbs": [("政治家", reverse("site:politicians")), (person.spaced_name, None)],
        "card": card,
        "politician": person,
        "share_text": f"{person.name}さんの通信簿",
        "share_url": request.build_absolute_uri(person.get_absolute_url()),
    }
    return render(request, "site/politician.html", context)


@require_safe
@asked_again
def politician_pledges(request: HttpRequest, politician_id: int) -> HttpResponse:
    """All pledges of one politician."""
    person = _find(politician_id)
    if person.merged_into is not None:
        return HttpResponsePermanentRedirect(reverse("site:politician-pledges", args=[person.merged_into.pk]))
    pledges = of_owner(person).select_related("policy_area", "election", "tally")
    context = {
        "section": "politicians",
        "crumbs": [
            ("政治家", reverse("site:politicians")),
            (person.spaced_name, person.get_absolute_url()),
            ("公約", None),
        ],
        "politician": person,
        "term": terms_in_full().filter(politician=person).first(),
        "statuses": statuses_of(person),
        "page": paginate(pledges, page_number(request)),
    }
    return render(request, "site/politician_pledges.html", context)
