"""Who may write nothing for a time (投稿の停止). Ballots are never refused by it: they are no texts."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo.addresses import new_id
from tsushinbo.moderation.models.reviewable import NOTE_LENGTH, DecisionReason


class Ban(models.Model):
    """A ban of an account, until ``until`` or with an open end, or of a network for the rest of a day.

    ``network`` is what accounts.services.network_subject gives: a hash under the key of the day, which is thrown away with the day.
    Its rows go too, by the chores; the log keeps that it was done.
    """

    # One list holds them all.
    record_page: ClassVar[str] = ""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="bans", db_index=False
    )
    network = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=14, choices=DecisionReason)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    begins_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-begins_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(account__isnull=False, network="") | Q(account__isnull=True) & ~Q(network=""),
                name="a_ban_is_of_an_account_or_a_network",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(until__isnull=False), name="a_ban_of_a_network_ends"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_ban_is_lifted_by_somebody",
            ),
        )
        indexes = (
            models.Index(fields=("account",), condition=Q(lifted_at__isnull=True), name="ban_of_account"),
            models.Index(fields=("network",), condition=~Q(network=""), name="ban_of_network"),
        )
        verbose_name = "投稿の停止"
        verbose_name_plural = "投稿の停止"

    def __str__(self) -> str:
        return f"{self.begins_at:%Y-%m-%d} {self.get_reason_display()}"

    def holds(self, at: datetime) -> bool:
        """Whether it is in force."""
        return self.lifted_at is None and (self.until is None or at < self.until)


class DeskClock(models.Model):
    """How far the warning of what is about to pass its 24 hours has come: one row, so that each text is warned of once."""

    id = models.SmallAutoField(primary_key=True)
    warned_until = models.DateTimeField(help_text="texts submitted up to this moment were warned of")

    class Meta:
        verbose_name = "警告の時計"
        verbose_name_plural = "警告の時計"

    def __str__(self) -> str:
        return f"{self.warned_until:%Y-%m-%d %H:%M}"
