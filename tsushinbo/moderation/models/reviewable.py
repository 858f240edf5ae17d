"""Looking before publishing (事前承認): what others wrote is invisible until a person approved it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.models import User

# What is promised to everybody who writes.
WITHIN = timedelta(hours=24)

NOTE_LENGTH = 400


class DecisionReason(models.TextChoices):
    """Why a text is not shown (判断の理由). The list is published; the poster sees the reason."""

    DEFAMATION = "defamation", "誹謗中傷"
    PRIVACY = "privacy", "住所・家族・健康などの個人情報"
    HATE = "hate", "差別・憎悪をあおる内容"
    THREAT = "threat", "脅迫・暴力をあおる内容"
    INDECENT = "indecent", "公序良俗に反する内容"
    FALSEHOOD = "falsehood", "明らかに事実と異なる内容"
    IMPERSONATION = "impersonation", "なりすまし"
    RIGHTS = "rights", "著作権などの権利の侵害"
    ADVERTISEMENT = "advertisement", "宣伝・勧誘"
    UNRELATED = "unrelated", "話題と関係がない内容"
    UNSOURCED = "unsourced", "出典から確認できない内容"
    DUPLICATE = "duplicate", "重複"
    CAMPAIGN = "campaign", "選挙運動の決まりに反する内容"
    TAKEDOWN = "takedown", "送信防止措置の申出"
    OTHER = "other", "その他"


class InCampaign(Enum):
    """What a kind of text needs, to become public while somebody whom it is about stands in a campaign."""

    FREE = "free"
    CONTACT = "contact"
    WAITS = "waits"


class Reviewable(models.Model):
    """A text by a visitor that waits for a decision. The desk lists every model that extends this one.

    ``effect``: dotted name of a service called with ``item``, ``by`` and ``at`` inside the transaction of an approval, for what must
    come into being with it; a name, so that a room's models import no services. A RuleBroken it raises undoes the approval.
    ``effect_of_sight``: the same for what must follow when a public text is hidden or shown again.
    ``writer_column``: the column that tells one writer from another, by which the desk counts what became of their earlier texts; "" where
    nothing may join the texts of one person.
    ``in_campaign``: what it needs to become public about somebody who stands: the contact of who wrote it (models/contacts.py), or the end of the polls.
    ``revised_on_approval``: an approval changes more than the state (changes_on_approval), so it is not simply taken back.
    """

    class State(models.TextChoices):
        PENDING = "pending", "確認待ち"
        APPROVED = "approved", "承認"
        REJECTED = "rejected", "却下"
        HIDDEN = "hidden", "非公開"

    effect: ClassVar[str] = ""
    effect_of_sight: ClassVar[str] = ""
    writer_column: ClassVar[str] = "author"
    revised_on_approval: ClassVar[bool] = False
    in_campaign: ClassVar[InCampaign] = InCampaign.FREE

    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_reason = models.CharField(max_length=14, choices=DecisionReason, blank=True)
    decision_note = models.CharField(max_length=NOTE_LENGTH, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar[tuple[str, ...]] = ("submitted_at",)

    def changes_on_approval(self, at: datetime) -> dict[str, Any]:
        """Columns that change together with the state when it is approved at ``at``, and their values."""
        return {}

    @classmethod
    def writers_by(cls) -> str:
        """``writer_column`` where this kind has it, else ""."""
        return cls.writer_column if cls.writer_column in {column.name for column in cls._meta.fields} else ""

    @classmethod
    def for_desk(cls) -> models.QuerySet[Any]:
        """Rows with all that the desk reads of them, in a number of queries that does not grow with the rows."""
        writer = cls.writers_by()
        return cls._default_manager.select_related(writer) if writer else cls._default_manager.all()

    @classmethod
    def waiting(cls) -> models.QuerySet[Any]:
        """What waits for a decision."""
        return cls._default_manager.filter(state=cls.State.PENDING)

    @classmethod
    def unseen(cls) -> models.QuerySet[Any]:
        """What was public before anybody looked, and shall be looked at after."""
        return cls._default_manager.none()

    @property
    def kind(self) -> str:
        """Which kind of text it is, by app and model: ``comments.comment``."""
        return self._meta.label_lower

    @property
    def due_at(self) -> datetime:
        """By when a decision is promised."""
        return self.submitted_at + WITHIN

    @property
    def version(self) -> str:
        """Tells one state of the text from another: a decision names the one that was read."""
        decided = f"{self.decided_at.timestamp():.6f}" if self.decided_at else ""
        return f"{self.state} {self.submitted_at.timestamp():.6f} {decided}".strip()

    @property
    def written_by(self) -> User | None:
        """The account that wrote it and is told of the decision; None for who wrote without one."""
        return getattr(self, "author", None)

    @property
    def words(self) -> str:
        """The whole text to be judged, as plain text."""
        return str(self)

    @property
    def about(self) -> str:
        """The address of the page on which it stands or will stand; "" where there is none."""
        return ""

    @property
    def around(self) -> "list[Around]":
        """What stands around it, so that it is judged in its place: the pledge or the report, the text that it answers."""
        return []

    @property
    def concerns(self) -> set[int]:
        """The ids of the politicians that it is about: who speaks for one of them has no say in it."""
        nearest = (self, getattr(self, "pledge", None), getattr(self, "report", None))
        ids = (getattr(row, "politician_id", None) for row in nearest)
        return {number for number in ids if number is not None}

    @property
    def network(self) -> str:
        """What accounts.services.network_subject gave for its writer today; "" where that is not kept, or no longer."""
        return ""

    def may_appeal(self, request: HttpRequest) -> bool:
        """Whether who asks wrote it, and so may say something against a decision."""
        writer = self.written_by
        account = logged_in(request)
        return writer is not None and account is not None and writer.pk == account.pk

    @property
    def appeal_address(self) -> str:
        """Where its writer reads the reason and can appeal; "" while nothing was decided against it."""
        if self.state not in {self.State.REJECTED, self.State.HIDDEN}:
            return ""
        return reverse("moderation:appeal", args=[self.kind, self.pk])


@dataclass(frozen=True)
class Around:
    """Something that a text stands beside: what it is called, its words (as plain text), and its page."""

    label: str
    text: str
    url: str = ""
