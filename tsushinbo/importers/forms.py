"""The forms of a count: a file of an election office, and the numbers of one contest."""

from collections.abc import Callable
from datetime import time
from typing import Any

from django import forms
from django.forms import BoundField

from tsushinbo.elections.counting import (
    FINAL,
    WORDS,
    ListResult,
    Progress,
    Result,
    outcome_words,
    plain,
)
from tsushinbo.elections.models import Contest
from tsushinbo.elections.phases import TOKYO
from tsushinbo.elections.queries.counts import Candidate, OnRecord, PartyList
from tsushinbo.importers.counts.cells import MOST_ELECTORS, percent, votes, whole
from tsushinbo.importers.refusals import Refused
from tsushinbo.japanese.clocks import clock_words
from tsushinbo.japanese.eras import read_moment
from tsushinbo.moderation.forms import VisitorForm, VisitorText
from tsushinbo.people.models import Tier

REASON = 400
OUTCOMES = {"": (None, False), "elected": (True, False), "defeated": (False, False), "list": (False, True)}


class FileForm(VisitorForm):
    """A file to look at."""

    file = forms.FileField(
        label="CSVファイル",
        allow_empty_file=True,
        error_messages={"required": "ファイルが選ばれていません。選挙管理委員会の表を選んでください。", "invalid": "ファイルを受け取れませんでした。もう一度選んでください。"},
    )  # fmt: skip
    ignore_unknown = forms.BooleanField(label="知らない列は読まない", required=False)
    reason = VisitorText(label="訂正の理由", noun="理由", longest=REASON, one_line=True, required=False)


class ConditionsForm(VisitorForm):
    """How a file is looked at."""

    ignore_unknown = FileForm.base_fields["ignore_unknown"]
    reason = FileForm.base_fields["reason"]
    days_are_right = forms.BooleanField(label="投票日はこれで正しい", required=False)


class CountForm(VisitorForm):
    """The count of one contest, filled in with what is on record. What cannot be read is said beside its field; the rules judge the rest."""

    counted_percent = forms.CharField(label="開票率", required=False)
    counted_at = forms.CharField(label="開票時刻", required=False)
    turnout_percent = forms.CharField(label="投票率", required=False)
    electors = forms.CharField(label="当日有権者数", required=False)
    uncontested = forms.BooleanField(label="無投票", required=False)
    reason = VisitorText(label=WORDS["reason"], noun="理由", longest=REASON, one_line=True, required=False)

    def __init__(self, data: Any, *, contest: Contest, record: OnRecord) -> None:
        progress = record.progress
        super().__init__(
            data,
            initial={
                "counted_percent": plain(progress.counted_percent),
                "turnout_percent": plain(progress.turnout_percent),
                "electors": plain(progress.electors),
                "uncontested": progress.uncontested,
            },
        )
        self.contest, self.record = contest, record
        words = {"": "―", "elected": "当選", "defeated": "落選"}
        if contest.tier == Tier.SINGLE_SEAT:
            words["list"] = "比例復活"
        for one in record.candidates:
            self.fields[f"votes-{one.pk}"] = forms.CharField(
                label=f"{one.name}の得票数", required=False, initial=plain(one.result.votes)
            )
            self.fields[f"outcome-{one.pk}"] = forms.ChoiceField(
                label=f"{one.name}の当落", required=False, choices=list(words.items()), initial=_code(one.result)
            )
        for part in record.lists:
            self.fields[f"votes-{key_of(part)}"] = forms.CharField(
                label=f"{part.name}の得票数", required=False, initial=plain(part.result.votes)
            )
            self.fields[f"seats-{key_of(part)}"] = forms.CharField(
                label=f"{part.name}の議席", required=False, initial=plain(part.result.seats)
            )

    @property
    def people(self) -> list[tuple[Candidate, str, BoundField, BoundField]]:
        """Who stands, with the outcome on record and the two fields."""
        return [
            (one, outcome_words(one.result), self[f"votes-{one.pk}"], self[f"outcome-{one.pk}"])
            for one in self.record.candidates
        ]

    @property
    def lists(self) -> list[tuple[PartyList, BoundField, BoundField]]:
        """The lists, with the two fields."""
        return [(one, self[f"votes-{key_of(one)}"], self[f"seats-{key_of(one)}"]) for one in self.record.lists]

    def clean(self) -> dict[str, Any]:
        """Read every number."""
        values = super().clean() or self.cleaned_data
        for name in self.fields:
            if (reader := self._reader(name)) is not None:
                values[name] = self._read(name, reader, str(values.get(name) or "").strip())
        return values

    def _reader(self, name: str) -> Callable[[str, str], Any] | None:
        if name.startswith("votes-"):
            return votes
        if name.startswith("seats-"):
            return lambda code, value: whole(code, value, 0, 999)
        if name in ("counted_percent", "turnout_percent"):
            return percent
        if name == "electors":
            return lambda code, value: whole(code, value, 1, MOST_ELECTORS)
        return self._moment if name == "counted_at" else None

    def _read(self, name: str, reader: Callable[[str, str], Any], value: str) -> Any:
        try:
            return reader(name, value)
        except Refused as refused:
            self.add_error(name, refused.reason)
            return None

    def _moment(self, code: str, value: str) -> Any:
        if not value:
            return None
        day = self.contest.polling_on or self.contest.election.day
        try:
            return read_moment(value, day, self.contest.polls_close_at or time(20)).replace(tzinfo=TOKYO)
        except ValueError as fault:
            raise Refused(code, f"「{value[:40]}」：{fault}") from None

    @property
    def progress(self) -> Progress:
        """How far the count is. An empty time of a number that did not change, or of the final result, is that on record."""
        values, before = self.cleaned_data, self.record.progress
        part = values["counted_percent"]
        same = part == before.counted_percent or part == FINAL
        return Progress(
            values["uncontested"],
            part,
            values["counted_at"] or (before.counted_at if same else None),
            values["turnout_percent"],
            values["electors"],
        )

    @property
    def results(self) -> dict[int, Result]:
        """The results by the id of the candidacy."""
        return {
            one.pk: Result(self.cleaned_data[f"votes-{one.pk}"], *OUTCOMES[self.cleaned_data[f"outcome-{one.pk}"]])
            for one in self.record.candidates
        }

    @property
    def list_results(self) -> dict[str, ListResult]:
        """The results of lists by the name of the party."""
        return {
            one.name: ListResult(self.cleaned_data[f"votes-{key_of(one)}"], self.cleaned_data[f"seats-{key_of(one)}"])
            for one in self.record.lists
        }

    @property
    def as_of(self) -> str:
        """When the count on record stood."""
        return clock_words(self.record.progress.counted_at) if self.record.progress.counted_at else ""


def key_of(one: PartyList) -> str:
    """What the fields of a list are called by."""
    return f"p{one.party_id}" if one.party_id else f"r{one.pk}"


def _code(result: Result) -> str:
    known = {pair: code for code, pair in OUTCOMES.items()}
    return known.get((result.elected, result.elected_from_list), "list" if result.elected_from_list else "")
