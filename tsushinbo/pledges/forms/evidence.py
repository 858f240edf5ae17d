"""The forms of evidence: what an editor proposes, and how another decides."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField

from tsushinbo.moderation.forms import VisitorForm, VisitorText, WebAddress, missing
from tsushinbo.moderation.forms.contacts import ContactForm
from tsushinbo.moderation.forms.days import Day, holds_day
from tsushinbo.moderation.queries.campaigns import Hold
from tsushinbo.pledges.models import (
    PUBLISHER_LENGTH,
    REASON_LENGTH,
    SHOWS_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    Pledge,
    Slot,
)
from tsushinbo.pledges.words import FLAGS_WHEN, WHEN


class EvidenceForm(ContactForm):
    """A page that shows how ``pledge`` stands, and the status that follows from it."""

    title = VisitorText(
        label="題名",
        noun="題名",
        longest=TITLE_LENGTH,
        one_line=True,
        error_messages=missing("題名", "根拠となるページや資料の題名を入れてください。"),
    )
    url = WebAddress(
        label="アドレス",
        longest=URL_LENGTH,
        error_messages=missing("アドレス", "「https://」から始まるページのアドレスを入れてください。"),
    )
    publisher = VisitorText(
        label="発行元",
        noun="発行元",
        longest=PUBLISHER_LENGTH,
        one_line=True,
        error_messages=missing("発行元", "ページを公表した役所・議会・報道機関などの名前を入れてください。"),
    )
    dated_on = Day(label="公表された日", error_messages=missing("公表された日", "資料の日付を入れてください。"))
    shows = VisitorText(
        label="何を示しているか",
        noun="説明",
        longest=SHOWS_LENGTH,
        error_messages=missing("何を示しているか", "資料のどの部分から、何が分かるかを書いてください。"),
    )
    status = forms.ChoiceField(
        label="実施状況",
        choices=Pledge.Status.choices,
        error_messages={
            "required": "実施状況が選ばれていません。8つのうち1つを選んでください。",
            "invalid_choice": "実施状況を読み取れません。8つのうち1つを選んでください。",
        },
    )
    missing = forms.MultipleChoiceField(
        label="足りない項目",
        choices=Slot.choices,
        required=False,
        error_messages={
            "invalid_choice": "足りない項目を読み取れません。もう一度選んでください。",
            "invalid_list": "足りない項目を読み取れません。もう一度選んでください。",
        },
    )
    overdue = forms.BooleanField(label=FLAGS_WHEN["overdue"][0], required=False)
    withdrawn = forms.BooleanField(label=FLAGS_WHEN["withdrawn"][0], required=False)

    def __init__(self, data: Any = None, *, pledge: Pledge, hold: Hold | None = None) -> None:
        super().__init__(data, hold=hold, initial={"overdue": pledge.overdue, "withdrawn": pledge.withdrawn})
        self.pledge = pledge

    @property
    def lines(self) -> list[BoundField]:
        """The fields of one line each, before the longer ones."""
        return [self["title"], self["url"], self["publisher"]]

    @property
    def picks_a_day(self) -> bool:
        """Whether the day that was typed can stand in the browser's own field."""
        return holds_day(self["dated_on"].value())

    @property
    def statuses(self) -> list[tuple[str, str, str, bool]]:
        """Each status with its label, when it holds, and whether it is chosen."""
        chosen = self["status"].value()
        return [(status.value, str(status.label), when, status.value == chosen) for status, when in WHEN.items()]

    @property
    def slots(self) -> list[tuple[str, str, bool]]:
        """Each slot that the pledge leaves empty, or that was chosen all the same, with its label and whether it is chosen."""
        value = self["missing"].value()
        chosen = set(value) if isinstance(value, Iterable) else set()
        return [
            (slot.value, str(slot.label), slot.value in chosen)
            for slot in Slot
            if slot.value in chosen or not getattr(self.pledge, slot.value)
        ]

    @property
    def flags(self) -> list[tuple[BoundField, str]]:
        """Both flags with when each holds."""
        return [(self[name], when) for name, (_, when) in FLAGS_WHEN.items()]


class RejectForm(VisitorForm):
    """Why evidence is not taken."""

    reason = VisitorText(
        label="不採用の理由",
        noun="理由",
        longest=REASON_LENGTH,
        error_messages=missing("理由", "登録した人に伝わるように、不採用の理由を書いてください。"),
    )


class UndoForm(VisitorForm):
    """Why a change is undone. ``change`` is its number as the editor read it."""

    change = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = VisitorText(
        label="取り消す理由",
        noun="理由",
        longest=REASON_LENGTH,
        error_messages=missing("理由", "公約のページに出す、取り消しの理由を書いてください。"),
    )


class SeenForm(forms.Form):
    """The number of the newest status change that an editor had before the eyes when deciding."""

    seen = forms.IntegerField(min_value=0)
