"""透明性レポート: how moderation does, in numbers; the same as a table for a spreadsheet."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.site.queries.transparency import few, table
from tsushinbo.site.queries.transparency import transparency as read


@require_safe
@held_for_a_minute
def transparency(request: HttpRequest) -> HttpResponse:
    """The report."""
    found = read()
    months = [
        (month, few(month.decided.number), few(month.received), month.decided.share_percent)
        for month in reversed(found.moderation.months)
    ]
    context = {"section": "transparency", "crumbs": [("透明性レポート", None)], "report": found, "months": months}
    return render(request, "site/transparency.html", context)


@require_safe
@held_for_a_minute
def transparency_csv(request: HttpRequest) -> HttpResponse:
    """The same numbers. The mark at the front lets spreadsheets read it as UTF-8."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="transparency.csv"'
    csv.writer(response).writerows(table(read()))
    return response
