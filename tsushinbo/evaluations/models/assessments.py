"""How far registered people find a pledge carried out: 進捗度 and 達成度, with what they say about it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo.moderation.models import InCampaign, Reviewable
from tsushinbo.moderation.models.reviewable import Around
from tsushinbo.pledges.models import Pledge

HIGHEST = 100
COMMENT_LENGTH = 2000
LINKS = 5
LINK_TITLE_LENGTH = 200
LINK_URL_LENGTH = 1500


class Assessment(Reviewable):
    """What a registered person thinks of a pledge's progress (進捗度) and achievement (達成度), 0 to 100 each.

    The numbers count at once; ``comment`` and links are seen by others once approved. One is ``current`` of a person and pledge; a changed
    mind adds a row, and the earlier one stays as history until when it held. ``by_owner`` is the politician's own (本人の自己評価), written by
    a delegate: one of a pledge, shown beside and never counted. Where nothing was written (``worded`` is false) nothing waits for anybody.
    """

    in_campaign = InCampaign.CONTACT

    # No index of its own: those of the constraints start with it, and so would the table be split.
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="assessments", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    by_owner = models.BooleanField(default=False)
    progress = models.PositiveSmallIntegerField()
    achievement = models.PositiveSmallIntegerField()
    comment = models.TextField(max_length=COMMENT_LENGTH, blank=True)
    worded = models.BooleanField(help_text="there is a comment or a link to read")
    made_at = models.DateTimeField()
    current = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when it was replaced or withdrawn")

    class Meta(Reviewable.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("pledge", "author"),
                condition=Q(current=True, by_owner=False),
                name="one_current_assessment_per_pledge_and_author",
            ),
            models.UniqueConstraint(
                fields=("pledge",),
                condition=Q(current=True, by_owner=True),
                name="one_current_self_assessment_per_pledge",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=HIGHEST, achievement__gte=0, achievement__lte=HIGHEST),
                name="an_assessment_is_between_0_and_100",
            ),
            models.CheckConstraint(
                condition=Q(current=True, ended_at__isnull=True) | Q(current=False, ended_at__isnull=False),
                name="an_assessment_is_current_until_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(worded=True) | Q(state=Reviewable.State.APPROVED),
                name="an_assessment_without_words_waits_for_nobody",
            ),
        )
        indexes = (
            models.Index(fields=("pledge", "author", "-made_at"), name="assessment_history"),
            models.Index(
                fields=("pledge", "-made_at", "id"),
                condition=Q(current=True, by_owner=False, worded=True, state=Reviewable.State.APPROVED),
                name="assessment_to_read",
            ),
            models.Index(fields=("state", "submitted_at"), name="assessment_queue"),
        )
        verbose_name = "進捗度・達成度の評価"
        verbose_name_plural = "進捗度・達成度の評価"

    def __str__(self) -> str:
        return f"進捗度{self.progress}・達成度{self.achievement}"

    @property
    def words(self) -> str:
        """The comment, and each page that was named with its whole address."""
        return "\n".join([self.comment, *(f"{link.title} {link.url}" for link in self.links.all())]).strip()

    @property
    def about(self) -> str:
        """The page of the pledge."""
        return self.pledge.get_absolute_url()

    @classmethod
    def for_desk(cls) -> models.QuerySet[Any]:
        """With the pledge, the links and who wrote it."""
        links = models.Prefetch("links", queryset=AssessmentLink.objects.order_by("number"))
        return cls._default_manager.select_related("author", "pledge__politician", "pledge__party").prefetch_related(
            links
        )

    @classmethod
    def waiting(cls) -> models.QuerySet[Any]:
        """What waits for a decision; words that ended before anybody decided wait for nobody."""
        return cls._default_manager.filter(state=cls.State.PENDING, current=True)

    @property
    def around(self) -> list[Around]:
        """The pledge, and the numbers that come with the words."""
        numbers = f"進捗度 {self.progress}・達成度 {self.achievement}{'（本人の自己評価）' if self.by_owner else ''}"
        return [
            Around(f"公約（{self.pledge.owner}）", f"{self.pledge.title}\n{self.pledge.text}", self.about),
            Around("評価", numbers),
        ]

    @property
    def readable(self) -> bool:
        """Whether there are words, and others may see them."""
        return self.worded and self.state == Reviewable.State.APPROVED

    @property
    def adds(self) -> dict[str, int]:
        """What it adds to each column of AssessmentTally."""
        return {
            "assessments": 1,
            "progress_sum": self.progress,
            "progress_squares": self.progress**2,
            "achievement_sum": self.achievement,
            "achievement_squares": self.achievement**2,
        }


class AssessmentLink(models.Model):
    """A page that shows what an assessment says, up to LINKS of them. Seen by others together with the comment."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="links", db_index=False)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=LINK_TITLE_LENGTH)
    url = models.URLField(max_length=LINK_URL_LENGTH)

    class Meta:
        ordering = ("assessment", "number")
        constraints = (
            models.UniqueConstraint(fields=("assessment", "number"), name="one_link_per_number_of_an_assessment"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=LINKS), name="an_assessment_has_few_links"),
        )
        verbose_name = "評価の根拠"
        verbose_name_plural = "評価の根拠"

    def __str__(self) -> str:
        return self.title


class AssessmentTally(models.Model):
    """The number and the sums of a pledge's current assessments, the owner's left out; moved in the same transaction. All exact.

    ``changed_at`` moves with the self-assessment too: it is when the assessments of the pledge last changed.
    """

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, primary_key=True, related_name="assessment_tally")
    assessments = models.PositiveIntegerField(default=0)
    progress_sum = models.PositiveBigIntegerField(default=0)
    progress_squares = models.PositiveBigIntegerField(default=0)
    achievement_sum = models.PositiveBigIntegerField(default=0)
    achievement_squares = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()

    COUNTS = ("assessments", "progress_sum", "progress_squares", "achievement_sum", "achievement_squares")

    class Meta:
        verbose_name = "進捗度・達成度の集計"
        verbose_name_plural = "進捗度・達成度の集計"

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.assessments}"

    def replace(self, before: Assessment | None, after: Assessment | None) -> Self:
        """Count ``after`` in place of ``before``; the owner's own counts as none."""
        for assessment, sign in ((before, -1), (after, 1)):
            if assessment is not None and not assessment.by_owner:
                for column, number in assessment.adds.items():
                    setattr(self, column, getattr(self, column) + sign * number)
        return self
