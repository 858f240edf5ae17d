"""Turning what a member typed about a politician into values, with a message beside each field that cannot be read."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from tsushinbo.japanese.dates import written_date
from tsushinbo.japanese.kana import hiragana
from tsushinbo.moderation.forms import VisitorForm, VisitorText, WebAddress, missing
from tsushinbo.moderation.forms.days import PartialDay
from tsushinbo.people.facts import NO, TERM_COLUMNS, YES, Fact, of_term, split, term_key
from tsushinbo.people.missing import Change, Missing
from tsushinbo.people.models import REASON_LENGTH, URL_LENGTH, Office, Party
from tsushinbo.people.queries.proposals import IN_OFFICE, Place, places_called

# As long as the columns for one of its parts, and for a reading in Latin letters, which takes up to three for one kana.
NAME_LENGTH = 40
KANA_LENGTH = 40
PLACE_LENGTH = 100
EARLIEST_BIRTH = 1900
KANA = re.compile(r"[ぁ-ゖゝゞーｰ・ ]+")


class PersonName(VisitorText):
    """A name, with one space between family and given name."""

    def to_python(self, value: object) -> str:
        """Clean it; what follows the first space is the given name."""
        family, given = split(text) if (text := super().to_python(value)) else ("", "")
        return f"{family} {given}".strip()


class Reading(PersonName):
    """The reading of a name, in hiragana; katakana is turned into it."""

    def to_python(self, value: object) -> str:
        """Write it in hiragana."""
        return hiragana(super().to_python(value))

    def validate(self, value: str) -> None:
        """Refuse what is no kana."""
        super().validate(value)
        if value and not KANA.fullmatch(value):
            raise forms.ValidationError("ひらがな・カタカナ以外の文字があります。読みを、ひらがなで入れてください。")


class WholeNumber(forms.IntegerField):
    """A whole number as text; "" where there is none."""

    def clean(self, value: Any) -> Any:
        """Return it as it is kept."""
        number = super().clean(unicodedata.normalize("NFKC", str(value)) if value else value)
        return "" if number is None else str(number)


class SourcedForm(VisitorForm):
    """What every proposal needs: where an editor can read it, and what helps to judge it."""

    source_url = WebAddress(
        label="出典のアドレス",
        longest=URL_LENGTH,
        error_messages=missing(
            "出典のアドレス", "役所・議会・本人のページなど、確かめられるページのアドレスを入れてください。"
        ),
    )
    reason = VisitorText(label="説明", noun="説明", longest=REASON_LENGTH, one_line=True, required=False)


def party_choices(parties: Sequence[Party], empty: str) -> list[tuple[str, str]]:
    """The parties to choose from."""
    return [("", empty), *((str(party.pk), party.name) for party in parties)]


class MissingForm(SourcedForm):
    """A politician who is missing. Only these fields are read: what else is sent changes nothing."""

    name = PersonName(
        label="氏名",
        noun="氏名",
        longest=NAME_LENGTH,
        one_line=True,
        error_messages=missing("氏名", "姓と名のあいだに空白を入れて書いてください。"),
    )
    kana = Reading(
        label="ふりがな",
        noun="ふりがな",
        longest=KANA_LENGTH,
        one_line=True,
        error_messages=missing("ふりがな", "姓と名のあいだに空白を入れて、ひらがなで書いてください。"),
    )
    office = forms.ChoiceField(
        label="いまの職",
        choices=[("", "選んでください"), *Office.choices],
        error_messages={
            "required": "職が選ばれていません。いま就いている職を1つ選んでください。",
            "invalid_choice": "職を読み取れません。一覧から選んでください。",
        },
    )
    place = VisitorText(
        label="選挙区・自治体",
        noun="選挙区・自治体",
        longest=PLACE_LENGTH,
        one_line=True,
        error_messages=missing(
            "選挙区・自治体", "職が市区町村のものなら市区町村、国会なら選挙区の名前を入れてください。"
        ),
    )
    chosen = forms.CharField(required=False, max_length=40)
    party = forms.ChoiceField(
        label="政党",
        required=False,
        error_messages={"invalid_choice": "政党を読み取れません。一覧から選んでください。"},
    )
    starts_on = PartialDay(label="就任の日", required=False, max_length=40)
    link_url = WebAddress(label="公式サイト", longest=URL_LENGTH, required=False)

    def __init__(self, data: Any = None, *, parties: Sequence[Party], initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.parties = {str(party.pk): party.name for party in parties}
        self.places: list[Place] = []
        field = self.fields["party"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        field.choices = party_choices(parties, "分からない")

    def clean(self) -> dict[str, Any]:
        """Find the one place that is meant, or offer those that may be."""
        values = super().clean() or self.cleaned_data
        if {"office", "place"} <= values.keys():
            found = places_called(values["office"], values["place"])
            picked = [place for place in found if place.key == values.get("chosen")]
            if len(found) > 1 and not picked:
                self.places = found
                self.add_error("place", "同じ名前か、似た名前の場所があります。下から1つ選んでください。")
            elif not found:
                self.add_error(
                    "place",
                    "この職の選挙区・自治体に、合うものが見つかりません。「品川区」「東京都第1区」のように、正式な名前で入れてください。",
                )
            else:
                values["found"] = (picked or found)[0]
        if " " in values.get("name", "") and values.get("kana") and " " not in values["kana"]:
            self.add_error("kana", "ふりがなも、姓と名のあいだに空白を入れてください。")
        return values

    def missing(self, others: list[dict[str, str]]) -> Missing:
        """The politician as proposed. others: namesakes who are somebody else."""
        values, place = self.cleaned_data, self.cleaned_data["found"]
        return Missing(
            name=values["name"],
            kana=values["kana"],
            office=values["office"],
            place_name=place.name,
            area=place.area or "",
            prefecture=place.prefecture or "",
            constituency=str(place.constituency or ""),
            tier=place.tier,
            party=values["party"],
            party_name=self.parties.get(values["party"], ""),
            starts_on=values["starts_on"],
            link_url=values["link_url"],
            others=others,
        )


class CorrectionForm(SourcedForm):
    """The facts on record, each in a field of its own. A value that differs from what stands there is a change."""

    seen = forms.CharField(required=False, max_length=64)

    def __init__(
        self,
        facts: Sequence[Fact],
        data: Any = None,
        *,
        parties: Sequence[Party],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**{fact.field: fact.value for fact in facts}, **(initial or {})})
        self.facts = facts
        self.parties = {str(party.pk): party.name for party in parties}
        for fact in facts:
            self.fields[fact.field] = self._field(fact, parties)

    def _field(self, fact: Fact, parties: Sequence[Party]) -> forms.Field:
        match fact.column:
            case "name":
                return PersonName(
                    label=fact.label, noun="氏名", longest=NAME_LENGTH, one_line=True,
                    error_messages=missing("氏名", "氏名は空にできません。"),
                )  # fmt: skip
            case "kana":
                return Reading(
                    label=fact.label, noun="ふりがな", longest=KANA_LENGTH, one_line=True, required=fact.value != "",
                    error_messages=missing("ふりがな", "ふりがなは空にできません。"),
                )  # fmt: skip
            case "birth_year":
                return WholeNumber(
                    label=fact.label, required=False, min_value=EARLIEST_BIRTH, max_value=timezone.localdate().year,
                    error_messages=dict.fromkeys(
                        ("invalid", "min_value", "max_value"), "生年を読み取れません。1970 のように、西暦の4けたで入れてください。"
                    ),
                )  # fmt: skip
            case "link":
                return WebAddress(label=fact.label, longest=URL_LENGTH, required=False)
            case "party_id":
                return forms.ChoiceField(
                    label=TERM_COLUMNS["party_id"], required=False, choices=party_choices(parties, "記載なし"),
                    error_messages={"invalid_choice": "政党を読み取れません。一覧から選んでください。"},
                )  # fmt: skip
            case "running":
                return forms.ChoiceField(
                    label=TERM_COLUMNS["running"], choices=list(IN_OFFICE.items()),
                    error_messages=dict.fromkeys(("required", "invalid_choice"), "在任中か退任したかを選んでください。"),
                )  # fmt: skip
            case "times_elected":
                return WholeNumber(
                    label=TERM_COLUMNS["times_elected"], required=False, min_value=1, max_value=99,
                    error_messages=dict.fromkeys(
                        ("invalid", "min_value", "max_value"), "当選回数を読み取れません。1から99の数で入れてください。"
                    ),
                )  # fmt: skip
            case column:
                return PartialDay(label=TERM_COLUMNS[column], required=False, max_length=40)

    @property
    def of_person(self) -> list[BoundField]:
        """The fields of the person and the links."""
        return [self[fact.field] for fact in self.facts if not fact.field.startswith("term-")]

    @property
    def of_terms(self) -> list[tuple[str, list[BoundField]]]:
        """The fields of each term under the name of its office."""
        terms: dict[str, tuple[str, list[BoundField]]] = {}
        for fact in self.facts:
            if fact.field.startswith("term-"):
                key, _ = of_term(fact.key)
                office = fact.label.rpartition("：")[0]
                terms.setdefault(key, (office, []))[1].append(self[fact.field])
        return list(terms.values())

    def changes(self, today: str) -> list[Change]:
        """What differs from the record. An end of term that lies ahead goes with a member who left: the legal end is not the day it ended."""
        after = {fact.key: str(self.cleaned_data[fact.field]) for fact in self.facts}
        for fact in self.facts:
            if fact.column == "running" and fact.value == YES and after[fact.key] == NO:
                end = term_key(of_term(fact.key)[0], "ends_on")
                if after[end] > today:
                    after[end] = ""
        return [
            Change(fact.key, fact.label, fact.value, after[fact.key], fact.shown, self._shown(fact, after[fact.key]))
            for fact in self.facts
            if after[fact.key] != fact.value
        ]

    def _shown(self, fact: Fact, value: str) -> str:
        match fact.column:
            case "party_id":
                return self.parties.get(value, "")
            case "running":
                return IN_OFFICE[value]
            case "starts_on" | "ends_on":
                return written_date(value)
            case "times_elected":
                return value and f"{value}回"
            case "birth_year":
                return value and f"{value}年"
        return value
