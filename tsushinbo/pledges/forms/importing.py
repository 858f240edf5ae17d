"""The forms of a manifesto: the list itself, what all its pledges share, and each of its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField

from tsushinbo.drafts import typed
from tsushinbo.elections.models import Election
from tsushinbo.japanese.folding import fold
from tsushinbo.moderation.forms import VisitorForm
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.forms.pledges import LONGEST_KEPT, PledgeForm, offered_elections
from tsushinbo.pledges.manifestos import MOST_BYTES
from tsushinbo.pledges.models import Pledge, PolicyArea, Slot
from tsushinbo.pledges.queries import policy_areas

SHARED = ("source_url", "source_title", "source_on", "source_publisher", "election")
SOURCES = ("source_url", "source_title", "source_on")
IN_ROW = ("title", "text", "topic", *Slot.values)
OWN = (*IN_ROW, *SOURCES)


class ListForm(VisitorForm):
    """A list to read: a file or a pasted text."""

    file = forms.FileField(
        label="ファイル",
        required=False,
        allow_empty_file=True,
        error_messages={"invalid": "ファイルを受け取れませんでした。もう一度選んでください。"},
    )
    pasted = forms.CharField(
        label="貼り付け",
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        error_messages={"max_length": f"文章が長すぎます。{MOST_BYTES // 1024}キロバイトまでにしてください。"},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        values = super().clean() or self.cleaned_data
        if not self.errors and not values.get("file") and not (values.get("pasted") or "").strip():
            self.add_error("pasted", "一覧がありません。ファイルを選ぶか、中身を貼り付けてください。")
        return values


@dataclass
class Choices:
    """What the rows of one owner may choose from, read once."""

    topics: dict[str, PolicyArea]
    elections: dict[str, Election]

    @classmethod
    def of(cls, owner: Politician | Party) -> "Choices":
        """Read them."""
        return cls({area.pk: area for area in policy_areas()}, offered_elections(owner))

    @property
    def names(self) -> dict[str, str]:
        """Every word for a topic, folded, with its code."""
        found: dict[str, str] = {}
        for area in self.topics.values():
            for word in (area.pk, area.name, *area.aliases.split(";")):
                if folded := fold(word):
                    found.setdefault(folded, area.pk)
        return found


@dataclass
class Row:
    """A row of the preview: its number from 1, its form, whether it is left out, and what is alike."""

    number: int
    form: PledgeForm
    skipped: bool
    own_source: bool
    alike: list[Pledge] = field(default_factory=list)

    @property
    def cells(self) -> list[BoundField]:
        """What is in every row beside the text."""
        return [self.form[slot.value] for slot in Slot]

    @property
    def sources(self) -> list[BoundField]:
        """The row's own source, where it has one."""
        return [self.form[name] for name in SOURCES] if self.own_source else []

    @property
    def is_sound(self) -> bool:
        """Whether it can be saved, or need not."""
        return self.skipped or self.form.is_valid()

    @property
    def faults(self) -> list[tuple[BoundField, str]]:
        """What is to be mended in this row, unless it is left out; what all rows share is told once."""
        shared = {"source_publisher", "election"} if self.own_source else set(SHARED)
        return [
            (bound, message) for bound, message in self.form.to_mend if bound.name not in shared and not self.skipped
        ]

    @property
    def hides_faults(self) -> bool:
        """Whether anything is to be mended in the part that is folded away."""
        return any(bound.name not in {"title", "text", "topic"} for bound, _ in self.faults)


def shared_form(shared: Mapping[str, Any], owner: Politician | Party, choices: Choices, *, told: bool) -> PledgeForm:
    """What all rows share, as a form; told: with what is to be mended."""
    data = {name: str(shared.get(name) or "") for name in SHARED} if told else None
    return PledgeForm(data, owner=owner, initial=shared, topics=choices.topics, elections=choices.elections)


def rows_of(
    rows: Sequence[Mapping[str, Any]], shared: Mapping[str, Any], owner: Politician | Party, choices: Choices
) -> list[Row]:
    """The rows of a draft as forms, in three queries at most."""
    return [row_of(number, row, shared, owner, choices) for number, row in enumerate(rows, 1)]


def row_of(
    number: int, row: Mapping[str, Any], shared: Mapping[str, Any], owner: Politician | Party, choices: Choices
) -> Row:
    """One row: where it names no source of its own, that of the list."""
    own_source = bool(row.get("source_url"))
    data = {name: str(row.get(name) or "") for name in IN_ROW}
    for name in SHARED:
        data[name] = str((row.get(name) if own_source and name in SOURCES else "") or shared.get(name) or "")
    data["election_name"] = "" if data["election"] else str(row.get("election_name") or "")
    data["source_publisher"] = str(row.get("source_publisher") or data["source_publisher"])
    data["quoted"] = "on"
    form = PledgeForm(data, owner=owner, topics=choices.topics, elections=choices.elections)
    return Row(number, form, bool(row.get("skipped")), own_source)


def typed_rows(data: Mapping[str, str], rows: Sequence[Mapping[str, Any]], numbers: range) -> list[dict[str, Any]]:
    """The rows of a draft with what was typed into those that the page showed. Only cells that the page has are read."""
    changed = [dict(row) for row in rows]
    for number in numbers:
        row = changed[number - 1]
        if f"r{number}-title" not in data:
            continue
        for name in OWN:
            if (value := data.get(f"r{number}-{name}")) is not None:
                row[name] = str(value).replace("\x00", "")[:LONGEST_KEPT]
        row["skipped"] = f"r{number}-use" not in data
    return changed


def typed_shared(data: Mapping[str, str]) -> dict[str, str]:
    """What all pledges of a list share, as it was typed."""
    return typed(data, (*SHARED, "contact"), LONGEST_KEPT)
