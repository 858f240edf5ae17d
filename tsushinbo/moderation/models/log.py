"""The record (記録) of everything that staff decided: about texts, requests, claims, pledges, ballots and people.

Rows are only ever added; the database refuses anything else.
"""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse

from tsushinbo.addresses import new_id
from tsushinbo.moderation.models.reviewable import NOTE_LENGTH, DecisionReason, Reviewable

KIND_LENGTH = 60


class Deed(models.TextChoices):
    """What was done (記録の種類)."""

    APPROVE = "approve", "承認"
    REJECT = "reject", "却下"
    HIDE = "hide", "非公開"
    RESTORE = "restore", "再公開"
    REOPEN = "reopen", "確認待ちに戻す"
    CONFIRM = "confirm", "公開後の確認"
    APPEAL_OPENED = "appeal_opened", "異議の申立て"
    APPEAL_UPHELD = "appeal_upheld", "異議：判断を維持"
    APPEAL_GRANTED = "appeal_granted", "異議：判断を変更"
    BAN = "ban", "投稿の停止"
    UNBAN = "unban", "停止の解除"
    ESCALATE = "escalate", "管理者への引き継ぎ"
    TAKEDOWN_RECEIVED = "takedown_received", "申出の受付"
    TAKEDOWN_INQUIRY = "takedown_inquiry", "申出：投稿者への照会"
    TAKEDOWN_REMOVED = "takedown_removed", "申出：削除"
    TAKEDOWN_KEPT = "takedown_kept", "申出：削除しない"
    TAKEDOWN_NOTIFIED = "takedown_notified", "申出：結果の通知"
    CLAIM_VERIFIED = "claim_verified", "本人確認：確認"
    CLAIM_REFUSED = "claim_refused", "本人確認：確認できず"
    CLAIM_ENDED = "claim_ended", "本人確認：終了"
    DELEGATE_ADDED = "delegate_added", "本人・事務所のアカウント：登録"
    DELEGATE_REMOVED = "delegate_removed", "本人・事務所のアカウント：解除"
    ROLES = "roles", "役割の変更"
    MERGED = "merged", "公約：統合"
    REVERTED = "reverted", "公約：以前の文面に戻す"
    EVIDENCE_CONFIRMED = "evidence_confirmed", "根拠：確認"
    EVIDENCE_REJECTED = "evidence_rejected", "根拠：不採用"
    STATUS_UNDONE = "status_undone", "実施状況：変更の取り消し"
    BALLOTS_RELEASED = "ballots_released", "確認中の評価：集計に戻す"
    BALLOTS_EXCLUDED = "ballots_excluded", "確認中の評価：除外"
    ALERT_SEEN = "alert_seen", "評価の急な変化：確認"
    CORRECTION_SETTLED = "correction_settled", "事実の訂正：維持"


class LogEntry(models.Model):
    """One deed. ``actor`` is empty where the site itself acted, or a visitor without an account.

    The text is not kept, only its digest: a writer may take it back, yet it can be proved which wording was decided on.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id)
    at = models.DateTimeField("日時")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )
    deed = models.CharField("内容", max_length=20, choices=Deed)
    kind = models.CharField(
        "対象の種類", max_length=KIND_LENGTH, help_text="what it was about: app and model, comments.comment"
    )
    subject_id = models.BigIntegerField("対象の番号", null=True, blank=True)
    digest = models.CharField(
        "本文のハッシュ", max_length=64, blank=True, help_text="SHA-256 of the text as it was read"
    )
    reason = models.CharField("理由", max_length=14, choices=DecisionReason, blank=True)
    note = models.CharField("覚え書き", max_length=NOTE_LENGTH, blank=True)
    state_before = models.CharField("前の状態", max_length=8, choices=Reviewable.State, blank=True)
    state_after = models.CharField("後の状態", max_length=8, choices=Reviewable.State, blank=True)
    waited_seconds = models.BigIntegerField(null=True, blank=True, help_text="from submitted to decided")
    # Whose account it was about, for the page of the record (queries.log.name_members); no column.
    member_name = ""

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("-at", "-id"), name="log_newest"),
            models.Index(fields=("deed", "-at"), name="log_of_deed"),
            models.Index(fields=("kind", "subject_id", "-at"), name="log_of_subject"),
            models.Index(fields=("actor", "-at"), name="log_of_actor"),
        )
        verbose_name = "記録"
        verbose_name_plural = "記録"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_deed_display()} {self.kind} {self.subject_id or ''}".rstrip()

    @property
    def subject_name(self) -> str:
        """What kind of thing it was about, in words; "" where that is known no longer."""
        model = _model(self.kind)
        return str(model._meta.verbose_name) if model is not None else ""

    @property
    def subject_address(self) -> str:
        """The page on which moderators read what it was about: a text's own, or the one that the model names (``record_page``); else ""."""
        model = _model(self.kind)
        if model is None or self.subject_id is None:
            return ""
        if issubclass(model, Reviewable):
            return reverse("moderation:text", args=[self.kind, self.subject_id])
        page = getattr(model, "record_page", "")
        return reverse(page, args=[self.subject_id]) if page else ""


def _model(kind: str) -> type[models.Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None
