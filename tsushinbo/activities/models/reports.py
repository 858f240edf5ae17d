"""A report of what a politician did, and every wording of it that was public before."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo import addresses
from tsushinbo.addresses import new_id
from tsushinbo.elections.queries import hold_of
from tsushinbo.elections.queries.posting import frozen_since
from tsushinbo.elections.rules import Rule
from tsushinbo.moderation.models import InCampaign, Reviewable
from tsushinbo.moderation.models.reviewable import Around
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge

TITLE_LENGTH = 80
BODY_LENGTH = 20_000
POINTS = 5
POINT_LENGTH = 100
SOURCE_TITLE_LENGTH = 200
SOURCE_URL_LENGTH = 1500


class ActivityReport(Reviewable):
    """What a politician did, as a text in Markdown with a summary.

    ``by_owner``: written by a delegate, published at once and looked at after (``decided_at`` stays empty until then). Everybody else's
    waits for approval and names a page that shows it. Others see a report that is approved from ``publish_at`` on; approval moves
    ``publish_at`` to its own moment where that is later.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id)
    # No index of its own: report_of_politician starts with it.
    politician = models.ForeignKey(Politician, on_delete=models.PROTECT, related_name="activities", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="activity_reports")
    by_owner = models.BooleanField(default=False)
    machine_made = models.BooleanField(default=False, help_text="the text was made by a machine, wholly or in part")
    title = models.CharField(max_length=TITLE_LENGTH)
    happened_on = models.DateField()
    body = models.TextField(max_length=BODY_LENGTH)
    points = models.JSONField(default=list, blank=True, help_text="the summary, a list of up to 5 short lines")
    pledge = models.ForeignKey(
        Pledge, on_delete=models.PROTECT, null=True, blank=True, related_name="activities", db_index=False
    )
    source_title = models.CharField(max_length=SOURCE_TITLE_LENGTH, blank=True)
    source_url = models.URLField(max_length=SOURCE_URL_LENGTH, blank=True)
    publish_at = models.DateTimeField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="when its text last changed")

    class Meta(Reviewable.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(by_owner=True) | (~Q(source_title="") & ~Q(source_url="")),
                name="a_report_by_others_names_its_source",
            ),
        )
        indexes = (
            models.Index(fields=("state", "-publish_at", "id"), name="report_newest"),
            models.Index(fields=("politician", "state", "-publish_at", "id"), name="report_of_politician"),
            # Most reports are tied to no pledge. With those in it SQLite would take the index for useless, and read every report.
            models.Index(
                fields=("pledge", "state", "-publish_at", "id"),
                condition=Q(pledge__isnull=False),
                name="report_of_pledge",
            ),
            models.Index(fields=("state", "submitted_at"), name="report_queue"),
            models.Index(
                fields=("submitted_at",),
                condition=Q(state="approved", by_owner=True, decided_at__isnull=True),
                name="report_unseen",
            ),
        )
        verbose_name = "活動報告"
        verbose_name_plural = "活動報告"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the report."""
        return addresses.page("activities:report", self.pk)

    @property
    def words(self) -> str:
        """Everything it says."""
        return "\n".join([self.title, self.body, *self.points, f"{self.source_title} {self.source_url}"]).strip()

    @property
    def about(self) -> str:
        """Its own page, which moderators may read before others."""
        return self.get_absolute_url()

    in_campaign = InCampaign.CONTACT
    revised_on_approval = True
    effect = "tsushinbo.activities.services.news.tell_published"

    @classmethod
    def for_desk(cls) -> models.QuerySet[Any]:
        """With whom it is about, the pledge and who wrote it."""
        return cls._default_manager.select_related("author", "politician", "pledge")

    @classmethod
    def unseen(cls) -> models.QuerySet[Any]:
        """What politicians published at once and nobody has looked at yet."""
        return cls._default_manager.filter(state=cls.State.APPROVED, by_owner=True, decided_at__isnull=True)

    @property
    def around(self) -> list[Around]:
        """Whose work it tells of, and the pledge it is tied to."""
        who = "本人・事務所の投稿" if self.by_owner else "ほかの人の投稿"
        rows = [Around("政治家", f"{self.politician.spaced_name}（{who}）", self.politician.get_absolute_url())]
        if self.pledge is not None:
            rows.append(
                Around("関連する公約", f"{self.pledge.title}\n{self.pledge.text}", self.pledge.get_absolute_url())
            )
        return rows

    def is_public(self, at: datetime) -> bool:
        """Whether everybody may read it. On the day of polling what was to come out about who stands waits until the polls close."""
        return self.state == self.State.APPROVED and self.publish_at <= at and not self._frozen(at)

    def _frozen(self, at: datetime) -> bool:
        if self.publish_at < frozen_since(at):
            return False
        hold = hold_of(self.politician_id, at)
        return hold is not None and Rule.FREEZE in hold.rules

    def changes_on_approval(self, at: datetime) -> dict[str, Any]:
        """It is new to everybody at the moment of its approval, unless an earlier wording was public."""
        return {} if self.revisions.exists() else {"publish_at": max(self.publish_at, at)}

    @property
    def content(self) -> dict[str, Any]:
        """Every field of the text that a reader sees, by name, as a revision keeps it."""
        return {
            "title": self.title,
            "happened_on": self.happened_on.isoformat(),
            "body": self.body,
            "points": "\n".join(self.points),
            "pledge": self.pledge.title if self.pledge else "",
            "source_title": self.source_title,
            "source_url": self.source_url,
            "machine_made": self.machine_made,
        }


class ReportRevision(models.Model):
    """A wording of a report that was public until ``replaced_at``. Rows are only ever added; the wording that holds is the report's own."""

    report = models.ForeignKey(ActivityReport, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text="every field a reader sees, by name")
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("report", "number")
        constraints = (models.UniqueConstraint(fields=("report", "number"), name="one_wording_per_number_of_a_report"),)
        verbose_name = "活動報告の変更履歴"
        verbose_name_plural = "活動報告の変更履歴"

    def __str__(self) -> str:
        return f"{self.report} #{self.number}"
