"""What a politician answers (反論・回答): once to a comment, an assessment or a piece of evidence, pinned below it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo import addresses
from tsushinbo.addresses import new_id
from tsushinbo.comments.models import Comment
from tsushinbo.evaluations.models import Assessment
from tsushinbo.moderation.models import InCampaign, Reviewable
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Evidence

BODY_LENGTH = 2000


class Reply(Reviewable):
    """The one answer of a politician to what somebody wrote, public at once and looked at after (``decided_at`` is empty until then).

    ``author``: which of the accounts that speak for the politician wrote it last; readers see the politician. One that moderators hid waits
    for approval when it is changed.
    """

    TARGETS: ClassVar[tuple[str, ...]] = ("comment", "assessment", "evidence")

    in_campaign = InCampaign.CONTACT

    id = models.BigIntegerField(primary_key=True, default=new_id)
    politician = models.ForeignKey(Politician, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies")
    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="reply")
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, null=True, blank=True, related_name="reply")
    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="reply")
    body = models.TextField(max_length=BODY_LENGTH)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(Reviewable.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(comment__isnull=False, assessment__isnull=True, evidence__isnull=True)
                | Q(comment__isnull=True, assessment__isnull=False, evidence__isnull=True)
                | Q(comment__isnull=True, assessment__isnull=True, evidence__isnull=False),
                name="a_reply_answers_exactly_one_text",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="a_reply_says_something"),
        )
        indexes = (models.Index(fields=("state", "submitted_at"), name="reply_queue"),)
        verbose_name = "反論・回答"
        verbose_name_plural = "反論・回答"

    def __str__(self) -> str:
        return f"{self.politician}: {self.body[:40]}"

    def get_absolute_url(self) -> str:
        """The page on which it stands, below what it answers."""
        return self.about

    @classmethod
    def for_desk(cls) -> models.QuerySet["Reply"]:
        """With all that the desk reads of a row."""
        return cls._default_manager.select_related(
            "author", "politician", "comment", "assessment__pledge", "evidence__pledge"
        )

    @classmethod
    def unseen(cls) -> models.QuerySet["Reply"]:
        """Published at once, and not looked at since."""
        return cls._default_manager.filter(state=cls.State.APPROVED, decided_at=None)

    @property
    def target(self) -> Comment | Assessment | Evidence:
        """What it answers."""
        target = self.comment or self.assessment or self.evidence
        assert target is not None  # noqa: S101 - the database holds that there is one
        return target

    @property
    def words(self) -> str:
        """Its text."""
        return self.body

    @property
    def about(self) -> str:
        """The page on which it stands."""
        if self.comment is not None:
            return addresses.page("comments:comment", self.comment.pk)
        if self.assessment is not None:
            return self.assessment.pledge.get_absolute_url()
        assert self.evidence is not None  # noqa: S101 - as above
        return f"{self.evidence.pledge.get_absolute_url()}#h-record"

    @property
    def concerns(self) -> set[int]:
        """The politician who answers."""
        return {self.politician_id}

    def is_public(self) -> bool:
        """Whether everybody may read it, where what it answers is public."""
        return self.state == self.State.APPROVED


class ReplyRevision(models.Model):
    """A wording of a reply that was public until ``replaced_at``; everybody may read it. Rows are only ever added."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    body = models.TextField(max_length=BODY_LENGTH)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("reply", "number")
        constraints = (models.UniqueConstraint(fields=("reply", "number"), name="one_wording_per_number_of_a_reply"),)
        verbose_name = "反論・回答の変更履歴"
        verbose_name_plural = "反論・回答の変更履歴"

    def __str__(self) -> str:
        return f"{self.reply_id} #{self.number}"
