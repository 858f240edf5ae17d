"""Whether a report of what was done helped its readers (参考になった / ならなかった), and the counts of it."""

from django.db import models

from tsushinbo.activities.models import ActivityReport


class Helpfulness(models.TextChoices):
    """What a reader says of a report. The values are the names of the columns of ReactionTally."""

    HELPFUL = "helpful", "参考になった"
    UNHELPFUL = "unhelpful", "ならなかった"


class Reaction(models.Model):
    """What one voter says of one report; the latest counts. ``voter`` is the number that ballots are cast under."""

    pk = models.CompositePrimaryKey("report", "voter")
    # No index of its own: the primary key starts with it.
    report = models.ForeignKey(ActivityReport, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    voter = models.BigIntegerField()
    helpful = models.BooleanField()
    cast_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "活動報告への反応"
        verbose_name_plural = "活動報告への反応"

    def __str__(self) -> str:
        return f"{self.report_id} {self.says}"

    @property
    def says(self) -> Helpfulness:
        """参考になった or ならなかった."""
        return Helpfulness.HELPFUL if self.helpful else Helpfulness.UNHELPFUL

    @property
    def counted_in(self) -> frozenset[str]:
        """The column of ReactionTally that counts it."""
        return frozenset({self.says.value})


class ReactionTally(models.Model):
    """The counts of a report's reactions, moved in the same transaction as each. Both are exact."""

    report = models.OneToOneField(
        ActivityReport, on_delete=models.CASCADE, primary_key=True, related_name="reaction_tally"
    )
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    COUNTS = tuple(Helpfulness.values)

    class Meta:
        verbose_name = "活動報告への反応の集計"
        verbose_name_plural = "活動報告への反応の集計"

    def __str__(self) -> str:
        return f"{self.report_id}: {self.helpful}/{self.unhelpful}"

    @property
    def reactions(self) -> int:
        """Both together."""
        return self.helpful + self.unhelpful
