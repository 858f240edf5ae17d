"""What moderators and writers send from the desk's pages."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.moderation.forms import VisitorForm, VisitorText, missing
from tsushinbo.moderation.models import DecisionReason, Deed
from tsushinbo.moderation.models.appeals import APPEAL_LENGTH
from tsushinbo.moderation.models.reviewable import NOTE_LENGTH
from tsushinbo.moderation.queries.desk import SIZE, Show
from tsushinbo.moderation.queries.log import LogFilter

# For these a reason is published; the others say nothing against a text.
AGAINST = {"reject", "hide"}
# What a moderator can choose; 送信防止措置 is decided on its own pages.
REASONS = [(reason.value, reason.label) for reason in DecisionReason if reason != DecisionReason.TAKEDOWN]
NO_REASON = "理由が選ばれていません。投稿した人に示す理由を選んでください。"


def note_field(label: str, hint: str = "") -> VisitorText:
    """A short text that the writer reads."""
    return VisitorText(
        noun=label,
        longest=NOTE_LENGTH,
        label=label,
        help_text=hint,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeedForm(VisitorForm):
    """One decision on one text. ``version``: what was read."""

    DEEDS = (
        ("approve", "承認する"), ("reject", "却下する"), ("hide", "公開をやめる"), ("restore", "公開に戻す"), ("confirm", "確認済みにする"), ("undo", "取り消す"),
    )  # fmt: skip

    deed = forms.ChoiceField(choices=DEEDS)
    version = forms.CharField(max_length=80)
    reason = forms.ChoiceField(choices=[("", "理由を選ぶ"), *REASONS], required=False, label="理由")
    note = note_field("覚え書き（任意）", "投稿した人が読みます。")

    def clean(self) -> dict[str, Any]:
        """A decision against a text says why."""
        fields = super().clean() or {}
        if fields.get("deed") in AGAINST and not fields.get("reason") and "reason" not in self.errors:
            self.add_error("reason", NO_REASON)
        return fields


class BulkForm(VisitorForm):
    """One decision on several texts, each as ``kind number version``."""

    deed = forms.ChoiceField(choices=(("approve", "承認"), ("reject", "却下"), ("confirm", "確認済み")))
    reason = forms.ChoiceField(choices=[("", "理由を選ぶ"), *REASONS], required=False, label="理由")
    items = forms.MultipleChoiceField(label="投稿", error_messages=missing("投稿", "判断する投稿を選んでください。"))

    def __init__(self, sent: QueryDict) -> None:
        super().__init__(sent)
        chosen = sent.getlist("items")[:SIZE]
        self.fields["items"].choices = [(token, token) for token in chosen]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A decision against texts says why."""
        fields = super().clean() or {}
        if fields.get("deed") in AGAINST and not fields.get("reason") and "reason" not in self.errors:
            self.add_error("reason", NO_REASON)
        return fields

    @property
    def chosen(self) -> list[tuple[str, int, str]]:
        """Kind, number and version of each; what is none is left out."""
        found = []
        for token in self.cleaned_data["items"]:
            kind, _, rest = token.partition(" ")
            number, _, version = rest.partition(" ")
            if number.isascii() and number.isdigit() and len(number) <= 19:
                found.append((kind, int(number), version))
        return found


class DeskFilter(forms.Form):
    """What the queue is narrowed to. What cannot be read narrows nothing."""

    show = forms.ChoiceField(choices=Show.choices, required=False)

    @property
    def shown(self) -> Show:
        """The part that is asked for."""
        return Show(self.cleaned_data.get("show") or Show.WAITING) if self.is_valid() else Show.WAITING


class AppealForm(VisitorForm):
    """What a writer says against a decision."""

    text = VisitorText(
        noun="異議の内容", longest=APPEAL_LENGTH, label="異議の内容", widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"判断のどこが違うと思うかを書いてください（{APPEAL_LENGTH:,}字まで）。はじめに判断した人とは別の担当者が読みます。",
        error_messages=missing("異議の内容", "判断のどこが違うと思うかを書いてください。"),
    )  # fmt: skip


class AnswerForm(VisitorForm):
    """What another moderator answers."""

    verdict = forms.ChoiceField(
        choices=(("upheld", "判断を維持する"), ("granted", "判断を変える（公開する・停止を解く）")), label="審査の結果", widget=forms.RadioSelect,
        error_messages=missing("審査の結果", "どちらかを選んでください。"),
    )  # fmt: skip
    answer = VisitorText(
        noun="理由", longest=NOTE_LENGTH, label="理由", help_text="申し立てた人が読みます。", widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=missing("理由", "なぜその結果になったかを書いてください。"),
    )  # fmt: skip


class BanForm(VisitorForm):
    """For how long the writer of a text may write nothing, and why."""

    LENGTHS = (("1", "1日"), ("7", "7日"), ("30", "30日"), ("365", "1年"), ("open", "期限なし"))

    scope = forms.ChoiceField(choices=(("account", "アカウント"), ("network", "回線（今日だけ）")), required=False)
    length = forms.ChoiceField(choices=LENGTHS, required=False, label="期間")
    reason = forms.ChoiceField(
        choices=[("", "理由を選ぶ"), *REASONS], label="理由", error_messages={"required": NO_REASON}
    )
    note = note_field("覚え書き（任意）", "停止された人が読みます。")

    def until(self, at: datetime) -> datetime | None:
        """When it ends; None for an open end."""
        length = self.cleaned_data["length"] or "7"
        return None if length == "open" else at + timedelta(days=int(length))


class LogForm(forms.Form):
    """What the record is narrowed to. What cannot be read narrows nothing."""

    deed = forms.ChoiceField(choices=[("", "すべて"), *Deed.choices], required=False, label="内容")
    reason = forms.ChoiceField(choices=[("", "すべて"), *DecisionReason.choices], required=False, label="理由")
    kind = forms.CharField(max_length=60, required=False, label="対象の種類")
    actor = forms.CharField(max_length=150, required=False, label="担当者")
    since = forms.DateField(required=False, label="この日から", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="この日まで", widget=forms.DateInput(attrs={"type": "date"}))

    def wanted(self) -> LogFilter:
        """The filter; of a name that nobody has, nothing is found."""
        self.full_clean()
        asked = self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        actor = None
        if name := asked.get("actor"):
            actor = User.objects.filter(username=name).values_list("pk", flat=True).first() or -1
        return LogFilter(
            deed=asked.get("deed", ""),
            kind=asked.get("kind", ""),
            reason=asked.get("reason", ""),
            actor=actor,
            since=timezone.make_aware(datetime.combine(since, time.min)) if since else None,
            before=timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min)) if until else None,
        )
