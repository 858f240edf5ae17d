"""What the feeds hold: public pledges, reports and evidence, the newest first, in a number of queries that does not grow with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from django.db.models import Q, QuerySet

from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import newest_first as newest_reports_first
from tsushinbo.activities.queries import published as published_reports
from tsushinbo.people.models import Area, Politician, Term
from tsushinbo.pledges.models import Pledge, StatusChange
from tsushinbo.pledges.queries import for_rows, newest_first, published
from tsushinbo.search import words
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import find

LENGTH = 30
# What a reader sees before opening the page.
EXCERPT = 500


@dataclass(frozen=True)
class Entry:
    """One entry of a feed, in plain text. ``key`` names it for good: pledge:…, report:…, evidence:…."""

    key: str
    title: str
    text: str
    link: str
    published: datetime
    updated: datetime
    categories: tuple[str, ...]


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """The newest of several kinds together."""
    return nlargest(LENGTH, entries, key=lambda entry: (entry.published, entry.key))


def pledges(among: QuerySet[Pledge] | None = None) -> list[Entry]:
    """The pledges registered last, of all or ``among`` these published ones."""
    rows = newest_first(for_rows(published() if among is None else among))[:LENGTH]
    return [
        Entry(
            key=f"pledge:{pledge.pk}",
            title=f"{pledge.owner}：{pledge.title}",
            text=_excerpt(pledge.text),
            link=pledge.get_absolute_url(),
            published=pledge.created_at,
            updated=pledge.changed_at,
            categories=("公約", pledge.policy_area.name),
        )
        for pledge in rows
    ]


def reports(at: datetime, among: QuerySet[ActivityReport] | None = None) -> list[Entry]:
    """The activity reports published last, of all or ``among`` these public ones."""
    rows = newest_reports_first(published_reports(at) if among is None else among)[:LENGTH]
    return [
        Entry(
            key=f"report:{report.pk}",
            title=f"{report.politician.name}：{report.title}",
            text=_excerpt("\n".join(report.points)),
            link=report.get_absolute_url(),
            published=report.publish_at or report.submitted_at,
            updated=max(report.publish_at or report.submitted_at, report.changed_at),
            categories=("活動報告",),
        )
        for report in rows
    ]


def evidence(of: Q | None = None) -> list[Entry]:
    """The evidence confirmed last that holds, with the status that followed. Changes are only ever added: their numbers rise with time."""
    changes = StatusChange.objects.filter(of or Q(), evidence__isnull=False, undone_by=None, pledge__published=True)
    rows = changes.select_related("evidence", "pledge__politician", "pledge__party").order_by("-pk")[:LENGTH]
    found = []
    for change in rows:
        shown, pledge = change.evidence, change.pledge
        assert shown is not None  # noqa: S101 - filtered
        found.append(
            Entry(
                key=f"evidence:{shown.pk}",
                title=f"{pledge.owner}「{pledge.title}」：{Pledge.Status(change.status_after).label}",
                text=_excerpt(f"{shown.title}（{shown.publisher}）\n{shown.shows}"),
                link=f"{pledge.get_absolute_url()}#h-record",
                published=change.changed_at,
                updated=change.changed_at,
                categories=("実施状況",),
            )
        )
    return found


def of_politician(politician: Politician, at: datetime) -> list[Entry]:
    """Everything of one politician."""
    return newest(
        [
            *pledges(published().filter(politician=politician)),
            *reports(at, published_reports(at).filter(politician=politician)),
            *evidence(Q(pledge__politician=politician)),
        ]
    )


def of_area(area: Area, at: datetime) -> list[Entry]:
    """Everything of who serves an area now: a prefecture with all that lies in it, or one municipality."""
    place = {"prefecture": area} if area.kind == Area.Kind.PREFECTURE else {"area": area}
    serving = Term.objects.filter(running=True, **place).values("politician")
    return newest(
        [
            *pledges(published().filter(politician__in=serving)),
            *reports(at, published_reports(at).filter(politician__in=serving)),
            *evidence(Q(pledge__politician__in=serving)),
        ]
    )


def of_search(asked: words.Asked) -> list[Entry]:
    """The newest of the pledges that a search finds."""
    found = find(Kind.PLEDGES, asked, order="new")
    return pledges(published().filter(pk__in=list(found.keys))) if found.keys else []


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"
