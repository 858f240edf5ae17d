"""How many comments a report has, and how many of the last seven days: counted by the database itself (migration 0002).

Whoever changes the state of a comment, by whatever statement, moves the counts with it in the same transaction.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from tsushinbo.activities.models import ActivityReport

WEEK = timedelta(days=7)


class CommentTally(models.Model):
    """The approved comments of a report. ``recent``: those posted after ``CountedWeek.since``."""

    report = models.OneToOneField(
        ActivityReport, on_delete=models.CASCADE, primary_key=True, related_name="comment_tally"
    )
    comments = models.PositiveIntegerField(default=0)
    recent = models.PositiveIntegerField(default=0)
    latest_at = models.DateTimeField(null=True, help_text="when the newest approved comment was posted")

    class Meta:
        indexes = (
            models.Index(
                fields=("-recent", "-latest_at", "report"), name="report_most_discussed", condition=Q(recent__gt=0)
            ),
        )
        verbose_name = "コメントの集計"
        verbose_name_plural = "コメントの集計"

    def __str__(self) -> str:
        return f"{self.report_id}: {self.comments} ({self.recent})"


class CountedWeek(models.Model):
    """The one row that says from when on a comment is counted in ``CommentTally.recent``.

    The chores move it after the clock; who reads takes off what became too old since (``queries.popular_reports``).
    """

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    since = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="there_is_one_counted_week"),)
        verbose_name = "人気のある活動報告の期間"
        verbose_name_plural = "人気のある活動報告の期間"

    def __str__(self) -> str:
        return f"{self.since}"
