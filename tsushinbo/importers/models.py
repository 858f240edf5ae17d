"""What was imported, and what a person must decide."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo import addresses
from tsushinbo.addresses import new_id
from tsushinbo.elections.models import Candidacy
from tsushinbo.people.models import Politician


class ImportedFile(models.Model):
    """How far one file was loaded: the same content again is skipped, an interrupted one goes on after ``lines_done``."""

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    reader = models.CharField(max_length=40, help_text="which importer, with the version of its rules")
    lines_done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("name", "digest", "reader"), name="one_row_per_file_and_reader"),
        )
        verbose_name = "取り込んだファイル"
        verbose_name_plural = "取り込んだファイル"

    def __str__(self) -> str:
        return self.name


class CountFile(models.Model):
    """A file of an election office that an editor looks at before it is imported; gone once it is, or after a day."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    packed = models.BinaryField(help_text="the file, packed by zlib")
    ignore_unknown = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = "確かめている開票の表"
        verbose_name_plural = "確かめている開票の表"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its preview."""
        return addresses.page("importers:count-file", self.pk)


class DoubtfulMatch(models.Model):
    """A politician that may be the same person as another one, or as an unnamed candidate. Nothing is joined until a person decides."""

    class Verdict(models.TextChoices):
        OPEN = "open", "未判断"
        SAME = "same", "同じ人"
        DIFFERENT = "different", "別の人"

    first = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Politician, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="one_doubt_per_pair"),
            models.UniqueConstraint(fields=("first", "candidacy"), name="one_doubt_per_candidacy"),
            models.CheckConstraint(
                condition=Q(second__isnull=False, candidacy__isnull=True)
                | Q(second__isnull=True, candidacy__isnull=False),
                name="a_doubt_is_about_a_politician_or_a_candidacy",
            ),
        )
        verbose_name = "同一人物かもしれない組"
        verbose_name_plural = "同一人物かもしれない組"

    def __str__(self) -> str:
        return f"{self.first} / {self.second or self.candidacy}"
