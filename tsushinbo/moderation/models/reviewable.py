"""Looking before publishing (事前承認): what others wrote is invisible until a person approved it."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from tsushinbo.accounts.models import User

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


class Reviewable(models.Model):
    """A text by a visitor that waits for a decision. The desk lists every model that extends this one.

    ``effect``: dotted name of a service called with ``item``, ``by`` and ``at`` inside the transaction of an approval, for what must
    come into being with it; a name, so that a room's models import no services. A RuleBroken it raises undoes the approval.
    """

    class State(models.TextChoices):
        PENDING = "pending", "確認待ち"
        APPROVED = "approved", "承認"
        REJECTED = "rejected", "却下"
        HIDDEN = "hidden", "非公開"

    effect: ClassVar[str] = ""

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
