"""The record, counted by day: what the transparency report (透明性レポート) reads, so that it costs the same however long the record is."""

from django.db import models

NO_WAIT = -1


class LogCount(models.Model):
    """How many entries of one kind the record has of one day (Asia/Tokyo). ``half_hours``: how long it took, whole half hours; NO_WAIT where nothing waited."""

    pk = models.CompositePrimaryKey("day", "deed", "reason", "half_hours")
    day = models.DateField()
    deed = models.CharField(max_length=20, help_text="a Deed")
    reason = models.CharField(max_length=14, blank=True, help_text="a DecisionReason")
    half_hours = models.SmallIntegerField(default=NO_WAIT)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = "記録の件数"
        verbose_name_plural = "記録の件数"

    def __str__(self) -> str:
        return f"{self.day} {self.deed} {self.reason} {self.half_hours}: {self.number}"
