"""Politicians: the list, the report card, one person's pledges."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.caching import asked_again, held_for_a_minute
from tsushinbo.elections.queries import hold_of, holding, runs_of
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.queries.held_back import by_rule, empty, held_among
from tsushinbo.evaluations.queries.runs import current
from tsushinbo.paging import page_number, paginate
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import KANA_ROWS, named, terms_in_full
from tsushinbo.pledges.queries import of_owner, statuses_of
from tsushinbo.site.forms import politician_filters, wanted_politicians
from tsushinbo.site.queries.made_for import by_made_for, newest_election_first
from tsushinbo.site.queries.politicians import politician_list
from tsushinbo.site.queries.report_card import report_card
from tsushinbo.site.queries.totals import COUNTED_BY, NOTHING, counts_of

PAGE_SIZE = 60


@require_safe
@held_for_a_minute
def politicians(request: HttpRequest) -> HttpResponse:
    """Every politician, narrowed and ordered as asked."""
    filters = politician_filters(request.GET)
    order, at = filters.value("order") or "kana", timezone.now()
    with_pledges, counted = filters.value("pledges") == "yes", order in COUNTED_BY
    # Who stands in an election has no place by numbers either.
    last = held_among(None, at) if counted else frozenset()
    ids = politician_list(wanted_politicians(filters), with_pledges=with_pledges, order=order, last=last)
    page = paginate(ids, page_number(request), PAGE_SIZE)
    held = last if counted else held_among(page.rows, at)
    counts, run = counts_of(page.rows, held=held) if page.rows else {}, current()
    people = [(person, counts.get(person.pk, NOTHING)) for person in named(page.rows)]
    context: dict[str, Any] = {
        "section": "politicians",
        "crumbs": [("政治家", None)],
        "filters": filters,
        "kana_rows": KANA_ROWS,
        "kana_row": filters.value("row"),
        "order": order,
        "page": page,
        "people": people,
        "ordered_as_of": run.as_of if run and counted else None,
        "left_out": holding(Rule.PERSON_SCORES, at) if counted else [],
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
    card = report_card(person, timezone.now())
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
    pledges = newest_election_first(of_owner(person).select_related("policy_area", "election", "tally"))
    page = paginate(pledges, page_number(request))
    hold = by_rule(Rule.SUPPORT, hold_of(person.pk, timezone.now()))
    for pledge in page.rows:
        empty(pledge, hold)
    terms = list(terms_in_full().filter(politician=person))
    context = {
        "section": "politicians",
        "crumbs": [
            ("政治家", reverse("site:politicians")),
            (person.spaced_name, person.get_absolute_url()),
            ("公約", None),
        ],
        "politician": person,
        "term": terms[0] if terms else None,
        "groups": by_made_for(page.rows, terms, runs_of(person, timezone.now())),
        "statuses": statuses_of(person),
        "page": page,
    }
    return render(request, "site/politician_pledges.html", context)
