"""Keeping the counts of comments after the clock. The rest the database does by itself (migration 0002)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery

from tsushinbo.comments.models import WEEK, Comment, CommentTally, CountedWeek

COUNTS = ("comments", "recent", "latest_at")


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
