"""What a claimant asks for, what a poster answers, what the desk decides about takedown requests."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve

from tsushinbo.mail.addresses import can_be_written_to
from tsushinbo.moderation.forms import VisitorForm, VisitorText, missing
from tsushinbo.moderation.models.reviewable import NOTE_LENGTH, Reviewable
from tsushinbo.moderation.models.takedowns import (
    ANSWER_LENGTH,
    ELECTION_LENGTH,
    HOW_LENGTH,
    NAME_LENGTH,
    PAGE_LENGTH,
    WORDS_LENGTH,
    Right,
)
from tsushinbo.moderation.queries.texts import find_text
from tsushinbo.moderation.text import clean_text

NOT_HERE = "このサイトのページのアドレスではありません。対象のページを開き、アドレス欄の文字を写してください。"
TEXT_PATH = "/moderation/text/"


class OwnPage(forms.CharField):
    """The address of a page of this site, whole or from its first slash on; kept as path, query and fragment. ``host`` is set by the form."""

    host = ""

    def to_python(self, value: object) -> str:
        """Clean it and take the site's own name away; nothing becomes ""."""
        text = clean_text(str(value)) if value else ""
        if not text:
            return ""
        try:
            parts = urlsplit(text if "://" in text or text.startswith("/") else f"https://{text}")
        except ValueError:
            raise forms.ValidationError(NOT_HERE, code="invalid") from None
        if parts.scheme not in {"", "http", "https"} or (parts.netloc and parts.netloc.lower() != self.host):
            raise forms.ValidationError(NOT_HERE, code="invalid")
        try:
            resolve(parts.path or "/")
        except Resolver404:
            raise forms.ValidationError(NOT_HERE, code="invalid") from None
        query = f"?{parts.query}" if parts.query else ""
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        path = f"{parts.path or '/'}{query}{fragment}"
        if len(path) > PAGE_LENGTH:
            raise forms.ValidationError(
                f"アドレスが{PAGE_LENGTH}字を超えています。「?」から後ろを除いて入れてください。"
            )
        return path


class TakedownForm(VisitorForm):
    """A request by whoever says that a text infringes a right. ``website`` is filled in by programs only."""

    page = OwnPage(label="対象のページ", error_messages=missing("対象のページ", "アドレスを写してください。"))
    words = VisitorText(
        label="対象の文章", noun="対象の文章", longest=WORDS_LENGTH,
        error_messages=missing("対象の文章", "問題のある部分を、そのまま写してください。"),
    )  # fmt: skip
    right = forms.ChoiceField(
        label="侵害された権利",
        choices=Right.choices,
        error_messages={
            "required": "権利が選ばれていません。1つ選んでください。",
            "invalid_choice": "権利を読み取れません。1つ選んでください。",
        },
    )
    how = VisitorText(
        label="侵害されたとする理由", noun="理由", longest=HOW_LENGTH,
        error_messages=missing("侵害されたとする理由", "何が事実と違うか、どんな被害があるかを書いてください。"),
    )  # fmt: skip
    name = VisitorText(
        label="お名前", noun="お名前", longest=NAME_LENGTH, one_line=True,
        error_messages=missing("お名前", "申し出る方の氏名か、団体の名前を入れてください。"),
    )  # fmt: skip
    principal = VisitorText(
        label="権利を侵害された方", noun="お名前", longest=NAME_LENGTH, one_line=True, required=False
    )
    email = forms.EmailField(
        label="返信先のメールアドレス",
        max_length=254,
        error_messages={
            **missing("返信先のメールアドレス", "受付の確認と結果をお送りします。"),
            "invalid": "メールアドレスを読み取れません。例：namae@example.jp",
            "max_length": "メールアドレスが長すぎます。ほかのアドレスを入れてください。",
        },
    )
    candidate = forms.BooleanField(label="いま行われている選挙の候補者（または候補者届出政党）です", required=False)
    election = VisitorText(
        label="選挙の名前", noun="選挙の名前", longest=ELECTION_LENGTH, one_line=True, required=False
    )
    contact_missing = forms.BooleanField(
        label="選挙運動の文章なのに、投稿者の連絡先（電子メールアドレスなど）が表示されていません", required=False
    )
    website = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, host: str, page: str = "") -> None:
        super().__init__(data, initial={"page": page})
        field = self.fields["page"]
        assert isinstance(field, OwnPage)  # noqa: S101 - declared above
        field.host = host.lower()

    def clean_email(self) -> str:
        """Refuse what no answer can be sent to."""
        email = str(self.cleaned_data["email"])
        if not can_be_written_to(email):
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email

    @property
    def by_program(self) -> bool:
        """Whether the field that no person sees was filled in."""
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        """A candidate says of which election."""
        said = super().clean() or {}
        if said.get("candidate") and not said.get("election") and "election" not in self.errors:
            self.add_error("election", "選挙の名前が入力されていません。候補者の方は、どの選挙かを書いてください。")
        said.pop("website", None)
        return said

    @property
    def rights(self) -> list[tuple[str, str, bool]]:
        """Each right with its label and whether it is chosen."""
        return [(right.value, str(right.label), right.value == self["right"].value()) for right in Right]


class AnswerForm(VisitorForm):
    """What the poster says to an inquiry."""

    answer = VisitorText(
        label="回答", noun="回答", longest=ANSWER_LENGTH,
        error_messages=missing("回答", "削除に同意するか、しない理由を書いてください。"),
    )  # fmt: skip


class ChooseForm(VisitorForm):
    """Which text is meant: its address on the desk."""

    text = forms.CharField(
        label="対象の投稿", error_messages=missing("対象の投稿", "机での投稿のページのアドレスを写してください。")
    )

    def clean_text(self) -> Reviewable:
        """The text at that address."""
        path = urlsplit(str(self.cleaned_data["text"]).strip()).path
        kind, _, number = path.removeprefix(TEXT_PATH).strip("/").partition("/")
        fits = path.startswith(TEXT_PATH) and number.isascii() and number.isdigit() and len(number) < 19
        item = find_text(kind, int(number)) if fits else None
        if item is None:
            raise forms.ValidationError("投稿が見つかりません。机での投稿のページのアドレスを写してください。")
        return item


class DecideForm(VisitorForm):
    """Whether the text goes, and why."""

    outcome = forms.ChoiceField(
        label="判断",
        choices=[("removed", "削除する"), ("kept", "削除しない")],
        error_messages={
            "required": "判断が選ばれていません。どちらかを選んでください。",
            "invalid_choice": "判断を読み取れません。どちらかを選んでください。",
        },
    )
    reason = VisitorText(
        label="理由", noun="理由", longest=NOTE_LENGTH,
        error_messages=missing("理由", "申し出た人と投稿した人の両方が読みます。"),
    )  # fmt: skip
    by_hand = forms.BooleanField(label="机で扱わない内容のため、別の画面ですでに削除しました", required=False)
