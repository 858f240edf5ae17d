"""Turning what visitors, offices and editors sent into answers and statements."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from tsushinbo.addresses import decode
from tsushinbo.advice.models import (
    BACKGROUND_LENGTH,
    INTRODUCTION_LENGTH,
    REASON_LENGTH,
    SCALE,
    SOURCE_TITLE_LENGTH,
    STATEMENT_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    Answer,
    Stance,
    Statement,
)
from tsushinbo.advice.queries import ASSEMBLIES, Mine
from tsushinbo.advice.services import Given, Source
from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import upcoming
from tsushinbo.moderation.forms import VisitorForm, VisitorText, WebAddress, missing
from tsushinbo.moderation.forms.days import Day
from tsushinbo.people.models import Area, Office
from tsushinbo.pledges.models import PolicyArea

BY_AGREEMENT = "agreement"


def mine_from(sent: QueryDict, statements: Sequence[Statement]) -> Mine:
    """Read what a visitor answered. What cannot be read counts as skipped: nothing is kept, so there is nothing to mend."""
    places = {}
    for statement in statements:
        value = sent.get(f"q{statement.position}", "")
        if len(value) == 1 and value in "01234"[: len(SCALE)]:
            places[statement.pk] = int(value)
    marked = set(sent.getlist("double"))
    doubled = frozenset(one.pk for one in statements if str(one.position) in marked)
    return Mine(places, doubled, by_agreement=sent.get("order") == BY_AGREEMENT)


class QuestionnaireForm(VisitorForm):
    """The head of a draft."""

    title = VisitorText(
        label="題名", noun="題名", longest=TITLE_LENGTH, one_line=True,
        error_messages=missing("題名", "質問票の題名を入れてください。"),
    )  # fmt: skip
    introduction = VisitorText(
        label="設問の選び方", noun="説明", longest=INTRODUCTION_LENGTH,
        error_messages=missing("設問の選び方", "だれが、どのように設問を選んだかを書いてください。"),
    )  # fmt: skip


class NewQuestionnaireForm(QuestionnaireForm):
    """A draft for an election to come, or for an assembly: ``office`` and, but for the Diet, ``area`` by its code."""

    election = forms.CharField(label="選挙", required=False, max_length=10)
    office = forms.ChoiceField(
        label="議会",
        required=False,
        choices=[("", "選挙について聞く"), *((one.value, one.label) for one in ASSEMBLIES)],
    )
    area = forms.CharField(label="地域の団体コード", required=False, max_length=6)

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.elections = upcoming(today)

    def clean(self) -> dict[str, Any]:
        """Either an election or an assembly."""
        fields = super().clean() or {}
        fields["election"] = self._election(fields.get("election", ""))
        office, code = fields.get("office", ""), fields.get("area", "")
        if (fields["election"] is None) is not bool(office) and "election" not in self.errors:
            self.add_error("election", "選挙か議会の、どちらか1つを選んでください。")
        fields["area"] = None
        if office and office not in {Office.REPRESENTATIVES, Office.COUNCILLORS}:
            fields["area"] = Area.objects.filter(code=code).first()
            if fields["area"] is None:
                self.add_error(
                    "area", "地域が見つかりません。6けたの団体コードを入れてください。地域のページの住所にあります。"
                )
        return fields

    def _election(self, text: str) -> Election | None:
        if not text:
            return None
        try:
            wanted = decode(text)
        except ValueError:
            wanted = -1
        found = next((one for one in self.elections if one.pk == wanted), None)
        if found is None:
            self.add_error("election", "選挙が見つかりません。これからの選挙から1つを選んでください。")
        return found


class StatementForm(VisitorForm):
    """One statement."""

    text = VisitorText(
        label="設問の文", noun="文", longest=STATEMENT_LENGTH, one_line=True,
        error_messages=missing("設問の文", "賛成か反対かを答えられる1つの文を書いてください。"),
    )  # fmt: skip
    topic = forms.ModelChoiceField(
        label="政策分野", queryset=PolicyArea.objects.all(), empty_label="分野を選ぶ",
        error_messages={"required": "政策分野が選ばれていません。1つを選んでください。", "invalid_choice": "政策分野を読み取れません。1つを選んでください。"},
    )  # fmt: skip
    background = VisitorText(label="背景", noun="背景", longest=BACKGROUND_LENGTH, required=False)

    @property
    def topics(self) -> list[tuple[str, str, bool]]:
        """Each topic with whether it is chosen."""
        chosen = self["topic"].value()
        return [
            (topic.code, topic.name, topic.code == getattr(chosen, "pk", chosen)) for topic in PolicyArea.objects.all()
        ]


class _Asked:
    """One statement in the form: its stance to choose and its reason to write."""

    def __init__(self, form: "AnswerForm", statement: Statement, answer: Answer | None) -> None:
        self.statement, self.answer = statement, answer
        self.stance, self.reason = form[f"stance{statement.position}"], form[f"reason{statement.position}"]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Each stance with whether it is chosen."""
        chosen = self.stance.value() or ""
        return [(stance.value, str(stance.label), stance.value == chosen) for stance in Stance]

    @property
    def errors(self) -> list[str]:
        """What is wrong with either."""
        return [*self.stance.errors, *self.reason.errors]


