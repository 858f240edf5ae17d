"""What a writer says against a decision (異議申立て)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo.addresses import new_id
from tsushinbo.moderation.models.log import KIND_LENGTH, LogEntry
from tsushinbo.moderation.models.reviewable import NOTE_LENGTH

APPEAL_LENGTH = 1000


class Appeal(models.Model):
    """An appeal against one decision, which another moderator than the first decides. ``opened_by`` is empty for who wrote without an account."""

    class State(models.TextChoices):
        OPEN = "open", "審査待ち"
        UPHELD = "upheld", "判断を維持"
        GRANTED = "granted", "判断を変更"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    entry = models.OneToOneField(
        LogEntry, on_delete=models.PROTECT, related_name="appeal", help_text="the decision; one appeal against each"
    )
    kind = models.CharField(max_length=KIND_LENGTH)
    subject_id = models.BigIntegerField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(max_length=APPEAL_LENGTH)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=NOTE_LENGTH, blank=True, help_text="why; the writer reads it")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("opened_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="an_appeal_is_open_until_somebody_decides",
            ),
        )
        indexes = (
            models.Index(fields=("opened_at", "id"), condition=Q(state="open"), name="appeal_queue"),
            models.Index(fields=("kind", "subject_id"), name="appeal_of_subject"),
        )
        verbose_name = "異議申立て"
        verbose_name_plural = "異議申立て"

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.opened_at:%Y-%m-%d}"
