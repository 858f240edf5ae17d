"""Making a survey (アンケートの作成): drafts, publishing, and the little that may change once it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.surveys.errors import (
    AlreadyAnswered,
    ClosedForGood,
    NotADraft,
    NotReady,
    PopularityVote,
    SavedElsewhere,
)
from tsushinbo.surveys.models import (
    MOST_FIELDS,
    MOST_OPTIONS,
    MOST_RANKED,
    Count,
    Option,
    Question,
    Survey,
    SurveyRevision,
)
from tsushinbo.surveys.popularity import Asked, Choice, find
from tsushinbo.surveys.queries.candidates import labels, people_standing

Kind = Question.Kind
State = Survey.State


@dataclass(frozen=True)
class OptionDraft:
    """An option as an editor wrote it."""

    text: str
    politician_id: int | None = None


@dataclass(frozen=True)
class QuestionDraft:
    """A question as an editor wrote it. ``field``: what its part of the form is called, for messages."""

    kind: str
    text: str
    options: tuple[OptionDraft, ...] = ()
    required: bool = False
    most: int = 0
    low: str = ""
    high: str = ""
    field: str = ""


@dataclass(frozen=True)
class SurveyDraft:
    """A survey as an editor wrote it."""

    title: str
    intro: str = ""
    results: str = Survey.Results.AFTER_ANSWER
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    questions: tuple[QuestionDraft, ...] = ()


def save_survey(
    *, survey: Survey | None, draft: SurveyDraft, by: User, seen: int = 0, publish: bool = False, at: datetime
) -> Survey:
    """Keep a survey as it was written; with ``publish`` it is published, with everything that this takes looked at first.

    survey: None for a new one. seen: the ``version`` that the editor changed. One that is public stays so, and is looked at again.
    Raises SavedElsewhere, AlreadyAnswered, NotReady, PopularityVote.
    """
    with transaction.atomic():
        survey = Survey(made_by=by, made_at=at, version=0, wording=0) if survey is None else _lock(survey, seen)
        if survey.responses:
            raise AlreadyAnswered
        public = publish or survey.state == State.PUBLISHED
        if public:
            check_ready(draft, at=at, opened=survey.has_opened(at))
        survey.title, survey.intro, survey.results = draft.title, draft.intro, draft.results
        survey.opens_at, survey.closes_at = draft.opens_at, draft.closes_at
        if public:
            survey.opens_at = draft.opens_at or survey.opens_at or at
            survey.state, survey.published_at = State.PUBLISHED, survey.published_at or at
        survey.changed_at, survey.version, survey.wording = at, survey.version + 1, survey.wording + 1
        survey.save()
        _write_questions(survey, draft.questions)
        if public:
            _keep_version(survey, draft.questions, by, at)
        return survey


def publish_survey(*, survey: Survey, draft: SurveyDraft, by: User, seen: int, at: datetime) -> Survey:
    """Publish a draft as it was written. Raises what save_survey raises."""
    return save_survey(survey=survey, draft=draft, by=by, seen=seen, publish=True, at=at)


def amend_survey(*, survey: Survey, intro: str, closes_at: datetime, by: User, seen: int, at: datetime) -> Survey:
    """Change what may change once answers are there: the introduction, and when it closes; at once where that is past.

    Raises SavedElsewhere, ClosedForGood, NotReady, PopularityVote.
    """
    with transaction.atomic():
        survey = _lock(survey, seen)
        if survey.has_closed(at):
            if closes_at != survey.closes_at:
                raise ClosedForGood
        else:
            survey.closes_at = max(closes_at, at)
        if survey.opens_at is None or (survey.closes_at or at) <= survey.opens_at:
            raise NotReady({"closes_at": "締め切りは、開始より後にしてください。"})
        survey.intro, survey.changed_at, survey.version = intro, at, survey.version + 1
        questions = _drafts_of(survey)
        _refuse_popularity(survey.title, intro, questions, at)
        survey.save(update_fields=["intro", "closes_at", "changed_at", "version"])
        _keep_version(survey, questions, by, at)
        return survey


def discard_draft(*, survey: Survey, seen: int) -> None:
    """Throw a draft away. Raises SavedElsewhere and NotADraft."""
    with transaction.atomic():
        survey = _lock(survey, seen)
        if survey.state != State.DRAFT:
            raise NotADraft
        survey.delete()


def check_ready(draft: SurveyDraft, *, at: datetime, opened: bool = False) -> None:
    """Whether a survey can be published as it is. Raises NotReady with a message for each field, and PopularityVote."""
    faults: dict[str, str] = {}
    if not draft.title:
        faults["title"] = "題名が入力されていません。何についてのアンケートかを書いてください。"
    if draft.closes_at is None:
        faults["closes_at"] = "締め切りが入力されていません。回答を受け付ける最後の日時を入れてください。"
    elif draft.closes_at <= at:
        faults["closes_at"] = "締め切りが過ぎています。これから先の日時を入れてください。"
    elif draft.opens_at is not None and draft.closes_at <= draft.opens_at:
        faults["closes_at"] = "締め切りが開始より前になっています。開始より後の日時を入れてください。"
    if not draft.questions:
        faults["q1-text"] = "設問がありません。1つ以上書いてください。"
    for question in draft.questions:
        faults |= _faults_of(question)
    boxes = sum(len(question.options) for question in draft.questions if question.kind in {Kind.MULTIPLE, Kind.RANKED})
    if boxes > MOST_FIELDS:
        faults[f"{draft.questions[-1].field}-options"] = (
            f"「いくつか選ぶ」と「順位をつける」の選択肢は、全部で{MOST_FIELDS}までです（{boxes}あります）。選択肢か設問を減らしてください。"
        )
    if faults:
        raise NotReady(faults)
    _refuse_popularity(draft.title, draft.intro, draft.questions, at)


def _faults_of(question: QuestionDraft) -> dict[str, str]:
    field = question.field
    if not question.text:
        return {f"{field}-text": "設問の文が入力されていません。たずねることを書いてください。"}
    if question.kind not in Question.WITH_OPTIONS:
        return {}
    texts = [option.text for option in question.options]
    twice = next((text for text in texts if texts.count(text) > 1), None)
    most = MOST_RANKED if question.kind == Kind.RANKED else MOST_OPTIONS
    if twice is not None:
        return {f"{field}-options": f"「{twice}」が2つあります。同じ選択肢は1つにしてください。"}
    if len(texts) < 2:
        return {f"{field}-options": "選択肢が2つより少なくなっています。1行に1つずつ、2つ以上書いてください。"}
    if len(texts) > most:
        return {
            f"{field}-options": f"選択肢が{most}を超えています（{len(texts)}）。{len(texts) - most}つ以上減らしてください。"
        }
    if question.kind != Kind.SINGLE and question.most > len(texts):
        return {
            f"{field}-most": f"選べる数が選択肢の数を超えています。{len(texts)}までの数にするか、空にしてください。"
        }
    return {}


def _refuse_popularity(title: str, intro: str, questions: Sequence[QuestionDraft], at: datetime) -> None:
    asked = [
        Asked(
            number,
            one.text,
            (*(Choice(option.text, option.politician_id) for option in one.options), *labels(one.low, one.high)),
        )
        for number, one in enumerate(questions, 1)
    ]
    if found := find((title, intro), asked, people_standing(at), at):
        raise PopularityVote(found)


def _lock(survey: Survey, seen: int) -> Survey:
    locked = Survey.objects.select_for_update().filter(pk=survey.pk).first()
    if locked is None or locked.version != seen:
        raise SavedElsewhere
    return locked


def _write_questions(survey: Survey, questions: Sequence[QuestionDraft]) -> None:
    """Put the questions in place of those there were; nobody has answered yet."""
    Option.objects.filter(question__survey=survey).delete()
    Count.objects.filter(question__survey=survey).delete()
    Question.objects.filter(survey=survey).delete()
    rows = [
        Question(
            survey=survey, number=number, kind=one.kind, text=one.text, required=one.required, most=one.most, low=one.low, high=one.high,
        )
        for number, one in enumerate(questions, 1)
    ]  # fmt: skip
    Question.objects.bulk_create(rows)
    Option.objects.bulk_create(
        Option(question=row, number=number, text=option.text, politician_id=option.politician_id)
        for row, one in zip(rows, questions, strict=True)
        for number, option in enumerate(one.options, 1)
    )


def _drafts_of(survey: Survey) -> tuple[QuestionDraft, ...]:
    """The questions that are there, as an editor wrote them."""
    questions = Question.objects.filter(survey=survey).order_by("number").prefetch_related("options")
    return tuple(
        QuestionDraft(
            kind=row.kind,
            text=row.text,
            options=tuple(OptionDraft(option.text, option.politician_id) for option in row.options.all()),
            required=row.required,
            most=row.most,
            low=row.low,
            high=row.high,
        )
        for row in questions
    )


def _keep_version(survey: Survey, questions: Sequence[QuestionDraft], by: User, at: datetime) -> None:
    """Add what stands there now to the versions, where anything changed."""
    content: dict[str, Any] = {
        "title": survey.title,
        "intro": survey.intro,
        "results": survey.results,
        "opens_at": survey.opens_at.isoformat() if survey.opens_at else "",
        "closes_at": survey.closes_at.isoformat() if survey.closes_at else "",
        "questions": [
            {
                "kind": one.kind, "text": one.text, "required": one.required, "most": one.most, "low": one.low, "high": one.high,
                "options": [{"text": option.text, "politician": option.politician_id} for option in one.options],
            }
            for one in questions
        ],
    }  # fmt: skip
    last = SurveyRevision.objects.filter(survey=survey).order_by("-pk").first()
    if last is None or last.content != content:
        SurveyRevision.objects.create(survey=survey, content=content, saved_by=by, saved_at=at)
