"""Two pledges that are one (統合): which one stayed, and what moved."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from tsushinbo.pledges.models.pledges import Pledge

MERGE_REASON_LENGTH = 400


class PledgeMerge(models.Model):
    """``source`` became part of ``target`` by an editor's decision. Rows are only ever added.

    Whatever of ``source`` could not move stays with it and is read on its record page: its wordings, and its status changes where ``target``
    has some of its own.
    """

    source = models.OneToOneField(Pledge, on_delete=models.PROTECT, related_name="merge")
    target = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="merges")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    reason = models.CharField(max_length=MERGE_REASON_LENGTH, help_text="everybody reads it")
    ballots_moved = models.PositiveIntegerField(default=0)
    ballots_dropped = models.PositiveIntegerField(
        default=0, help_text="of voters who had judged both: the earlier ones"
    )
    assessments_moved = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("merged_at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(source=F("target")), name="a_pledge_is_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_merge_has_a_reason"),
        )
        verbose_name = "公約の統合"
        verbose_name_plural = "公約の統合"

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"

    def get_absolute_url(self) -> str:
        """Where everybody reads what the merged pledge said, and how it stood."""
        return reverse("pledges:merged", args=[self.source_id])
