"""What citizens think of a pledge: ballots (一票) and their tally (集計)."""

from django.db import models
from django.db.models import Q

from tsushinbo.moderation.models import Reviewable
from tsushinbo.pledges.models import Pledge


class Choice(models.TextChoices):
    """支持 or 不支持."""

    GOOD = "good", "支持する"
    BAD = "bad", "支持しない"


class Ballot(models.Model):
    """A voter's judgement of one pledge. The key starts with the pledge: the table can be split by it.

    ``voter`` is a random number from a signed cookie; nothing here points at a person, an address or a browser. Each reason is independent
    of the choice: True the positive word (明確・的確, 現実的, 誠実), False the negative one, NULL not said.
    """

    pk = models.CompositePrimaryKey("pledge", "voter")
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="ballots")
    voter = models.BigIntegerField()
    choice = models.CharField(max_length=4, choices=Choice)
    clarity = models.BooleanField(null=True)
    feasibility = models.BooleanField(null=True)
    sincerity = models.BooleanField(null=True)
    other = models.BooleanField(default=False)
    cast_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(choice__in=["good", "bad"]), name="a_ballot_is_good_or_bad"),)
        indexes = (models.Index(fields=("voter", "cast_at"), name="ballot_of_voter"),)
        verbose_name = "評価"
        verbose_name_plural = "評価"

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.choice}"


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
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(models.F("good") + models.F("bad"), name="tally_ballots"),)
        verbose_name = "集計"
        verbose_name_plural = "集計"

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.good}/{self.bad}"

    @property
    def ballots(self) -> int:
        """All ballots: GOOD and BAD together."""
        return self.good + self.bad


class ReasonText(Reviewable):
    """The free-text reason (その他) of a ballot, up to 400 characters, unseen by others until approved."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="reason_texts")
    voter = models.BigIntegerField()
    text = models.CharField(max_length=400)

    class Meta(Reviewable.Meta):
        constraints = (models.UniqueConstraint(fields=("pledge", "voter"), name="one_reason_text_per_pledge_and_voter"),)
        indexes = (models.Index(fields=("state", "submitted_at"), name="reason_text_queue"),)
        verbose_name = "その他の理由"
        verbose_name_plural = "その他の理由"

    def __str__(self) -> str:
        return self.text[:40]
