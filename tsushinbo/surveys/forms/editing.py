"""The form of a survey that is being made: its head, and a part for each question. More parts are added by a button, without script."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.moderation.forms import VisitorForm, VisitorText
from tsushinbo.people.models import Politician
from tsushinbo.surveys.models import (
    LABEL_LENGTH,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    OPTION_LENGTH,
    QUESTION_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Question,
    Survey,
)
from tsushinbo.surveys.queries import Shown
from tsushinbo.surveys.services import OptionDraft, QuestionDraft, SurveyDraft

# The form that a browser sends for datetime-local, and what people type where it has none.
MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S")
FIRST_QUESTIONS = 3
# The page of a politician at the end of an option ties it to the person.
POLITICIAN = re.compile(rf"\s*(?:https?://[^\s/]+)?/politicians/({addresses.PATTERN})/?\s*$")
ONCE_MORE = 2


def _moment(label: str) -> forms.DateTimeField:
    message = "日時を読み取れません。2026-11-24 18:00 のように入れてください。"
    return forms.DateTimeField(label=label, required=False, input_formats=MOMENTS, error_messages={"invalid": message})


class QuestionForm(VisitorForm):
    """One question. One without text is left out when the survey is saved."""

    text = VisitorText(label="設問の文", noun="設問の文", longest=QUESTION_LENGTH, one_line=True, required=False)
    kind = forms.ChoiceField(
        label="答え方", choices=Question.Kind.choices, required=False,
        error_messages={"invalid_choice": "答え方を読み取れません。選び直してください。"},
    )  # fmt: skip
    options = VisitorText(
        label="選択肢", noun="選択肢", longest=MOST_OPTIONS * (OPTION_LENGTH + 60) * ONCE_MORE, required=False
    )
    most = forms.IntegerField(
        label="選べる数", min_value=1, max_value=MOST_OPTIONS, required=False,
        error_messages={
            "invalid": "選べる数を読み取れません。数字で入れるか、空にしてください。",
            "min_value": "選べる数は1からです。",
            "max_value": f"選べる数は{MOST_OPTIONS}までです。",
        },
    )  # fmt: skip
    required = forms.BooleanField(label="答えを必須にする", required=False)
    low = VisitorText(label="1の意味", noun="1の意味", longest=LABEL_LENGTH, one_line=True, required=False)
    high = VisitorText(label="5の意味", noun="5の意味", longest=LABEL_LENGTH, one_line=True, required=False)

    def clean_options(self) -> tuple[OptionDraft, ...]:
        """A line an option, each perhaps with the address of a politician's page at its end."""
        found = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["options"].split("\n"))):
            link = POLITICIAN.search(line)
            politician = Politician.objects.filter(pk=addresses.decode(link[1])).first() if link else None
            if link and politician is None:
                raise forms.ValidationError(f"「{line}」の政治家のページが見つかりません。アドレスを確かめてください。")
            text = " ".join((line[: link.start()] if link else line).split()) or (politician.name if politician else "")
            if len(text) > OPTION_LENGTH:
                raise forms.ValidationError(
                    f"選択肢「{text[:20]}…」が{OPTION_LENGTH}字を超えています（{len(text)}字）。{len(text) - OPTION_LENGTH}字以上けずってください。"
                )
            found.append(OptionDraft(text, politician.pk if politician else None))
        return tuple(found)

    @property
    def draft(self) -> QuestionDraft:
        """The question."""
        values = self.cleaned_data
        kind = values["kind"] or Question.Kind.SINGLE
        with_options, scale = kind in Question.WITH_OPTIONS, kind == Question.Kind.SCALE
        return QuestionDraft(
            kind=kind,
            text=values["text"],
            options=values["options"] if with_options else (),
            required=values["required"],
            most=(values["most"] or 0) if kind in {Question.Kind.MULTIPLE, Question.Kind.RANKED} else 0,
            low=values["low"] if scale else "",
            high=values["high"] if scale else "",
            field=str(self.prefix),
        )


