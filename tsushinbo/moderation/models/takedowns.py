"""Requests to take a text down (送信防止措置の申出).

情報流通プラットフォーム対処法 (特定電気通信による情報の流通によって発生する権利侵害等への対処に関する法律, 平成13年法律第137号, under this name in
force since 2025-04-01): who was asked and does not object within seven days (第3条第2項第2号), within two where a candidate's honour is at stake in
a campaign (第4条第1号), or who shows no address although the election law asks for one (第4条第2号, at once), may be taken down without
liability to the poster; the claimant is told the outcome within the time of 第25条. The periods are settings.
"""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from tsushinbo.addresses import ALPHABET, new_id
from tsushinbo.moderation.models.reviewable import NOTE_LENGTH

PAGE_LENGTH = 300
WORDS_LENGTH = 2000
HOW_LENGTH = 2000
NAME_LENGTH = 80
ELECTION_LENGTH = 120
ANSWER_LENGTH = 2000
KIND_LENGTH = 60
RECEIPT_LENGTH = 20
# Nothing is late before the day that is promised for every decision, also where the law allows to act at once.
LATE_AFTER = timedelta(hours=24)


def new_receipt() -> str:
    """A number that nobody guesses: 20 characters of base 32 are 100 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(RECEIPT_LENGTH))


class Right(models.TextChoices):
    """Which right is said to be infringed (侵害された権利)."""

    HONOUR = "honour", "名誉・信用"
    PRIVACY = "privacy", "プライバシー・個人情報"
    PORTRAIT = "portrait", "肖像権"
    COPYRIGHT = "copyright", "著作権・商標権"
    OTHER = "other", "その他の権利"


class Takedown(models.Model):
    """One request, from its receipt to the notice of the outcome. What names the claimant is emptied some time after the end."""

    class State(models.TextChoices):
        RECEIVED = "received", "受付"
        INQUIRY = "inquiry", "投稿者に照会中"
        DECIDED = "decided", "判断済み"
        NOTIFIED = "notified", "通知済み"

    class Outcome(models.TextChoices):
        REMOVED = "removed", "削除しました"
        KEPT = "kept", "削除しません"

    record_page: ClassVar[str] = "moderation:takedown-desk"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    receipt = models.CharField(max_length=RECEIPT_LENGTH, unique=True, default=new_receipt)
    page = models.CharField(max_length=PAGE_LENGTH, help_text="path of this site, with its fragment")
    words = models.TextField(max_length=WORDS_LENGTH, help_text="which text of the page")
    right = models.CharField(max_length=10, choices=Right)
    how = models.TextField(max_length=HOW_LENGTH, help_text="how it infringes the right")
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    principal = models.CharField(max_length=NAME_LENGTH, blank=True, help_text="for whom an agent asks")
    candidate = models.BooleanField(default=False, help_text="stands in a running election")
    election = models.CharField(max_length=ELECTION_LENGTH, blank=True)
    contact_missing = models.BooleanField(default=False, help_text="a duty to show contact data was broken")
    email = models.EmailField(blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="by when it is decided, or the poster's answer is due")
    late = models.BooleanField(default=False, help_text="a step came after its clock had passed")
    kind = models.CharField(max_length=KIND_LENGTH, blank=True, help_text="the text that it is about: comments.comment")
    subject_id = models.BigIntegerField(null=True, blank=True)
    inquired_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=ANSWER_LENGTH, blank=True, help_text="what the poster says to it")
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    reason = models.CharField(max_length=NOTE_LENGTH, blank=True, help_text="why; claimant and poster read it")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    notified_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True, help_text="when what names the claimant was deleted")

    class Meta:
        ordering = ("due_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("received", "inquiry"), outcome="", decided_at__isnull=True)
                | (Q(state__in=("decided", "notified"), decided_at__isnull=False) & ~Q(outcome="") & ~Q(reason="")),
                name="a_takedown_is_decided_with_an_outcome_and_a_reason",
            ),
            models.CheckConstraint(
                condition=(Q(kind="") & Q(subject_id__isnull=True)) | (~Q(kind="") & Q(subject_id__isnull=False)),
                name="a_takedown_is_about_one_text_or_none_yet",
            ),
        )
        indexes = (
            models.Index(fields=("due_at", "id"), condition=~Q(state="notified"), name="takedown_open"),
            models.Index(fields=("-received_at",), name="takedown_newest"),
            models.Index(fields=("kind", "subject_id"), condition=~Q(kind=""), name="takedown_of_text"),
        )
        verbose_name = "送信防止措置の申出"
        verbose_name_plural = "送信防止措置の申出"

    def __str__(self) -> str:
        return f"{self.receipt[:6]} {self.page}"

    def get_absolute_url(self) -> str:
        """The state page, for who knows the receipt number."""
        return reverse("moderation:takedown-state", args=[self.receipt])

    @property
    def open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in {self.State.RECEIVED, self.State.INQUIRY}

    @property
    def waiting(self) -> bool:
        """Whether the desk has anything left to do."""
        return self.state != self.State.NOTIFIED

    def passed(self, at: datetime) -> bool:
        """Whether its clock has passed at ``at``. It runs until the claimant is told: the law's time is that of the notice (第25条).

        What may be done at once is late after the day that is promised for all.
        """
        return self.waiting and at > max(self.due_at, self.received_at + LATE_AFTER)
