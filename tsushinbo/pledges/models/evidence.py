"""Evidence (根拠) of how a pledge stands, and every change of its status (実施状況) that rests on it."""

from datetime import date
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from tsushinbo.addresses import new_id
from tsushinbo.pledges.models.pledges import Pledge, Slot, slots_in

TITLE_LENGTH = 200
URL_LENGTH = 1500
PUBLISHER_LENGTH = 100
SHOWS_LENGTH = 500
REASON_LENGTH = 400


class Verdict(NamedTuple):
    """How a pledge stands, as a whole: what a status change replaces and what it puts in its place."""

    status: str
    overdue: bool
    withdrawn: bool
    missing: str
    confirmed_on: date | None


class Evidence(models.Model):
    """A published page that shows how a pledge stands, proposed by one editor with the status that follows from it.

    A second editor confirms or rejects it. Until then nobody but editors reads it, and a rejected one is never shown to others.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "確認待ち"
        CONFIRMED = "confirmed", "確認済み"
        REJECTED = "rejected", "不採用"

    # Its page is for editors; not every moderator is one.
    record_page: ClassVar[str] = ""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=TITLE_LENGTH)
    url = models.URLField(max_length=URL_LENGTH)
    publisher = models.CharField(max_length=PUBLISHER_LENGTH)
    dated_on = models.DateField(help_text="when the page was published")
    shows = models.TextField(max_length=SHOWS_LENGTH, help_text="what of the page shows how the pledge stands")
    proposed_status = models.CharField(max_length=10, choices=Pledge.Status)
    overdue = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    missing = models.CharField(max_length=60, blank=True, help_text="slots without which it cannot be judged")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(
        max_length=REASON_LENGTH, blank=True, help_text="why it was rejected; editors alone read it"
    )

    class Meta:
        ordering = ("proposed_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="evidence_is_decided_by_a_second_editor",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="evidence_waits_until_it_is_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(note=""), name="evidence_is_rejected_with_a_reason"
            ),
            models.CheckConstraint(
                condition=(Q(proposed_status="untestable") & ~Q(missing=""))
                | (~Q(proposed_status="untestable") & Q(missing="")),
                name="untestable_says_which_slot_is_missing",
            ),
        )
        indexes = (
            models.Index(fields=("proposed_at", "id"), condition=Q(state="proposed"), name="evidence_waiting"),
            models.Index(fields=("proposed_by", "-proposed_at"), name="evidence_of_editor"),
        )
        verbose_name = "根拠"
        verbose_name_plural = "根拠"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page where editors read and decide it."""
        return reverse("pledges:proposal", args=[self.pk])

    @property
    def missing_slots(self) -> list[Slot]:
        """The slots without which the pledge cannot be judged (判定不能)."""
        return slots_in(self.missing)


class StatusChange(models.Model):
    """One change of how a pledge stands: by confirmed evidence, or the undoing of an earlier change. Rows are only ever added.

    The pledge equals what the newest one put in place. A change may leave the status as it was: then the evidence shows it again.
    """

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="status_changes", db_index=False)
    number = models.PositiveIntegerField()
    status_before = models.CharField(max_length=10, choices=Pledge.Status)
    overdue_before = models.BooleanField()
    withdrawn_before = models.BooleanField()
    missing_before = models.CharField(max_length=60, blank=True)
    confirmed_on_before = models.DateField(null=True, blank=True)
    status_after = models.CharField(max_length=10, choices=Pledge.Status)
    overdue_after = models.BooleanField()
    withdrawn_after = models.BooleanField()
    missing_after = models.CharField(max_length=60, blank=True)
    confirmed_on_after = models.DateField(null=True, blank=True)
    evidence = models.OneToOneField(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="status_change"
    )
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, help_text="why it was undone; everybody reads it")

    class Meta:
        ordering = ("pledge", "number")
        constraints = (
            models.UniqueConstraint(fields=("pledge", "number"), name="one_status_change_per_number"),
            models.CheckConstraint(
                condition=Q(evidence__isnull=False, undoes__isnull=True, reason="")
                | (Q(evidence__isnull=True, undoes__isnull=False) & ~Q(reason="")),
                name="a_status_changes_by_evidence_or_is_undone_with_a_reason",
            ),
        )
        verbose_name = "実施状況の変更"
        verbose_name_plural = "実施状況の変更"

    def __str__(self) -> str:
        return f"{self.pledge_id} #{self.number}: {self.status_before} → {self.status_after}"

    @property
    def before(self) -> Verdict:
        """How the pledge stood before."""
        return Verdict(
            self.status_before,
            self.overdue_before,
            self.withdrawn_before,
            self.missing_before,
            self.confirmed_on_before,
        )

    @property
    def after(self) -> Verdict:
        """How it stands since."""
        return Verdict(
            self.status_after, self.overdue_after, self.withdrawn_after, self.missing_after, self.confirmed_on_after
        )

    @property
    def missing_slots(self) -> list[Slot]:
        """The slots without which the pledge cannot be judged since then."""
        return slots_in(self.missing_after)

    @property
    def missing_slots_before(self) -> list[Slot]:
        """The slots without which the pledge could not be judged before."""
        return slots_in(self.missing_before)

    @property
    def moved(self) -> bool:
        """Whether anything but the day of confirmation is another than before."""
        return self.before[:4] != self.after[:4]
