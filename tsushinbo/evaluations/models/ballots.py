"""What citizens think of a pledge: ballots (一票) and their tally (集計)."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from tsushinbo.accounts import voters
from tsushinbo.moderation.models import InCampaign, Reviewable
from tsushinbo.moderation.models.reviewable import Around
from tsushinbo.pledges.models import Pledge


class Choice(models.TextChoices):
    """支持 or 不支持."""

    GOOD = "good", "支持する"
    BAD = "bad", "支持しない"


class Reason(models.TextChoices):
    """Why (理由): any number of them, each independent of the choice. The values are the names of the columns of Tally."""

    CLEAR = "clear", "明確・的確"
    UNCLEAR = "unclear", "不明確・不適格"
    FEASIBLE = "feasible", "現実的"
    INFEASIBLE = "infeasible", "非現実的"
    SINCERE = "sincere", "誠実"
    INSINCERE = "insincere", "不誠実"
    OTHER = "other", "その他"


class Standing(models.IntegerChoices):
    """Whether a ballot counts (採否): counted, held until a moderator decides (確認中), or excluded by a decision (除外)."""

    COUNTED = 0, "数えています"
    HELD = 1, "確認中"
    EXCLUDED = 2, "除外"


@dataclass(frozen=True)
class Dimension:
    """What two opposite reasons speak of. ``name`` is the column of Ballot that holds which one was given."""

    name: str
    label: str
    positive: Reason
    negative: Reason


DIMENSIONS = (
    Dimension("clarity", "明確さ", Reason.CLEAR, Reason.UNCLEAR),
    Dimension("feasibility", "現実性", Reason.FEASIBLE, Reason.INFEASIBLE),
    Dimension("sincerity", "誠実さ", Reason.SINCERE, Reason.INSINCERE),
)


class Ballot(models.Model):
    """A voter's judgement of one pledge. The key starts with the pledge: the table can be split by it.

    ``voter`` is a random number from a signed cookie; nothing here points at a person, an address or a browser. Each reason is independent
    of the choice: True the positive word (明確・的確, 現実的, 誠実), False the negative one, NULL not said.
    """

    pk = models.CompositePrimaryKey("pledge", "voter")
    # No index of its own: the primary key starts with it.
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="ballots", db_index=False)
    voter = models.BigIntegerField()
    choice = models.CharField(max_length=4, choices=Choice)
    clarity = models.BooleanField(null=True)
    feasibility = models.BooleanField(null=True)
    sincerity = models.BooleanField(null=True)
    other = models.BooleanField(default=False)
    cast_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    standing = models.PositiveSmallIntegerField(choices=Standing, default=Standing.COUNTED, db_default=Standing.COUNTED)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(choice__in=["good", "bad"]), name="a_ballot_is_good_or_bad"),
            models.CheckConstraint(condition=Q(standing__lte=2), name="a_ballot_is_counted_held_or_excluded"),
        )
        indexes = (
            models.Index(fields=("voter", "cast_at"), name="ballot_of_voter"),
            models.Index(fields=("pledge", "voter"), condition=~Q(standing=0), name="ballot_not_counted"),
        )
        verbose_name = "評価"
        verbose_name_plural = "評価"

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.choice}"

    @property
    def reasons(self) -> frozenset[Reason]:
        """The reasons given."""
        said = {dimension: getattr(self, dimension.name) for dimension in DIMENSIONS}
        reasons = {
            dimension.positive if yes else dimension.negative for dimension, yes in said.items() if yes is not None
        }
        return frozenset(reasons | {Reason.OTHER} if self.other else reasons)

    @property
    def says(self) -> frozenset[str]:
        """The choice and the reasons: the columns of Tally that count it where it counts."""
        return frozenset({self.choice, *self.reasons})

    @property
    def counted_in(self) -> frozenset[str]:
        """The columns of Tally that count this ballot. One that is held or excluded is in none but ``held`` or ``excluded``."""
        if self.standing != Standing.COUNTED:
            return frozenset({"held" if self.standing == Standing.HELD else "excluded"})
        return self.says


class Tally(models.Model):
    """The counts of a pledge's ballots, moved in the same transaction as each ballot. Every count is exact."""

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, primary_key=True, related_name="tally")
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    clear = models.PositiveIntegerField(default=0)
    unclear = models.PositiveIntegerField(default=0)
    feasible = models.PositiveIntegerField(default=0)
    infeasible = models.PositiveIntegerField(default=0)
    sincere = models.PositiveIntegerField(default=0)
    insincere = models.PositiveIntegerField(default=0)
    other = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0, db_default=0)
    excluded = models.PositiveIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField()

    COUNTS = (*Choice.values, *Reason.values, "held", "excluded")

    class Meta:
        # The most judged first, equal ones by id: a list in this order is read from its front.
        indexes = (models.Index((models.F("good") + models.F("bad")).desc(), "pledge", name="tally_most_ballots"),)
        verbose_name = "集計"
        verbose_name_plural = "集計"

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.good}/{self.bad}"

    @property
    def ballots(self) -> int:
        """All ballots that count: GOOD and BAD together."""
        return self.good + self.bad


class ReasonText(Reviewable):
    """The free-text reason (その他) of a ballot, up to 400 characters, unseen by others until approved."""

    # No index of its own: that of the constraint starts with it.
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="reason_texts", db_index=False)
    voter = models.BigIntegerField()
    text = models.CharField(max_length=400)

    class Meta(Reviewable.Meta):
        constraints = (
            models.UniqueConstraint(fields=("pledge", "voter"), name="one_reason_text_per_pledge_and_voter"),
        )
        indexes = (models.Index(fields=("state", "submitted_at"), name="reason_text_queue"),)
        verbose_name = "その他の理由"
        verbose_name_plural = "その他の理由"

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def words(self) -> str:
        """The reason as it was written."""
        return self.text

    @property
    def about(self) -> str:
        """The page of the pledge."""
        return self.pledge.get_absolute_url()

    # The voter's number would join the ballots of one person: it leads to nobody, and counts nothing.
    writer_column = ""
    # A ballot is cast in a second and without a name; who writes a reason is asked for no contact, and it waits until the polls close.
    in_campaign = InCampaign.WAITS

    @classmethod
    def for_desk(cls) -> models.QuerySet[Any]:
        """With the pledge."""
        return cls._default_manager.select_related("pledge__politician", "pledge__party")

    @property
    def around(self) -> list[Around]:
        """The pledge that is judged."""
        return [Around(f"公約（{self.pledge.owner}）", f"{self.pledge.title}\n{self.pledge.text}", self.about)]

    def may_appeal(self, request: HttpRequest) -> bool:
        """Whether this browser sent the ballot."""
        return voters.known(request) == self.voter
