"""Keeping the counts of comments after the clock. The rest the database does by itself (migration 0002)."""

from collections.abc import Iterable
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery

from tsushinbo.comments.models import WEEK, Comment, CommentTally, CountedWeek, TermTally

COUNTS = ("comments", "recent", "latest_at")
# So many reports are filed in one transaction: who comments meanwhile waits for no more.
AT_ONCE = 500
# Office, prefecture and party.
type Seats = frozenset[tuple[str, str, int | None]]


def move_week(*, at: datetime) -> int:
    """Take what turned seven days old by ``at`` off the counts of the last seven days; return how many comments it was.

    The week is locked before the counts: whoever counts a comment holds it too, so none is counted by one week and taken off by another.
    """
    with transaction.atomic():
        week = CountedWeek.objects.select_for_update().filter(pk=CountedWeek.THE_ONE).first()
        begin = at - WEEK
        if week is not None and week.since >= begin:
            return 0
        old = Comment.objects.filter(state=Comment.State.APPROVED, made_at__lte=begin)
        if week is not None:
            old = old.filter(made_at__gt=week.since)
        of_report = old.filter(report=OuterRef("pk")).order_by().values("report").annotate(number=Count("pk"))
        CommentTally.objects.filter(report__in=old.values("report")).update(
            recent=F("recent") - Subquery(of_report.values("number"))
        )
        CountedWeek.objects.update_or_create(pk=CountedWeek.THE_ONE, defaults={"since": begin})
        return old.count()


def recount() -> None:
    """Count everything anew from the comments, in one transaction."""
    with transaction.atomic():
        week = CountedWeek.objects.select_for_update().filter(pk=CountedWeek.THE_ONE).first()
        young = Q() if week is None else Q(made_at__gt=week.since)
        approved = Comment.objects.filter(state=Comment.State.APPROVED).order_by()
        counted = approved.values_list("report").annotate(
            comments=Count("pk"), recent=Count("pk", filter=young), latest_at=Max("made_at")
        )
        CommentTally.objects.update(comments=0, recent=0, latest_at=None)
        CommentTally.objects.bulk_create(
            [
                CommentTally(report_id=report, comments=comments, recent=recent, latest_at=latest_at)
                for report, comments, recent, latest_at in counted
            ],
            batch_size=500,
            update_conflicts=True,
            unique_fields=["report"],
            update_fields=COUNTS,
        )


def file_by_terms(*, at: datetime) -> int:
    """File the reports of the week by the running terms of their politicians, and those that are filed wrongly anew; return how many it was.

    A report that was not filed yet is found without (``queries.popular``). So what may be late by as much as the chores are is a change
    of terms alone.
    """
    fitting = _seats_held()
    filed: dict[int, set[tuple[str, str, int | None]]] = {}
    rows = TermTally.objects.values_list("report", "office", "prefecture", "party")
    for report, office, prefecture, party in rows.iterator():
        filed.setdefault(report, set()).add((office, prefecture, party))
    known = set(CommentTally.objects.filter(filed_at__isnull=False).values_list("report", flat=True))
    new = fitting.keys() - known
    changed = {report for report in known if fitting.get(report, frozenset()) != filed.get(report, frozenset())}
    gone = known - fitting.keys()
    for reports in batched(sorted(new | changed | gone), AT_ONCE):
        _file(reports, fitting, at)
    return len(new | changed | gone)


def _seats_held() -> dict[int, Seats]:
    """The seats to file each report by that has comments of the week; none where the politician is in no office."""
    tallies = CommentTally.objects.filter(recent__gt=0).order_by()
    found: dict[int, set[tuple[str, str, int | None]]] = {
        report: set() for report in tallies.values_list("report", flat=True)
    }
    of_term = [f"report__politician__terms__{name}" for name in ("office", "prefecture", "party")]
    running = tallies.filter(report__politician__terms__running=True).values_list("report", *of_term)
    for report, office, prefecture, party in running.iterator():
        found.setdefault(report, set()).add((office, prefecture or "", party))
    return {report: frozenset(seats) for report, seats in found.items()}


@transaction.atomic
def _file(reports: Iterable[int], fitting: dict[int, Seats], at: datetime) -> None:
    """File some reports anew. While the week is locked nobody moves their numbers."""
    CountedWeek.objects.select_for_update().filter(pk=CountedWeek.THE_ONE).first()
    TermTally.objects.filter(report__in=reports).delete()
    tallies = list(CommentTally.objects.select_for_update().filter(report__in=reports))
    TermTally.objects.bulk_create(
        TermTally(
            report_id=tally.report_id, office=office, prefecture=prefecture, party=party,
            recent=tally.recent, latest_at=tally.latest_at,
        )
        for tally in tallies
        for office, prefecture, party in fitting.get(tally.report_id, ())
    )  # fmt: skip
    kept = [tally.pk for tally in tallies if tally.pk in fitting]
    CommentTally.objects.filter(report__in=reports).update(filed_at=None)
    CommentTally.objects.filter(pk__in=kept).update(filed_at=at)
