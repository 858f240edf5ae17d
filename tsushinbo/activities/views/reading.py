"""Where everybody reads reports, and their writer and moderators those that wait."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo import addresses
from tsushinbo.accounts.access import logged_in, used_second_factor
from tsushinbo.activities import images
from tsushinbo.activities.forms import report_filters
from tsushinbo.activities.markdown import render as render_markdown
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import (
    ReportFilter,
    find,
    is_writer,
    may_show_picture,
    narrowed,
    newest_first,
    of_politician,
    report_page,
)
from tsushinbo.caching import asked_again, held_for_a_minute
from tsushinbo.claims.queries import verification_of
from tsushinbo.paging import page_number, paginate
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import terms_in_full
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import published as published_pledges

PAGE_SIZE = 20
# What was just done, by the word in the address that the answer leads to.
DONE = {
    "posted": "活動報告を受け付けました。",
    "changed": "活動報告を変更しました。",
}


@require_safe
@held_for_a_minute
def reports(request: HttpRequest) -> HttpResponse:
    """Every report, the newest first, narrowed as asked."""
    pledge = _asked_for(request)
    filters = report_filters(request.GET, pledge)
    wanted = ReportFilter(
        office=filters.value("office"),
        prefecture=filters.value("prefecture"),
        pledge=pledge.pk if pledge else None,
    )
    context = {
        "section": "activities",
        "crumbs": [("活動報告", None)],
        "filters": filters,
        "pledge": pledge,
        "page": paginate(newest_first(narrowed(wanted, timezone.now())), page_number(request), PAGE_SIZE),
    }
    return render(request, "activities/reports.html", context)


@require_safe
@asked_again
def politician_reports(request: HttpRequest, politician_id: int) -> HttpResponse:
    """All reports of one politician."""
    person = get_object_or_404(Politician, pk=politician_id)
    if person.merged_into is not None:
        return HttpResponsePermanentRedirect(reverse("activities:politician-reports", args=[person.merged_into.pk]))
    context = {
        "section": "activities",
        "crumbs": [
            ("活動報告", reverse("activities:reports")),
            (person.spaced_name, person.get_absolute_url()),
            ("活動報告", None),
        ],
        "politician": person,
        "term": terms_in_full().filter(politician=person).first(),
        "page": paginate(of_politician(person, timezone.now()), page_number(request), PAGE_SIZE),
    }
    return render(request, "activities/politician_reports.html", context)


@require_safe
@asked_again
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report. What is not public is shown to its writer and to moderators alone, and is held by no cache."""
    found, now = find(report_id), timezone.now()
    if found is None:
        raise Http404("no such report")
    public = found.is_public(now)
    if not public and not _may_look(request, found):
        raise Http404("not public")
    page = report_page(found, now)
    person = found.politician
    context = {
        "section": "activities",
        "crumbs": [
            ("活動報告", reverse("activities:reports")),
            (person.spaced_name, reverse("activities:politician-reports", args=[person.pk])),
            (found.happened_on.isoformat(), None),
        ],
        "page": page,
        "report": found,
        "body": render_markdown(found.body, page.pictures),
        "term": terms_in_full().filter(politician=person).first(),
        "public": public,
        "verification": verification_of(person) if found.by_owner else None,
        "notice": "" if public else DONE.get(request.GET.get("done", ""), ""),
        "share_text": f"{person.name}さんの活動報告「{found.title}」",
        "share_url": request.build_absolute_uri(found.get_absolute_url()),
    }
    response = render(request, "activities/report.html", context)
    if not public:
        response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def picture(request: HttpRequest, name: str, width: str, kind: str) -> HttpResponse:
    """One file of a picture. Its address is a random name and its bytes never change, so that anybody may keep it."""
    data = images.read(name, int(width), kind) if may_show_picture(name, int(width)) else None
    if data is None:
        raise Http404("no such picture")
    response = HttpResponse(data, content_type=images.KINDS[kind])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _may_look(request: HttpRequest, found: ActivityReport) -> bool:
    account = logged_in(request)
    if account is None:
        return False
    moderates = account.has_perm("activities.view_activityreport") and used_second_factor(request)
    return moderates or account.pk == found.author_id or is_writer(account, found)


def _asked_for(request: HttpRequest) -> Pledge | None:
    """The pledge that the address names; 404 for what is none."""
    text = request.GET.get("pledge", "")
    if not text:
        return None
    return get_object_or_404(published_pledges(), pk=addresses.decode_or_404(text))
