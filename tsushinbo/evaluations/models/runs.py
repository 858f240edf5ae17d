"""What a run of the scores (採点) measured of everybody, and what it found agreed on across divided groups."""

from django.db import models
from django.db.models import Q

from tsushinbo.pledges.models import Pledge


class ScoreRun(models.Model):
    """One run of the scores: from which input, by which method, with which result. Rows are only ever added, and thinned out with age.

    ``ruler`` places any pledge and owner between two runs (tsushinbo.scoring.ruler). The same ``inputs_digest`` gives the same
    ``outputs_digest``. ``left_out`` tells one set of people without a place from another; "" is nobody. Its rankings are written before it becomes ``current``; one that never did was interrupted.
    """

    number = models.BigAutoField(primary_key=True)
    method_version = models.CharField(max_length=20)
    parameters = models.JSONField()
    as_of = models.DateTimeField(help_text="when the input was read")
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    counts = models.JSONField(help_text="ballots, held, excluded, assessments, pledges, owners and members at as_of")
    inputs_digest = models.CharField(max_length=64)
    outputs_digest = models.CharField(max_length=64)
    ruler = models.JSONField()
    histograms = models.JSONField(help_text="for each population, its members in each bin of 偏差値")
    consensus = models.JSONField(default=dict, help_text="whether 「立場をこえた支持」 may be shown, and what says so")
    left_out = models.CharField(
        max_length=64, blank=True, default="", help_text="who stood in an election and has no place"
    )
    current = models.BooleanField(default=False)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("current",), condition=Q(current=True), name="one_current_run"),
            models.CheckConstraint(
                condition=Q(current=False) | Q(finished_at__isnull=False), name="a_current_run_is_finished"
            ),
        )
        verbose_name = "採点"
        verbose_name_plural = "採点"

    def __str__(self) -> str:
        return f"第{self.number}回"


class PledgeConsensus(models.Model):
    """What those agree on about a pledge who otherwise disagree. Only where it may be shown; of a voter nothing is ever stored.

    intercept: support beyond the camps, to order by. low_support: the smaller posterior support of the two sides, a share.
    """

    pk = models.CompositePrimaryKey("run", "pledge")
    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="consensus_rows", db_index=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="+", db_index=False)
    intercept = models.FloatField()
    low_support = models.FloatField()
    bridging = models.BooleanField(help_text="「立場をこえた支持」: little divided, and supported on both sides")

    class Meta:
        verbose_name = "立場をこえた支持"
        verbose_name_plural = "立場をこえた支持"

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.intercept:.3f}"
