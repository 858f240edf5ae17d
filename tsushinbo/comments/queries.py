"""Reads of comments (コメント): those of a report, a writer's own, and which reports are talked about most."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import ReportFilter, narrowed, terms_wanted
from tsushinbo.comments.models import WEEK, Comment, CommentTally, CountedWeek
from tsushinbo.paging import Page, paginate

State = Comment.State
MOST_RECENT = ("-recent", "-latest_at", "pk")
# So many reports among the most discussed may have been taken from the public without another look.
NOT_PUBLIC = 20
EVERYBODY = ReportFilter()
# What a row of a ranking writes of a report, and what says whether it is public and where it stands.
BRIEF = (
    "state", "publish_at", "title", "happened_on", "politician__name", "politician__family_name", "politician__given_name",
    "pledge__title", "pledge__published", "comment_tally__recent", "comment_tally__latest_at",
)  # fmt: skip
# Of no more politicians than this the reports are looked up one by one; those of more come soon among the most discussed of all. At 30,000
# politicians both then read some two thousand rows.
FEW = 1000


PAGE_SIZE = 50


def public_comments(report: ActivityReport, number: int) -> Page[Comment]:
    """One page of the comments on a report that everybody may read, the oldest first: two queries."""
    return paginate(_in_order(report.pk), number, PAGE_SIZE)


def _in_order(report_id: int) -> QuerySet[Comment]:
    return Comment.objects.filter(report=report_id, state=State.APPROVED).order_by("made_at", "pk")


def page_of(comment: Comment) -> int:
    """On which page of its report a public comment stands."""
    earlier = Q(made_at__lt=comment.made_at) | Q(made_at=comment.made_at, pk__lt=comment.pk)
    return _in_order(comment.report_id).filter(earlier).count() // PAGE_SIZE + 1


def find(comment_id: int) -> Comment | None:
    """The comment with this id on a report that is public, whoever may read it."""
    found = Comment.objects.select_related("report").filter(pk=comment_id).first()
    return found if found is not None and found.report.is_public(timezone.now()) else None


def own_comments(report_id: int, *, account: User | None, writer: int | None) -> QuerySet[Comment]:
    """What an account, or a browser with this number, wrote on a report; the oldest first."""
    who = Q(pk__in=())
    if account is not None:
        who |= Q(author=account)
    if writer is not None:
        who |= Q(writer=writer)
    return Comment.objects.filter(who, report=report_id).order_by("made_at", "pk")


def written_by(account: User) -> QuerySet[Comment]:
    """Everything an account wrote, with its report; the newest first."""
    return Comment.objects.filter(author=account).select_related("report").order_by("-made_at", "-pk")


def own_unpublished(report_id: int, *, account: User | None, writer: int | None) -> list[Comment]:
    """Of these, what others do not see."""
    if account is None and writer is None:
        return []
    return list(own_comments(report_id, account=account, writer=writer).exclude(state=State.APPROVED))


def exported(user: User) -> list[dict[str, Any]]:
    """Every comment of an account, for its owner."""
    rows = Comment.objects.filter(author=user).order_by("made_at", "pk")
    return [
        {
            "comment": addresses.encode(row.pk),
            "report": addresses.encode(row.report_id),
            "nickname": row.nickname,
            "body": row.body,
            "made_at": row.made_at,
            "state": row.state,
            "decision_reason": row.decision_reason,
            "decision_note": row.decision_note,
        }
        for row in rows.iterator(chunk_size=200)
    ]


@dataclass(frozen=True)
class Popular:
    """A report with the number of its comments of the last seven days."""

    report: ActivityReport
    comments: int


def popular_reports(
    at: datetime, limit: int, *, offset: int = 0, wanted: ReportFilter = EVERYBODY, brief: bool = False
) -> list[Popular]:
    """The public reports with the most approved comments posted in the seven days up to ``at`` (人気のある活動報告), exact at that moment.

    Of equal numbers the one commented on last comes first. Three statements, or four where comments turned seven days old since the chores
    last looked, and one more where ``wanted`` narrows; they read as many rows as asked for, and of the latter each. Politician, pledge and
    tallies come along, or where ``brief`` only what BRIEF names: a third of the columns.
    """
    wrong = _miscounted(at)
    # A report that is not among the first so many can overtake only where one of those has fewer than was counted.
    first = _most_recent(at, offset + limit + len(wrong), wanted, brief)
    more = {report for report, by in wrong.items() if by > 0} - {report.pk for report in first}
    if more:
        first += _public(at, narrowed(wanted, at).filter(pk__in=more).values("pk"), brief)
    counted = [Popular(report, report.comment_tally.recent + wrong.get(report.pk, 0)) for report in first]
    return sorted((row for row in counted if row.comments > 0), key=_place)[offset : offset + limit]


def _place(row: Popular) -> tuple[int, float, int]:
    latest_at = row.report.comment_tally.latest_at
    return -row.comments, -latest_at.timestamp() if latest_at else 0.0, row.report.pk


def _most_recent(at: datetime, number: int, wanted: ReportFilter, brief: bool) -> list[ActivityReport]:
    """The first so many public reports by ``recent``.

    They are chosen before their rows are looked at: SQLite would else read every public report. Some are not public, hence a few more.
    """
    ordered = _discussed(wanted).values_list("pk", flat=True)
    found: list[ActivityReport] = []
    start, read = 0, number + NOT_PUBLIC
    while True:
        chosen = list(ordered[start : start + read])
        reports = {report.pk: report for report in _public(at, chosen, brief)}
        found += [reports[pk] for pk in chosen if pk in reports]
        if len(found) >= number or len(chosen) < read:
            return found[:number]
        start += read


def _discussed(wanted: ReportFilter) -> QuerySet[CommentTally]:
    """The tallies of the reports that fit, public or not, by ``recent``."""
    terms = terms_wanted(wanted)
    if terms is None:
        return CommentTally.objects.filter(recent__gt=0).order_by(*MOST_RECENT)
    people = list(terms.order_by().values_list("politician", flat=True)[: FEW + 1])
    if len(people) > FEW:
        theirs = Exists(terms.filter(politician=OuterRef("politician")))
        fitting = ActivityReport.objects.filter(theirs, pk=OuterRef("pk"))
        return CommentTally.objects.filter(Exists(fitting), recent__gt=0).order_by(*MOST_RECENT)
    reports = ActivityReport.objects.filter(politician__in=people).order_by().values("pk")
    # The sum keeps the database from walking through the most discussed of everybody.
    counted = CommentTally.objects.filter(pk__in=reports).annotate(counted=F("recent") + 0)
    return counted.filter(counted__gt=0).order_by("-counted", *MOST_RECENT[1:])


def _public(at: datetime, ids: Collection[int] | QuerySet[Any, Any], brief: bool) -> list[ActivityReport]:
    """Those of some reports that are public, found by their ids and nothing else."""
    found = ActivityReport.objects.filter(pk__in=ids).order_by()
    if brief:
        found = found.select_related("politician", "pledge", "comment_tally").only(*BRIEF)
    else:
        beside = ("politician", "pledge", "reaction_tally", "comment_tally")
        found = found.select_related(*beside).defer("body", "pledge__text")
    return [report for report in found if report.is_public(at)]


def _miscounted(at: datetime) -> dict[int, int]:
    """By how much ``recent`` differs from the count of the seven days up to ``at``, by report: what became too old, or was taken off too soon."""
    since = CountedWeek.objects.filter(pk=CountedWeek.THE_ONE).values_list("since", flat=True).first()
    begin = at - WEEK
    if since == begin:
        return {}
    between = Comment.objects.filter(state=State.APPROVED, made_at__lte=begin if since is None else max(begin, since))
    if since is not None:
        between = between.filter(made_at__gt=min(begin, since))
    sign = -1 if since is None or since < begin else 1
    rows = between.order_by().values_list("report").annotate(number=Count("pk"))
    return {report: sign * number for report, number in rows}


def miscounted_reports() -> int:
    """How many reports have counts that differ from a recount of their comments."""
    since = CountedWeek.objects.filter(pk=CountedWeek.THE_ONE).values_list("since", flat=True).first()
    approved = Comment.objects.filter(state=State.APPROVED).order_by()
    everything = Counter(dict(approved.values_list("report").annotate(number=Count("pk"))))
    young = approved if since is None else approved.filter(made_at__gt=since)
    recent = Counter(dict(young.values_list("report").annotate(number=Count("pk"))))
    wrong = 0
    for tally in CommentTally.objects.iterator():
        wrong += (tally.comments, tally.recent) != (everything.pop(tally.report_id, 0), recent[tally.report_id])
    return wrong + len(everything)
