"""How many comments a report has, and how many of the last seven days: counted by the database itself (migration 0002).

Whoever changes the state of a comment, by whatever statement, moves the counts with it in the same transaction.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from tsushinbo.activities.models import ActivityReport

WEEK = timedelta(days=7)
MOST_RECENT = ("-recent", "-latest_at", "report")


class CommentTally(models.Model):
    """The approved comments of a report. ``recent``: those posted after ``CountedWeek.since``."""

    report = models.OneToOneField(
        ActivityReport, on_delete=models.CASCADE, primary_key=True, related_name="comment_tally"
    )
    comments = models.PositiveIntegerField(default=0)
    recent = models.PositiveIntegerField(default=0)
    latest_at = models.DateTimeField(null=True, help_text="when the newest approved comment was posted")
    filed_at = models.DateTimeField(null=True, help_text="when TermTally got its rows; empty while it has none")

    class Meta:
        indexes = (
            models.Index(fields=MOST_RECENT, name="report_most_discussed", condition=Q(recent__gt=0)),
            models.Index(
                fields=("filed_at", "recent", "latest_at", "report"),
                name="tally_not_filed_yet",
                condition=Q(recent__gt=0, filed_at__isnull=True),
            ),
            models.Index(fields=("report",), name="tally_filed", condition=Q(filed_at__isnull=False)),
        )
        verbose_name = "コメントの集計"
        verbose_name_plural = "コメントの集計"

    def __str__(self) -> str:
        return f"{self.report_id}: {self.comments} ({self.recent})"


class TermTally(models.Model):
    """The numbers of a report's CommentTally, once for each running term of its politician: by them a ranking is narrowed.

    The chores file the reports that were commented on within the week (``services.file_by_terms``); the numbers move with the tally's by
    triggers (migration 0004). Office, prefecture and party are copies of those of the term: its row may be made anew by an import.
    """

    report = models.ForeignKey(ActivityReport, on_delete=models.CASCADE, related_name="+", db_index=False)
    office = models.CharField(max_length=20)
    prefecture = models.CharField(max_length=6, blank=True, help_text="code of the area")
    party = models.BigIntegerField(null=True, help_text="id of the party")
    recent = models.PositiveIntegerField()
    latest_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("report",), name="term_tally_of_report"),
            # One for each way to narrow, with all that the order is read by. Who is asked for by all three has few reports.
            models.Index(fields=("office", *MOST_RECENT), name="discussed_by_office"),
            models.Index(fields=("prefecture", *MOST_RECENT), name="discussed_by_prefecture"),
            models.Index(fields=("party", *MOST_RECENT), name="discussed_by_party"),
            models.Index(fields=("office", "prefecture", *MOST_RECENT), name="discussed_by_seat"),
            models.Index(fields=("office", "party", *MOST_RECENT), name="discussed_by_bench"),
            models.Index(fields=("prefecture", "party", *MOST_RECENT, "office"), name="discussed_by_branch"),
        )
        verbose_name = "任期ごとのコメント数"
        verbose_name_plural = "任期ごとのコメント数"

    def __str__(self) -> str:
        return f"{self.report_id}: {self.office} {self.prefecture} ({self.recent})"


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
