"""Looking before publishing (事前承認): what others wrote is invisible until a person approved it."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class Reviewable(models.Model):
    """A text by a visitor that waits for a decision. The desk lists every model that extends this one."""

    class State(models.TextChoices):
        PENDING = "pending", "確認待ち"
        APPROVED = "approved", "承認"
        REJECTED = "rejected", "却下"

    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_note = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar[tuple[str, ...]] = ("submitted_at",)

    def changes_on_approval(self, at: datetime) -> dict[str, Any]:
        """Columns that change together with the state when it is approved at ``at``, and their values."""
        return {}
