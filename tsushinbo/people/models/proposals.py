"""What members propose about people (政治家の提案): somebody who is missing, or a correction (訂正) of what is on record; and the corrections in force."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo.addresses import new_id
from tsushinbo.japanese.dates import written_date
from tsushinbo.moderation.models import Reviewable
from tsushinbo.moderation.models.reviewable import Around
from tsushinbo.people.models.politicians import Office, Politician

URL_LENGTH = 500
REASON_LENGTH = 200
VALUE_LENGTH = 500
# A link is named by its address.
FACT_LENGTH = URL_LENGTH + 40


class PersonProposal(Reviewable):
    """Somebody who is missing (content: tsushinbo.people.missing.Missing), or a correction (content: ``changes``, each a facts.Change).

    Approval makes the politician, or changes only the facts that are named. ``politician`` of a missing one is empty until then. ``source_url`` is the page by which an editor can check it.
    """

    class Wish(models.TextChoices):
        MISSING = "missing", "登録されていない政治家"
        CORRECTION = "correction", "情報の訂正"

    effect = "tsushinbo.people.services.proposals.carry_out"
    effect_of_sight = "tsushinbo.people.services.proposals.change_sight"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    wish = models.CharField(max_length=10, choices=Wish)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="person_proposals")
    politician = models.ForeignKey(
        Politician, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    content = models.JSONField(help_text="what is to be put on record")
    source_url = models.URLField(max_length=URL_LENGTH)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, help_text="what helps to judge it")

    class Meta(Reviewable.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(wish="missing") | Q(wish="correction", politician__isnull=False),
                name="a_correction_is_of_somebody",
            ),
            models.CheckConstraint(condition=~Q(source_url=""), name="a_person_proposal_has_a_source"),
        )
        indexes = (
            models.Index(fields=("state", "submitted_at"), name="person_proposal_queue"),
            models.Index(fields=("author", "-submitted_at"), name="person_proposal_of_author"),
            models.Index(fields=("politician", "state", "-decided_at"), name="person_proposal_decided"),
        )
        verbose_name = "政治家の提案"
        verbose_name_plural = "政治家の提案"

    def __str__(self) -> str:
        if self.is_correction:
            return f"{self.politician}：{'・'.join(change['label'] for change in self.changes)}"
        return str(self.content["name"])

    @classmethod
    def for_desk(cls) -> models.QuerySet[Self]:
        """Rows with all that the desk reads of them."""
        return super().for_desk().select_related("politician")

    @property
    def is_correction(self) -> bool:
        """Whether it corrects somebody who is on record."""
        return self.wish == self.Wish.CORRECTION

    @property
    def changes(self) -> list[dict[str, str]]:
        """What a correction changes: of each fact its key and label, and what stood there and is to stand, stored and as it is read."""
        found: list[dict[str, str]] = self.content.get("changes", [])
        return found

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What a missing politician is said to be, under the names a reader knows it by."""
        said: dict[str, Any] = self.content
        office = Office(said["office"]).label
        shown = [
            ("氏名", said["name"]), ("ふりがな", said["kana"]), ("職", office), ("選挙区・自治体", said["place_name"]),
            ("政党", said["party_name"]), ("就任の日", written_date(said["starts_on"])), ("公式サイト", said["link_url"]),
        ]  # fmt: skip
        return [(name, text) for name, text in shown if text]

    @property
    def words(self) -> str:
        """Everything that it would put on record, with the source; of a correction also what stands there."""
        if self.is_correction:
            lines = [
                f"{change['label']}：{change['after_shown'] or '（なし）'}\n　いまの記録：{change['before_shown'] or '（なし）'}"
                for change in self.changes
            ]
        else:
            lines = [f"{name}：{text}" for name, text in self.facts]
        said = [f"説明：{self.reason}"] if self.reason else []
        whom = f"{self.politician}の情報の訂正" if self.is_correction else "登録されていない政治家"
        return "\n".join([whom, *lines, f"出典：{self.source_url}", *said])

    @property
    def about(self) -> str:
        """The report card; "" while there is none."""
        return self.politician.get_absolute_url() if self.politician else ""

    @property
    def around(self) -> list[Around]:
        """Who bears the name or the reading already, as the writer was shown and said to be somebody else."""
        if self.is_correction:
            return []
        others = self.content.get("others", [])
        return [
            Around("名前か読みが同じ人（提案した人は「別の人」としました）", one["words"], one["url"]) for one in others
        ] or [Around("名前か読みが同じ人", "提案のときには、登録されていませんでした。")]


class FactCorrection(models.Model):
    """One fact of a politician that was corrected (訂正) and holds against every later import.

    fact: its key (tsushinbo.people.facts). replaced: what the import had put there. said: what the last import said; where that is neither
    ``replaced`` nor ``value``, the source changed since, and ``tsushinbo doctor`` asks for a look.
    """

    # The record (記録) speaks of corrections; their list is for administrators alone.
    record_page: ClassVar[str] = ""

    politician = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="corrections", db_index=False)
    fact = models.CharField(max_length=FACT_LENGTH)
    value = models.CharField(max_length=VALUE_LENGTH, blank=True)
    replaced = models.CharField(max_length=VALUE_LENGTH, blank=True)
    said = models.CharField(max_length=VALUE_LENGTH, blank=True)
    proposal = models.ForeignKey(PersonProposal, on_delete=models.PROTECT, related_name="corrections")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("politician", "fact")
        constraints = (models.UniqueConstraint(fields=("politician", "fact"), name="one_correction_per_fact"),)
        verbose_name = "事実の訂正"
        verbose_name_plural = "事実の訂正"

    def __str__(self) -> str:
        return f"{self.politician}：{self.fact}"
