"""A comment on a report, and for two days the network it came from."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.accounts.models import NAMELESS
from tsushinbo.activities.models import ActivityReport
from tsushinbo.addresses import new_id
from tsushinbo.comments.writers import cookie
from tsushinbo.moderation.models import InCampaign, Reviewable
from tsushinbo.moderation.models.reviewable import Around

# A display name of an account may be longer than what is typed as a nickname.
NICKNAME_LENGTH = 30
TYPED_NICKNAME_LENGTH = 20
BODY_LENGTH = 2000
LINKS = 3


class Comment(Reviewable):
    """What somebody says of a report. Others see it once it is approved.

    ``author``: the account it was written with. ``writer``: without one, a random number that the browser keeps in a cookie, by which
    its writer knows it again; it is not the number of ballots. Both are empty once the account was closed.
    ``by_owner``: written by a delegate in the name of the politician they speak for.
    """

    effect = "tsushinbo.comments.services.tell_of_comment"
    in_campaign = InCampaign.CONTACT

    id = models.BigIntegerField(primary_key=True, default=new_id)
    # No index of its own: comment_of_report starts with it.
    report = models.ForeignKey(ActivityReport, on_delete=models.PROTECT, related_name="comments", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        db_index=False,
    )
    writer = models.BigIntegerField(null=True, blank=True)
    nickname = models.CharField(max_length=NICKNAME_LENGTH, default=NAMELESS)
    body = models.TextField(max_length=BODY_LENGTH)
    by_owner = models.BooleanField(default=False)
    made_at = models.DateTimeField(help_text="when it was posted; it is shown with the comment")

    class Meta(Reviewable.Meta):
        constraints = (
            models.CheckConstraint(
                condition=~Q(body="") & ~Q(nickname=""), name="a_comment_has_a_name_and_says_something"
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=True) | Q(writer__isnull=True), name="a_comment_has_one_writer_at_most"
            ),
        )
        indexes = (
            models.Index(fields=("report", "state", "made_at", "id"), name="comment_of_report"),
            models.Index(fields=("state", "submitted_at"), name="comment_queue"),
            # What joins or leaves the seven days is found by its time.
            models.Index(fields=("state", "made_at", "report"), name="comment_by_time"),
            models.Index(fields=("author", "report"), name="comment_of_account", condition=Q(author__isnull=False)),
            models.Index(fields=("writer", "report"), name="comment_of_writer", condition=Q(writer__isnull=False)),
        )
        verbose_name = "コメント"
        verbose_name_plural = "コメント"

    def __str__(self) -> str:
        return f"{self.nickname}: {self.body[:40]}"

    def get_absolute_url(self) -> str:
        """Where it stands, whichever page of the report's comments that is."""
        return addresses.page("comments:comment", self.pk)

    @property
    def words(self) -> str:
        """Everything it says."""
        return f"{self.nickname}\n{self.body}"

    @property
    def about(self) -> str:
        """The report it answers to."""
        return addresses.page("activities:report", self.report_id)

    @classmethod
    def for_desk(cls) -> models.QuerySet[Any]:
        """With the report, which stands around it."""
        return cls.objects.select_related("author", "report")

    @property
    def around(self) -> list[Around]:
        """The report it answers to."""
        return [Around("活動報告", f"{self.report.title}\n{self.report.body}", self.about)]

    @property
    def network(self) -> str:
        """From which network it came, if that was today."""
        rows = CommentNetwork.objects.filter(comment=self, day=timezone.localdate())
        return rows.values_list("network", flat=True).first() or ""

    def may_appeal(self, request: HttpRequest) -> bool:
        """Its account, or the browser it was written with."""
        return super().may_appeal(request) or (self.writer is not None and cookie.known(request) == self.writer)

    @property
    def anchor(self) -> str:
        """Its place on the page of the report."""
        return f"c{addresses.encode(self.pk)}"

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it, where the report is public."""
        return self.state == self.State.APPROVED


class CommentNetwork(models.Model):
    """From which network a comment of today or yesterday came, so that the same text is refused twice and a flood can be shut out.

    Kept apart from the comment. ``network`` is what the rate limit counts: a hash under the key of the day, which is thrown away with it.
    ``body``: 63 bits of a hash of the text.
    """

    pk = models.CompositePrimaryKey("day", "comment")
    day = models.DateField()
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=64)
    body = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("day", "network", "body"), name="comment_said_before"),)
        verbose_name = "コメントの回線（2日で消去）"
        verbose_name_plural = "コメントの回線（2日で消去）"

    def __str__(self) -> str:
        return f"{self.day} {self.network}"