class AnswerForm(VisitorForm):
    """A politician's answers to all statements; those left open stay open. ``seen``: which answers were on the page."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, statements: Sequence[Statement], known: Mapping[int, Answer], seen: str
    ) -> None:
        initial: dict[str, Any] = {"seen": seen}
        for statement in statements:
            if answer := known.get(statement.pk):
                initial[f"stance{statement.position}"] = answer.stance
                initial[f"reason{statement.position}"] = answer.reason
        super().__init__(data, initial=initial)
        self.statements, self.known = statements, known
        for statement in statements:
            number = statement.position
            self.fields[f"stance{number}"] = forms.ChoiceField(
                label=f"設問{number}の立場", required=False, choices=Stance.choices,
                error_messages={"invalid_choice": f"設問{number}の立場を読み取れません。1つを選んでください。"},
            )  # fmt: skip
            self.fields[f"reason{number}"] = VisitorText(
                label=f"設問{number}の理由", noun="理由", longest=REASON_LENGTH, required=False
            )

    def clean(self) -> dict[str, Any]:
        """A reason stands beside a stance."""
        fields = super().clean() or {}
        for statement in self.statements:
            number = statement.position
            if fields.get(f"reason{number}") and not fields.get(f"stance{number}"):
                self.add_error(f"stance{number}", f"設問{number}は、理由だけが書かれています。立場を選んでください。")
        return fields

    @property
    def asked(self) -> list[_Asked]:
        """The statements in their order."""
        return [_Asked(self, statement, self.known.get(statement.pk)) for statement in self.statements]

    @property
    def to_mend(self) -> list[tuple[BoundField, str]]:
        """As everywhere, but a stance is found at its first choice."""
        return [(self[name], str(messages[0])) for name, messages in self.errors.items() if name in self.fields]

    def given(self) -> dict[int, Given]:
        """The answers by the id of the statement."""
        return {
            statement.pk: Given(Stance(stance), self.cleaned_data[f"reason{statement.position}"])
            for statement in self.statements
            if (stance := self.cleaned_data[f"stance{statement.position}"])
        }


class CopiedForm(AnswerForm):
    """The same as an editor copies it, with the page where it was published."""

    source_title = VisitorText(
        label="出典の題名", noun="題名", longest=SOURCE_TITLE_LENGTH, one_line=True,
        error_messages=missing("出典の題名", "回答が載っているページや紙面の題名を入れてください。"),
    )  # fmt: skip
    source_url = WebAddress(
        label="出典のアドレス", longest=URL_LENGTH,
        error_messages=missing("出典のアドレス", "「https://」から始まるページのアドレスを入れてください。"),
    )  # fmt: skip
    source_on = Day(
        label="公表された日", error_messages=missing("公表された日", "回答が公表された日を入れてください。")
    )

    def source(self) -> Source:
        """Where it was published."""
        fields = self.cleaned_data
        return Source(fields["source_title"], fields["source_url"], fields["source_on"])
