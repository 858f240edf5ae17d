"""The form of a pledge: a new one, or another wording of one."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from tsushinbo import addresses, drafts
from tsushinbo.elections.models import Election
from tsushinbo.moderation.forms import VisitorForm, VisitorText, WebAddress, missing
from tsushinbo.moderation.forms.contacts import ContactForm
from tsushinbo.moderation.forms.days import EARLIEST, PartialDay
from tsushinbo.moderation.queries.campaigns import Hold
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.models import (
    CHANGE_REASON_LENGTH,
    PUBLISHER_LENGTH,
    URL_LENGTH,
    Pledge,
    PolicyArea,
    Slot,
)
from tsushinbo.pledges.models import TITLE_LENGTH as SOURCE_TITLE_LENGTH
from tsushinbo.pledges.queries import policy_areas
from tsushinbo.pledges.queries.contributions import elections_of

TITLE_LENGTH = 80
TEXT_LENGTH = 4000
SLOT_LENGTH = 200
ELECTION_NAME_LENGTH = 120
# What a draft keeps: the fields as they were typed.
KEPT = (
    "title", "text", "quoted", "topic", "election", "election_name", *Slot.values,
    "source_title", "source_url", "source_on", "source_publisher", "reason", "contact", "seen",
)  # fmt: skip
LONGEST_KEPT = 2 * TEXT_LENGTH
# Which of them the text gives is judged by these words; they are also what helps to fill them in.
SLOT_HELP = {
    Slot.DEADLINE: "いつまでに。例：2027年度末まで",
    Slot.NUMERIC_TARGET: "どれだけ。例：待機児童を0人に",
    Slot.FUNDING: "お金の出どころ。例：ふるさと納税の基金",
    Slot.AUTHORITY: "その職でできることか。例：区の条例で決められる",
    Slot.TARGET: "だれ・どこのため。例：区立小中学校の児童・生徒",
}
FIRST_SENTENCE = re.compile(r"[^。！？!?\n]+")


class PledgeForm(ContactForm):
    """A pledge of ``owner``. Only these fields are read: what else is sent changes nothing."""

    text = VisitorText(
        label="公約の本文",
        noun="本文",
        longest=TEXT_LENGTH,
        error_messages=missing("公約の本文", "出典に書かれている公約を、そのまま書き写してください。"),
    )
    title = VisitorText(label="題名", noun="題名", longest=TITLE_LENGTH, one_line=True, required=False)
    quoted = forms.BooleanField(label="本文は、出典からそのまま引用しました", required=False)
    topic = forms.ChoiceField(
        label="政策分野",
        error_messages={
            "required": "政策分野が選ばれていません。いちばん近いものを1つ選んでください。",
            "invalid_choice": "政策分野を読み取れません。一覧から選んでください。",
        },
    )
    election = forms.ChoiceField(
        label="公約を掲げた選挙",
        required=False,
        error_messages={"invalid_choice": "選挙を読み取れません。一覧から選んでください。"},
    )
    election_name = VisitorText(
        label="一覧にない選挙の名前", noun="選挙の名前", longest=ELECTION_NAME_LENGTH, one_line=True, required=False
    )
    deadline = VisitorText(label="期限", noun="期限", longest=SLOT_LENGTH, one_line=True, required=False)
    numeric_target = VisitorText(label="数値目標", noun="数値目標", longest=SLOT_LENGTH, one_line=True, required=False)
    funding = VisitorText(label="財源", noun="財源", longest=SLOT_LENGTH, one_line=True, required=False)
    authority = VisitorText(label="権限", noun="権限", longest=SLOT_LENGTH, one_line=True, required=False)
    target = VisitorText(label="対象", noun="対象", longest=SLOT_LENGTH, one_line=True, required=False)
    source_url = WebAddress(
        label="出典のアドレス",
        longest=URL_LENGTH,
        error_messages=missing(
            "出典のアドレス", "公約が書かれているページの「https://」から始まるアドレスを入れてください。"
        ),
    )
    source_title = VisitorText(
        label="出典の題名",
        noun="題名",
        longest=SOURCE_TITLE_LENGTH,
        one_line=True,
        error_messages=missing("出典の題名", "公約が書かれているページや資料の題名を入れてください。"),
    )
    source_on = PartialDay(
        earliest=EARLIEST.year,
        label="出典の日付",
        error_messages=missing("出典の日付", "出典が公表された日付を入れてください。"),
    )
    source_publisher = VisitorText(
        label="出典の発行元", noun="発行元", longest=PUBLISHER_LENGTH, one_line=True, required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        owner: Politician | Party,
        hold: Hold | None = None,
        initial: Mapping[str, Any] | None = None,
        topics: Mapping[str, PolicyArea] | None = None,
        elections: Mapping[str, Election] | None = None,
    ) -> None:
        """topics, elections: what may be chosen, where many forms are made of one owner."""
        super().__init__(data, hold=hold, initial=initial)
        self.topics = topics if topics is not None else {area.pk: area for area in policy_areas()}
        self.elections = elections if elections is not None else offered_elections(owner)
        self._offer("topic", "選んでください", {key: area.name for key, area in self.topics.items()})
        self._offer("election", "記録にない・分からない", {key: one.name for key, one in self.elections.items()})

    def _offer(self, name: str, empty: str, choices: Mapping[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        field.choices = [("", empty), *choices.items()]

    def clean(self) -> dict[str, Any]:
        """Make the title of the first sentence where none was written."""
        values = super().clean() or self.cleaned_data
        if "title" in values and not values["title"] and values.get("text"):
            first = FIRST_SENTENCE.search(values["text"])
            title = " ".join(first[0].split()) if first else ""
            if not title or len(title) > TITLE_LENGTH:
                self.add_error(
                    "title",
                    f"題名が入力されていません。本文の最初の文が{TITLE_LENGTH}字を超えるため、短い題名を書いてください。",
                )
            values["title"] = title
        return values

    @property
    def content(self) -> Content:
        """What was written."""
        values = self.cleaned_data
        election = self.elections.get(values["election"])
        return Content(
            **{name: values[name] for name in KEPT if name in PLAIN},
            policy_area=self.topics[values["topic"]].name,
            election_name=election.name if election else values["election_name"],
        )

    @property
    def slots(self) -> list[tuple[BoundField, str]]:
        """The five slots with what belongs there."""
        return [(self[slot.value], SLOT_HELP[slot]) for slot in Slot]

    @property
    def says_slots(self) -> bool:
        """Whether any of them is filled in, or to be mended."""
        return any(field.value() or field.errors for field, _ in self.slots)


PLAIN = frozenset(KEPT) - {"election_name", "reason", "contact", "seen"}


class ChangeForm(PledgeForm):
    """Another wording of ``pledge``, and why."""

    reason = VisitorText(
        label="変更の理由",
        noun="理由",
        longest=CHANGE_REASON_LENGTH,
        one_line=True,
        error_messages=missing(
            "変更の理由", "変更履歴に出す理由を書いてください。例：期限の書き誤りを出典に合わせて直す"
        ),
    )
    # The number of the revision that the writer had before the eyes.
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, pledge: Pledge, hold: Hold | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, owner=pledge.owner, hold=hold, initial=initial)
        if pledge.election is not None:
            # Whatever it was made for may stay.
            self.elections = {addresses.encode(pledge.election.pk): pledge.election, **self.elections}
            self._offer("election", "記録にない・分からない", {key: one.name for key, one in self.elections.items()})
        # What an import left open need not be found out by who mends something else.
        self.fields["source_on"].required = bool(pledge.source_on)


class RevertForm(VisitorForm):
    """Which earlier wording comes back, and why. ``seen``: the number of the newest one, as the editor read it."""

    version = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        error_messages={
            "required": "戻す版が選ばれていません。1つ選んでください。",
            "invalid": "戻す版を読み取れません。1つ選んでください。",
        },
        label="戻す版",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = VisitorText(
        label="戻す理由",
        noun="理由",
        longest=CHANGE_REASON_LENGTH,
        one_line=True,
        error_messages=missing("戻す理由", "変更履歴に出す理由を書いてください。"),
    )


def offered_elections(owner: Politician | Party) -> dict[str, Election]:
    """The elections that a pledge of an owner may be of, by their public ids."""
    return {addresses.encode(election.pk): election for election in elections_of(owner)}


def typed(data: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields, for a draft."""
    return drafts.typed(data, KEPT, LONGEST_KEPT)


def fields_of(content: Content, *, seen: int = 0, reason: str = "") -> dict[str, Any]:
    """What the form holds of a pledge that is to be changed."""
    fields = {name: value for name, value in content.kept.items() if name in KEPT}
    return {
        **fields,
        "election_name": "" if content.election else content.election_name,
        "seen": seen,
        "reason": reason,
    }
