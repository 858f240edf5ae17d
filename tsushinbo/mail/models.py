"""The queue of mail (送信待ちのメール): one row for each address a message goes to."""

from django.db import models
from django.db.models import Q

FAULT_LENGTH = 300
SUBJECT_LENGTH = 250


class Message(models.Model):
    """A mail to one address. It waits until it is sent or given up; then what it said is emptied, for links in it open accounts.

    ``next_try_at`` is also the lease of who is sending it: it is moved on before the server is spoken to, so that nobody else takes it up.
    """

    to = models.EmailField(max_length=254, db_index=True)
    sender = models.CharField(max_length=320, blank=True, help_text="empty: the site's own address")
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    urgent = models.BooleanField(default=False, help_text="somebody waits for it: sent before all others")
    created_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_fault = models.CharField(max_length=FAULT_LENGTH, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None), name="a_mail_is_not_both_sent_and_given_up"
            ),
        )
        indexes = (
            models.Index(
                fields=("-urgent", "next_try_at"), condition=Q(sent_at=None, given_up_at=None), name="mail_waiting"
            ),
        )
        verbose_name = "メール"
        verbose_name_plural = "メール"

    def __str__(self) -> str:
        return self.subject
