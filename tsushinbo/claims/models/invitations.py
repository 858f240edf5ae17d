"""Invitations by which the holder of a verified account lets others write in the politician's name."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo.addresses import new_id
from tsushinbo.people.models import Politician


class Invitation(models.Model):
    """An invitation to one mail address, good once and until ``expires_at``. The address goes once it was used or is over.

    Its link is signed; it opens only to an account that confirmed the very address.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id)
    politician = models.ForeignKey(Politician, on_delete=models.PROTECT, related_name="invitations")
    address = models.CharField(max_length=254, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-invited_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("politician", "address"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_address",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="an_invitation_is_accepted_or_withdrawn",
            ),
        )
        indexes = (models.Index(fields=("expires_at",), name="invitation_age"),)
        verbose_name = "事務所への招待"
        verbose_name_plural = "事務所への招待"

    def __str__(self) -> str:
        return f"{self.politician} {self.invited_at:%Y-%m-%d}"

    def is_open(self, at: datetime) -> bool:
        """Whether it can be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at
