"""Surveys as they are read: lists, one with its questions, what a voter answered, what an editor changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tsushinbo.surveys.models import Answer, FreeAnswer, Option, Question, Response, Survey, SurveyRevision
from tsushinbo.surveys.popularity import Finding
from tsushinbo.surveys.queries.candidates import asked, finding, kept_people
from tsushinbo.surveys.said import NOTHING, Said

PUBLISHED = Survey.State.PUBLISHED


@dataclass(frozen=True)
class Shown:
    """A survey with its questions, and the options of each by the question's id."""

    survey: Survey
    questions: list[Question]
    options: Mapping[int, list[Option]]

    def numbers(self, question: Question) -> frozenset[int]:
        """The numbers of a question's options."""
        return frozenset(option.number for option in self.options.get(question.pk, ()))

    def held(self, at: datetime) -> Finding | None:
        """Why it may not be shown at ``at`` (公職選挙法 第138条の3), as of the last minute; None where it may."""
        return finding(self.survey, asked(self.questions, self.options), kept_people(), at)


@dataclass(frozen=True)
class Listed:
    """A survey in a list. Of one that is held back nothing is told but that it is."""

    survey: Survey
    questions: int
    held: Finding | None


def opened(at: datetime) -> QuerySet[Survey]:
    """Those that take answers, the first to close first."""
    rows = Survey.objects.filter(state=PUBLISHED, closes_at__gt=at, opens_at__lte=at)
    return rows.order_by("closes_at", "pk")


def closed(at: datetime) -> QuerySet[Survey]:
    """Those that are over, the last to close first."""
    return Survey.objects.filter(state=PUBLISHED, closes_at__lte=at).order_by("-closes_at", "-pk")


def listed(surveys: Sequence[Survey], at: datetime) -> list[Listed]:
    """Some surveys as a list shows them. Two queries, and who stands once a minute."""
    questions: dict[int, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(survey__in=[survey.pk for survey in surveys]).order_by("number"):
        questions[question.survey_id].append(question)
    options = _options([question.pk for rows in questions.values() for question in rows])
    rows = [Shown(survey, questions[survey.pk], options) for survey in surveys]
    return [Listed(row.survey, len(row.questions), row.held(at)) for row in rows]


def find_survey(survey_id: int, at: datetime) -> Survey | None:
    """One that everybody may read."""
    survey = Survey.objects.filter(pk=survey_id, state=PUBLISHED).first()
    return survey if survey is not None and survey.has_opened(at) else None


def read(survey_id: int, at: datetime) -> Shown | None:
    """One that everybody may read, with its questions. Three queries."""
    survey = find_survey(survey_id, at)
    return shown(survey) if survey is not None else None


def shown(survey: Survey) -> Shown:
    """A survey with its questions, whatever its state. Two queries."""
    questions = list(Question.objects.filter(survey=survey).order_by("number"))
    return Shown(survey, questions, _options([question.pk for question in questions]))


def own_answers(questions: Iterable[Question], voter: int | None) -> dict[int, Said]:
    """What a voter said to each question, by its number; nothing to those that were left out. Two queries, none without a voter."""
    by_id = {question.pk: question.number for question in questions}
    if voter is None:
        return {}
    chosen: dict[int, set[tuple[int, int]]] = defaultdict(set)
    answers = Answer.objects.filter(question__in=list(by_id), voter=voter).values_list("question", "number", "place")
    for question, number, place in answers:
        chosen[question].add((number, place))
    texts = dict(FreeAnswer.objects.filter(question__in=list(by_id), voter=voter).values_list("question", "text"))
    said = {number: Said(frozenset(chosen.get(pk, ())), texts.get(pk, "")) for pk, number in by_id.items()}
    return {number: one for number, one in said.items() if one != NOTHING}


def response_of(survey: Survey, voter: int | None) -> Response | None:
    """A voter's response; None where there is none."""
    return None if voter is None else Response.objects.filter(survey=survey, voter=voter).first()


def own_texts(questions: Iterable[Question], voter: int | None) -> list[FreeAnswer]:
    """What a voter wrote, with what became of each."""
    if voter is None:
        return []
    return list(FreeAnswer.objects.filter(question__in=list(questions), voter=voter).select_related("question"))


def revisions_of(survey: Survey) -> list[tuple[SurveyRevision, list[str]]]:
    """Every version since the publication with the names of what changed in it, the newest first."""
    rows = list(SurveyRevision.objects.filter(survey=survey).order_by("pk"))
    changed = [
        ["公開"],
        *(_changes(before.content, after.content) for before, after in pairwise(rows)),
    ]
    return list(zip(rows, changed, strict=True))[::-1] if rows else []


# What stands in a revision, in the words of the page.
NAMES = {
    "title": "題名",
    "intro": "説明文",
    "opens_at": "開始の日時",
    "closes_at": "締め切り",
    "results": "結果の見せ方",
    "questions": "設問",
}
MOMENTS = ("opens_at", "closes_at")


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [
        f"{label}（{_clock(before.get(name))}から{_clock(after.get(name))}へ）" if name in MOMENTS else label
        for name, label in NAMES.items()
        if _value(before, name) != _value(after, name)
    ]


def _value(content: dict[str, Any], name: str) -> Any:
    """What stands in a revision. One moment may be written by the clocks of two zones."""
    value = content.get(name)
    return datetime.fromisoformat(value) if name in MOMENTS and value else value


def _clock(moment: str | None) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(moment)):%Y-%m-%d %H:%M}" if moment else "なし"


def _options(questions: list[int]) -> dict[int, list[Option]]:
    options: dict[int, list[Option]] = defaultdict(list)
    if questions:
        for option in Option.objects.filter(question__in=questions).select_related("politician").order_by("number"):
            options[option.question_id].append(option)
    return options


def own_surveys() -> QuerySet[Survey]:
    """Every survey there is, for editors: drafts, then the rest, the newest first."""
    return Survey.objects.order_by("state", "-made_at", "-pk")


def exported_answers(voter: int) -> list[dict[str, Any]]:
    """What a voter answered, for who asked to keep it with an account."""
    responses = {row.survey_id: row for row in Response.objects.filter(voter=voter).order_by("answered_at")}
    surveys = Survey.objects.in_bulk(list(responses))
    found = []
    for pk, response in responses.items():
        one = shown(surveys[pk])
        said = own_answers(one.questions, voter)
        found.append(
            {
                "survey": surveys[pk].title,
                "answered_at": response.answered_at,
                "changed_at": response.changed_at,
                "answers": [
                    {"question": question.text, "answer": _words(one, question, said[question.number])}
                    for question in one.questions
                    if question.number in said
                ],
            }
        )
    return found


def _words(one: Shown, question: Question, said: Said) -> list[str]:
    if said.text:
        return [said.text]
    names = {option.number: option.text for option in one.options.get(question.pk, ())}
    rows = sorted(said.chosen, key=lambda row: (row[1], row[0]))
    return [
        f"{place}位 {names.get(number, number)}" if place else str(names.get(number, number)) for number, place in rows
    ]
