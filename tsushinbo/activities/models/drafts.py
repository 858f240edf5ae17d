"""What is being written: drafts (下書き), which their writer alone sees, and pictures (写真)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from tsushinbo import addresses
from tsushinbo.activities.models.reports import ActivityReport
from tsushinbo.drafts import KeptFields
from tsushinbo.people.models import Politician

ALT_LENGTH = 200
PICTURES = 20


class Draft(KeptFields):
    """The fields of the form as they were typed, kept for their writer: of a new report, or of a change to ``report``."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="activity_drafts")
    politician = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="activity_drafts")
    report = models.ForeignKey(
        ActivityReport, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts", db_index=False
    )

    class Meta(KeptFields.Meta):
        constraints = (models.UniqueConstraint(fields=("report", "author"), name="one_draft_per_report_and_writer"),)
        verbose_name = "活動報告の下書き"
        verbose_name_plural = "活動報告の下書き"

    def get_absolute_url(self) -> str:
        """Where its writer goes on."""
        if self.report_id:
            return reverse("activities:edit", args=[self.report_id])
        where = addresses.encode(self.politician_id)
        return f"{reverse('activities:new')}?politician={where}&draft={addresses.encode(self.pk)}"


class Picture(models.Model):
    """A picture of a report, or of a draft until it is posted. The text names it by ``number``: 写真1.

    Its files lie in the folder ``name``, one for each of ``widths`` and each kind of file (``activities.images``). Sizes in pixels.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, blank=True, related_name="pictures")
    report = models.ForeignKey(
        ActivityReport, on_delete=models.CASCADE, null=True, blank=True, related_name="pictures", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=32, unique=True)
    alt = models.CharField(max_length=ALT_LENGTH, help_text="what it shows, for who does not see it")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    widths = models.JSONField(help_text="the widths it was stored in, the smallest first")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("report", "number"), name="one_picture_per_number_of_a_report"),
            models.CheckConstraint(
                condition=Q(draft__isnull=False, report__isnull=True) | Q(draft__isnull=True, report__isnull=False),
                name="a_picture_belongs_to_a_draft_or_a_report",
            ),
            models.CheckConstraint(condition=~Q(alt=""), name="a_picture_says_what_it_shows"),
        )
        verbose_name = "活動報告の写真"
        verbose_name_plural = "活動報告の写真"

    def __str__(self) -> str:
        return f"写真{self.number}"