class SurveyForm(VisitorForm):
    """A survey with its questions. Nothing must be filled in to keep a draft."""

    title = VisitorText(label="題名", noun="題名", longest=TITLE_LENGTH, one_line=True, required=False)
    intro = VisitorText(label="説明文", noun="説明文", longest=TEXT_LENGTH, required=False)
    opens_at = _moment("開始の日時")
    closes_at = _moment("締め切り")
    results = forms.ChoiceField(
        label="結果の見せ方", choices=Survey.Results.choices, required=False,
        error_messages={"invalid_choice": "結果の見せ方を読み取れません。選び直してください。"},
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, shown: Shown | None = None, more: int = 0) -> None:
        super().__init__(data, initial=_head(shown.survey) if shown else {"results": Survey.Results.AFTER_ANSWER})
        there = _questions(shown) if shown else []
        sent = _asked_for(data) if data is not None else max(len(there) + 1, FIRST_QUESTIONS)
        count = min(MOST_QUESTIONS, sent + more)
        self.questions = [
            QuestionForm(data, prefix=f"q{number}", initial=there[number - 1] if number <= len(there) else {})
            for number in range(1, count + 1)
        ]

    def is_valid(self) -> bool:
        """Whether the head and every question can be read."""
        # Each is looked at, so that everything is said at once.
        return all([super().is_valid(), *[question.is_valid() for question in self.questions]])

    @property
    def to_mend(self) -> list[tuple[BoundField, str]]:
        """Fields of the head and of each question that cannot be taken, with their first messages."""
        if not self.is_bound:
            return []
        return [*super().to_mend, *(fault for question in self.questions for fault in question.to_mend)]

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Say beside each field what the rules have against it; those of a question are called q1-text."""
        parts = {str(question.prefix): question for question in self.questions}
        for name, message in faults.items():
            prefix, _, field = name.partition("-")
            if prefix in parts and field in parts[prefix].fields:
                parts[prefix].add_error(field, message)
            else:
                self.add_error(name if name in self.fields else None, message)

    @property
    def can_grow(self) -> bool:
        """Whether one more question has room."""
        return len(self.questions) < MOST_QUESTIONS

    @property
    def draft(self) -> SurveyDraft:
        """The survey. A question in which nothing was written is left out."""
        values = self.cleaned_data
        written = [question.draft for question in self.questions]
        return SurveyDraft(
            title=values["title"],
            intro=values["intro"],
            results=values["results"] or Survey.Results.AFTER_ANSWER,
            opens_at=values["opens_at"],
            closes_at=values["closes_at"],
            questions=tuple(one for one in written if one.text or one.options),
        )


class AmendForm(VisitorForm):
    """What may change of a survey that was answered."""

    intro = VisitorText(label="説明文", noun="説明文", longest=TEXT_LENGTH, required=False)
    closes_at = forms.DateTimeField(
        label="締め切り", input_formats=MOMENTS,
        error_messages={
            "required": "締め切りが入力されていません。回答を受け付ける最後の日時を入れてください。",
            "invalid": "日時を読み取れません。2026-11-24 18:00 のように入れてください。",
        },
    )  # fmt: skip
    sure = forms.BooleanField(label="いま締め切ることの確認", required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, survey: Survey) -> None:
        super().__init__(data, initial=_head(survey))


def _head(survey: Survey) -> dict[str, Any]:
    return {
        "title": survey.title,
        "intro": survey.intro,
        "results": survey.results,
        "opens_at": _written(survey.opens_at),
        "closes_at": _written(survey.closes_at),
        "seen": survey.version,
    }


def _written(moment: Any) -> str:
    return timezone.localtime(moment).strftime(MOMENTS[0]) if moment else ""


def _questions(shown: Shown) -> list[dict[str, Any]]:
    return [
        {
            "text": question.text,
            "kind": question.kind,
            "options": "\n".join(
                f"{option.text} {option.politician.get_absolute_url()}" if option.politician else option.text
                for option in shown.options.get(question.pk, ())
            ),
            "most": question.most or "",
            "required": question.required,
            "low": question.low,
            "high": question.high,
        }
        for question in shown.questions
    ]


def _asked_for(data: Mapping[str, Any]) -> int:
    """How many questions a form holds: the last one of which any field was sent."""
    numbers = [int(found[1]) for name in data if (found := re.fullmatch(r"q([1-9]\d?)-text", name))]
    return min(max(numbers, default=FIRST_QUESTIONS), MOST_QUESTIONS)
