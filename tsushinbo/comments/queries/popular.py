"""Which reports are talked about most (人気のある活動報告), and whether the counts behind it are right.

Django writes a statement longer than the database needs for it, so the few of a ranking are written once for each shape.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, TextField
from django.db.models.functions import Cast

from tsushinbo import addresses
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import ReportFilter, narrowed
from tsushinbo.comments.models import WEEK, Comment, CommentTally, CountedWeek, TermTally
from tsushinbo.people.facts import spaced

# So many reports among the most discussed may have been taken from the public without another look.
NOT_PUBLIC = 20
EVERYBODY = ReportFilter()
NOBODY_YET = datetime.min.replace(tzinfo=UTC)
# What a row of a ranking writes of a report, with whether it is public. No body: it fills most of a row.
BRIEF = (
    "pk", "public", "title", "day", "politician__name", "politician__family_name", "politician__given_name", "pledge__title", "pledge__published",
)  # fmt: skip
COUNTED_FROM = "SELECT since FROM comments_countedweek"
# Counted here: the database would sort them first.
TURNED_OLD = "SELECT report_id FROM comments_comment WHERE state = 'approved' AND made_at > %s AND made_at <= %s"
# A report's comments, how many first; then as good as first to last.
type Place = tuple[int, float, int]


@dataclass(frozen=True)
class Popular:
    """A report with the number of its comments of the last seven days."""

    report: ActivityReport
    comments: int


@dataclass(slots=True)
class Brief:
    """What a ranking writes of a report. pledge: the title of the public pledge it is tied to, or ""; happened_on as ISO 8601."""

    pk: int
    title: str
    happened_on: str
    politician: str
    pledge: str
    comments: int

    @property
    def address(self) -> str:
        """The page of the report."""
        return addresses.page("activities:report", self.pk)


def popular_reports(at: datetime, limit: int, *, offset: int = 0, wanted: ReportFilter = EVERYBODY) -> list[Popular]:
    """The public reports with the most approved comments posted in the seven days up to ``at`` (人気のある活動報告), exact at that moment.

    Of equal numbers the one commented on last comes first. Four statements at most while no more than a few of the first are kept from
    the public; the order is read from an index whatever it is narrowed by. Politician, pledge and tallies come along.
    """

    def read(ids: Collection[int]) -> dict[int, ActivityReport]:
        beside = ("politician", "pledge", "reaction_tally", "comment_tally")
        found = ActivityReport.objects.filter(pk__in=ids).order_by().select_related(*beside)
        return {report.pk: report for report in found.defer("body", "pledge__text") if report.is_public(at)}

    return [Popular(report, comments) for comments, report in _first(at, limit, offset, wanted, read)]


def popular_briefly(at: datetime, limit: int, *, wanted: ReportFilter = EVERYBODY) -> list[Brief]:
    """As ``popular_reports``, with no more of each than a ranking writes."""

    def read(ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
        now = connection.ops.adapt_datetimefield_value(at)
        rows = _fetch(_briefly(connection.vendor, len(ids)), (now, ActivityReport.State.APPROVED, *ids))
        return {row[0]: row for row in rows if row[1]}

    return [_brief(comments, *row) for comments, row in _first(at, limit, 0, wanted, read)]


def _brief(
    comments: int, pk: int, _public: bool, title: str, day: str, name: str, family: str, given: str, pledge: str | None, published: bool | None
) -> Brief:  # fmt: skip
    return Brief(pk, title, day, spaced(name, family, given), pledge if pledge and published else "", comments)


def _first[T](
    at: datetime, limit: int, offset: int, wanted: ReportFilter, read: Callable[[Collection[int]], Mapping[int, T]]
) -> list[tuple[int, T]]:
    """The public ones among the most discussed, each with its number. ``read`` gives of some ids those that are public.

    They are chosen before their rows are looked at: SQLite would else read every public report.
    """
    order, needed = _by_number(at, offset + limit, wanted), offset + limit
    found: list[tuple[int, T]] = []
    chosen = list(islice(order, needed))
    while chosen:
        rows = read([report for report, _ in chosen])
        found += [(number, rows[report]) for report, number in chosen if report in rows]
        missing = needed - len(found)
        chosen = list(islice(order, missing + NOT_PUBLIC)) if missing > 0 else []
    return found[offset:needed]


def _by_number(at: datetime, likely: int, wanted: ReportFilter) -> Iterator[tuple[int, int]]:
    """The reports that fit, public or not, with their numbers at ``at``, from the most on. likely: how many will be asked for.

    They are walked in the order of ``recent``. Who has fewer comments than that waits until all before it have come.
    """
    wrong = _miscounted(at)
    more = [report for report, by in wrong.items() if by > 0]
    waiting = list({_place(row, wrong) for row in (*_tallies(at, more, wanted), *_not_filed(wanted))})
    heapify(waiting)
    seen = {place[2] for place in waiting}
    for row in _walk(wanted, likely + NOT_PUBLIC):
        report = row[0]
        # Two terms of one person may fit.
        if report in seen:
            continue
        seen.add(report)
        # Who comes later in the walk has a later place too: of those that have more comments than was counted, none is left in it.
        while waiting and waiting[0] < _place(row, {}):
            yield from _counted(heappop(waiting))
        if report in wrong:
            heappush(waiting, _place(row, wrong))
        elif row[1]:
            yield report, row[1]
    while waiting:
        yield from _counted(heappop(waiting))


def _counted(place: Place) -> Iterator[tuple[int, int]]:
    if place[0] < 0:
        yield place[2], -place[0]


def _place(row: Sequence[Any], wrong: Mapping[int, int]) -> Place:
    report, recent, latest_at = row
    return -recent - wrong.get(report, 0), -_aware(latest_at).timestamp() if latest_at else 0.0, report


def _tallies(at: datetime, ids: Collection[int], wanted: ReportFilter) -> list[tuple[Any, ...]]:
    """The rows of some reports that fit, as ``_walk`` gives them."""
    if not ids:
        return []
    fitting = narrowed(wanted, at).filter(pk__in=ids).values("pk")
    return list(CommentTally.objects.filter(pk__in=fitting).values_list("report", "recent", "latest_at"))


def _not_filed(wanted: ReportFilter) -> list[tuple[Any, ...]]:
    """Where an order is narrowed, the rows of reports that fit and that TermTally does not have yet."""
    given = _given(wanted)
    return _fetch(_unfiled(tuple(given)), given.values()) if given else []


def _given(wanted: ReportFilter) -> dict[str, Any]:
    asked = {"office": wanted.office, "prefecture": wanted.prefecture, "party": wanted.party}
    return {name: value for name, value in asked.items() if value is not None}


def _walk(wanted: ReportFilter, size: int) -> Iterator[tuple[Any, ...]]:
    """Report, ``recent`` and ``latest_at`` of those that fit, by ``recent``, so many a statement."""
    given = _given(wanted)
    statement = _ordered(tuple(given))
    start = 0
    while True:
        rows = _fetch(statement, [*given.values(), size, start])
        yield from rows
        if len(rows) < size:
            return
        start += size


@lru_cache
def _ordered(facets: tuple[str, ...]) -> str:
    """The statement for the order, narrowed by these columns of TermTally. Each has its index (models.counts)."""
    table = TermTally._meta.db_table if facets else CommentTally._meta.db_table
    fits = " AND ".join(f"{facet} = %s" for facet in facets) or "recent > 0"
    return (
        f"SELECT report_id, recent, latest_at FROM {table} WHERE {fits}"  # noqa: S608 - names from the models
        " ORDER BY recent DESC, latest_at DESC, report_id LIMIT %s OFFSET %s"
    )


@lru_cache
def _unfiled(facets: tuple[str, ...]) -> str:
    """The statement for the tallies that are not filed, narrowed by these columns of Term. They are few: it begins with them."""
    columns = {"office": "office", "prefecture": "prefecture_id", "party": "party_id"}
    fits = " AND ".join(f"term.{columns[facet]} = %s" for facet in facets)
    return f"""
        SELECT DISTINCT tally.report_id, recent, latest_at FROM comments_commenttally tally
        CROSS JOIN activities_activityreport report CROSS JOIN people_term term
        WHERE tally.recent > 0 AND tally.filed_at IS NULL AND report.id = tally.report_id
        AND term.politician_id = report.politician_id AND term.running AND {fits}
    """  # noqa: S608 - names from the models


@lru_cache(maxsize=128)
def _briefly(vendor: str, number: int) -> str:
    """The statement for BRIEF of so many reports, as Django writes it for a database. It takes the moment, the state, then the ids.

    Whether a report is public is a column and no condition, and its day is text: SQLite reads the first from no other index then, and
    neither needs to be made an object of.
    """
    public = ExpressionWrapper(Q(state=ActivityReport.State.APPROVED, publish_at__lte=NOBODY_YET), BooleanField())
    found = ActivityReport.objects.filter(pk__in=range(number)).order_by()
    found = found.annotate(public=public, day=Cast("happened_on", TextField()))
    return found.values_list(*BRIEF).query.sql_with_params()[0]


def _fetch(sql: str, params: Collection[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _aware(moment: datetime) -> datetime:
    """A time that was read bare: SQLite knows no zones."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _miscounted(at: datetime) -> dict[int, int]:
    """By how much ``recent`` differs from the count of the seven days up to ``at``, by report: what became too old, or was taken off too soon."""
    week = _fetch(COUNTED_FROM, ())
    since, begin = _aware(week[0][0]) if week else NOBODY_YET, at - WEEK
    if since == begin:
        return {}
    sign = -1 if since < begin else 1
    between = map(connection.ops.adapt_datetimefield_value, (min(since, begin), max(since, begin)))
    old = Counter(report for (report,) in _fetch(TURNED_OLD, list(between)))
    return old if sign > 0 else {report: -number for report, number in old.items()}


def miscounted_reports() -> int:
    """How many reports have counts that differ from a recount of their comments."""
    since = CountedWeek.objects.filter(pk=CountedWeek.THE_ONE).values_list("since", flat=True).first()
    approved = Comment.objects.filter(state=Comment.State.APPROVED).order_by()
    everything = Counter(dict(approved.values_list("report").annotate(number=Count("pk"))))
    young = approved if since is None else approved.filter(made_at__gt=since)
    recent = Counter(dict(young.values_list("report").annotate(number=Count("pk"))))
    wrong = 0
    for tally in CommentTally.objects.iterator():
        wrong += (tally.comments, tally.recent) != (everything.pop(tally.report_id, 0), recent[tally.report_id])
    return wrong + len(everything)
