"""The record (記録) of everything that was decided about what others wrote. Rows are only ever added; the database refuses anything else."""

from django.conf import settings
from django.db import models

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
