"""Turning what a claimant, a holder or a moderator sent into values, with a message beside each field that cannot be read."""

import unicodedata
from typing import Any

from django import forms

from tsushinbo.claims.models import NOTE_LENGTH, POSITION_LENGTH, STATEMENT_LENGTH, URL_LENGTH, Claim, ClaimReason
from tsushinbo.moderation.forms import VisitorForm, VisitorText, WebAddress, missing


class OpenForm(VisitorForm):
    """Who claims, and in which part."""

    claimant = forms.ChoiceField(
        label="申請する方",
        choices=Claim.Claimant.choices,
        error_messages={
            "required": "申請する方が選ばれていません。本人か事務所を選んでください。",
            "invalid_choice": "申請する方を読み取れません。本人か事務所を選んでください。",
        },
    )
    position = VisitorText(label="事務所での役割", noun="役割", longest=POSITION_LENGTH, one_line=True, required=False)
    statement = VisitorText(label="申請する事情", noun="事情", longest=STATEMENT_LENGTH, required=False)

    @property
    def claimants(self) -> list[tuple[str, str, bool]]:
        """本人 and 事務所, and which is chosen."""
        chosen = self["claimant"].value()
        return [(value, str(label), value == chosen) for value, label in Claim.Claimant.choices]


class AddressForm(VisitorForm):
    """A mail address. Which may be written to is the room's to say."""

    address = VisitorText(
        label="メールアドレス",
        noun="メールアドレス",
        longest=254,
        one_line=True,
        error_messages=missing("メールアドレス", "「名前@example.lg.jp」の形で入れてください。"),
    )


class DigitsForm(VisitorForm):
    """The code that was mailed; however it is spaced, in full-width digits or not."""

    digits = forms.CharField(
        label="メールで届いた番号",
        max_length=40,
        error_messages={
            **missing("番号", "メールで届いた8けたの数字を入れてください。"),
            "max_length": "番号を読み取れません。メールで届いた8けたの数字を入れてください。",
        },
    )

    def clean_digits(self) -> str:
        """The digits alone."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["digits"])
        digits = "".join(sign for sign in typed if not sign.isspace() and sign not in "-‐‑–—―ー−")
        if not (len(digits) == 8 and digits.isascii() and digits.isdigit()):
            raise forms.ValidationError("番号を読み取れません。メールで届いた8けたの数字を入れてください。")
        return digits


class PageForm(VisitorForm):
    """The page on which moderators find the token, or the telephone number of the office."""

    url = WebAddress(
        label="ページのアドレス",
        longest=URL_LENGTH,
        error_messages=missing("ページのアドレス", "「https://」から始まるページのアドレスを入れてください。"),
    )


class DecisionForm(VisitorForm):
    """What a moderator decides, of what was read as ``seen``."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="理由",
        choices=[("", "選んでください"), *ClaimReason.choices],
        required=False,
        error_messages={"invalid_choice": "理由を読み取れません。一覧から選んでください。"},
    )
    note = VisitorText(label="申請した人に伝えること", noun="伝えること", longest=NOTE_LENGTH, required=False)
    end_others = forms.BooleanField(label="ほかのアカウントの本人確認を終える", required=False)

    def __init__(self, data: Any = None, *, reasoned: bool = False) -> None:
        super().__init__(data)
        if reasoned:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages |= missing("理由", "一覧から選んでください。")
