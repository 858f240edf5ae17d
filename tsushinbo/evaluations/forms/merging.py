"""Which of two pledges stays, and why they are one."""

import re
from typing import Any

from django import forms

from tsushinbo import addresses
from tsushinbo.moderation.forms import VisitorForm, VisitorText, missing
from tsushinbo.pledges.models import MERGE_REASON_LENGTH

IN_ADDRESS = re.compile(rf"(?:.*/pledges/)?({addresses.PATTERN})/?(?:[?#].*)?")


class OtherPledge(forms.CharField):
    """Another pledge, by the address of its page or its id."""

    def clean(self, value: Any) -> int:
        """Read the id."""
        found = IN_ADDRESS.fullmatch("".join(super().clean(value).split()))
        if found is None:
            raise forms.ValidationError("公約のアドレスを読み取れません。公約のページのアドレスを貼り付けてください。")
        return addresses.decode(found[1])


class OtherForm(VisitorForm):
    """The pledge that may be the same."""

    other = OtherPledge(
        label="同じ公約のアドレス",
        max_length=300,
        error_messages=missing("同じ公約のアドレス", "公約のページのアドレスを貼り付けてください。"),
    )


class MergeForm(OtherForm):
    """Which of the two stays, and why."""

    stays = forms.ChoiceField(
        label="残す公約",
        choices=[("this", "この公約"), ("other", "もう一つの公約")],
        error_messages={
            "required": "残す公約が選ばれていません。どちらかを選んでください。",
            "invalid_choice": "残す公約を読み取れません。どちらかを選んでください。",
        },
    )
    reason = VisitorText(
        label="統合する理由",
        noun="理由",
        longest=MERGE_REASON_LENGTH,
        error_messages=missing("理由", "公約のページに出す、統合の理由を書いてください。"),
    )
