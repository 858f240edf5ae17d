"""Taking answers: one a voter, changeable, counted exactly."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.surveys.conftest import NOW
from tests.surveys.factories import QuestionFactory, SurveyFactory
from tsushinbo.accounts.services import TooMany
from tsushinbo.moderation.models import Ban
from tsushinbo.moderation.services import Banned
from tsushinbo.surveys import services
from tsushinbo.surveys.errors import AnswerRefused, SurveyClosed, WordingChanged
from tsushinbo.surveys.models import Answer, Count, FreeAnswer, Question, Response, Survey
from tsushinbo.surveys.said import Said

ALL = {
    1: Said(frozenset({(1, 0)})),
    2: Said(frozenset({(1, 0), (3, 0)})),
    3: Said(frozenset({(2, 1), (1, 2)})),
    4: Said(frozenset({(4, 0)})),
    5: Said(text="公園に日かげがほしいです。"),
}


def answer(survey: Survey, voter: int = 7, said: Any = None, **options: Any) -> Response:
    options = {"wording": survey.wording, "at": NOW, **options}
    return services.answer_survey(survey=survey, voter=voter, said=ALL if said is None else said, **options)


def counts(survey: Survey) -> dict[tuple[int, int, int], int]:
    rows = Count.objects.filter(question__survey=survey).exclude(count=0)
    return {key[:3]: key[3] for key in rows.values_list("question__number", "number", "place", "count")}


def test_every_kind_of_question_is_counted(survey: Survey) -> None:
    answer(survey)
    assert counts(survey) == {
        (1, 0, 0): 1, (1, 1, 0): 1,
        (2, 0, 0): 1, (2, 1, 0): 1, (2, 3, 0): 1,
        (3, 0, 0): 1, (3, 2, 1): 1, (3, 1, 2): 1,
        (4, 0, 0): 1, (4, 4, 0): 1,
        (5, 0, 0): 1,
    }  # fmt: skip
    survey.refresh_from_db()
    assert survey.responses == 1
    assert FreeAnswer.objects.get().state == FreeAnswer.State.PENDING


def test_second_answer_replaces_the_first(survey: Survey) -> None:
    answer(survey)
    answer(survey, said={1: Said(frozenset({(2, 0)}))}, at=NOW + timedelta(minutes=1))
    assert counts(survey) == {(1, 0, 0): 1, (1, 2, 0): 1}
    survey.refresh_from_db()
    response = Response.objects.get()
    assert (survey.responses, response.answered_at, response.changed_at) == (1, NOW, NOW + timedelta(minutes=1))
    assert not FreeAnswer.objects.exists()


def test_the_same_answer_again_changes_nothing(survey: Survey) -> None:
    answer(survey)
    FreeAnswer.objects.update(state=FreeAnswer.State.APPROVED)
    answer(survey, at=NOW + timedelta(minutes=1))
    assert Response.objects.get().changed_at == NOW
    assert FreeAnswer.objects.get().state == FreeAnswer.State.APPROVED
    assert services.mismatches() == 0


def test_a_text_that_changed_waits_again(survey: Survey) -> None:
    answer(survey)
    FreeAnswer.objects.update(state=FreeAnswer.State.APPROVED)
    answer(survey, said={**ALL, 5: Said(text="ベンチもほしいです。")})
    assert FreeAnswer.objects.values_list("state", "text").get() == ("pending", "ベンチもほしいです。")


def test_an_answer_costs_the_same_however_many_there_are(survey: Survey) -> None:
    costs = []
    for voter in range(8):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer(survey, voter=voter)
        costs.append(len(queries))
    assert len(set(costs[1:])) == 1
    assert costs[1] <= 20


@pytest.mark.parametrize("moment", [timedelta(days=-40), timedelta(days=30)])
def test_nothing_is_taken_before_and_after(survey: Survey, moment: timedelta) -> None:
    with pytest.raises(SurveyClosed):
        answer(survey, at=NOW + moment)
    assert not Response.objects.exists()


def test_an_answer_to_questions_that_were_changed_is_refused(survey: Survey) -> None:
    with pytest.raises(WordingChanged):
        answer(survey, wording=survey.wording + 1)


FAULTS = {
    "nothing at all": ({}, "q1", "どの設問にも"),
    "an option that is none": ({1: Said(frozenset({(9, 0)}))}, "q1", "読み取れません"),
    "two where one may be chosen": ({1: Said(frozenset({(1, 0), (2, 0)}))}, "q1", "1つまで"),
    "a place where nothing is ranked": ({1: Said(frozenset({(1, 1)}))}, "q1", "読み取れません"),
    "more than may be chosen": ({2: Said(frozenset({(1, 0), (2, 0), (3, 0)}))}, "q2", "2つまで"),
    "a place twice": ({3: Said(frozenset({(1, 1), (2, 1)}))}, "q3", "1位が2つ以上"),
    "no first place": ({3: Said(frozenset({(1, 2)}))}, "q3", "1位が選ばれていません"),
    "a place that is none": ({3: Said(frozenset({(1, 9)}))}, "q3", "読み取れません"),
    "beyond the scale": ({4: Said(frozenset({(6, 0)}))}, "q4", "読み取れません"),
    "a text too long": ({5: Said(text="あ" * 401)}, "q5", "1字以上けずって"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_cannot_be_taken_is_refused_with_its_question(survey: Survey, what: str) -> None:
    said, field, words = FAULTS[what]
    with pytest.raises(AnswerRefused) as refused:
        answer(survey, said=said)
    assert list(refused.value.faults) == [field]
    assert words in refused.value.faults[field]
    assert (Answer.objects.count(), Response.objects.count(), Count.objects.count()) == (0, 0, 0)


def test_a_required_question_must_be_answered(survey: Survey) -> None:
    Question.objects.filter(survey=survey, number=4).update(required=True)
    with pytest.raises(AnswerRefused) as refused:
        answer(survey, said={1: Said(frozenset({(1, 0)}))})
    assert refused.value.faults == {"q4": "問4に答えがありません。選んでください。"}


def test_voters_and_networks_are_counted_as_with_ballots(survey: Survey, settings: Any) -> None:
    settings.RATE_BALLOTS_PER_VOTER, settings.RATE_BALLOTS_PER_NETWORK = 2, 3
    for _ in range(2):
        answer(survey)
    with pytest.raises(TooMany):
        answer(survey)
    for voter in (11, 12, 13):
        answer(survey, voter=voter, network="network:a")
    with pytest.raises(TooMany):
        answer(survey, voter=14, network="network:a")


def test_who_is_banned_answers_without_text(survey: Survey) -> None:
    Ban.objects.create(
        network="network:a", reason="other", begins_at=NOW, until=NOW + timedelta(days=1), made_by=survey.made_by
    )
    with pytest.raises(Banned):
        answer(survey, network="network:a")
    assert not Response.objects.exists()
    answer(survey, network="network:a", said={1: ALL[1]})


def said_to(kind: str) -> st.SearchStrategy[Said]:
    chosen = st.frozensets(st.integers(1, 3), max_size=2)
    if kind == "ranked":
        return st.lists(st.sampled_from([1, 2, 3]), unique=True).map(
            lambda order: Said(frozenset((option, place) for place, option in enumerate(order, 1)))
        )
    if kind == "text":
        return st.sampled_from(["", "あ", "い"]).map(lambda text: Said(text=text))
    most = {"single": 1, "scale": 1, "multiple": 2}[kind]
    top = {"single": 2, "scale": 5, "multiple": 3}[kind]
    return chosen.map(lambda found: Said(frozenset(sorted((min(n, top), 0) for n in found)[:most])))


SHEETS = st.fixed_dictionaries({number: said_to(kind) for number, kind in enumerate(Question.Kind.values, 1)})


@given(steps=st.lists(st.tuples(st.integers(1, 3), SHEETS), max_size=8))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_are_those_of_a_recount_whatever_comes(survey: Survey, settings: Any, steps: Any) -> None:
    settings.RATE_BALLOTS_PER_VOTER = 1_000_000
    for number, (voter, said) in enumerate(steps):
        if any(said.values()):
            answer(survey, voter=voter, said=said, at=NOW + timedelta(seconds=number))
    assert services.mismatches() == 0


def test_a_wrong_count_is_found_and_mended(survey: Survey) -> None:
    answer(survey)
    right = counts(survey)
    Count.objects.filter(question__survey=survey, number=1, place=0).update(count=5)
    Survey.objects.update(responses=9)
    assert services.mismatches() == 3
    services.recount()
    assert (services.mismatches(), counts(survey)) == (0, right)


def test_answers_follow_a_browser_that_is_joined(survey: Survey) -> None:
    answer(survey, voter=7)
    services.join_answers(voter=7, own=8, at=NOW)
    assert set(Response.objects.values_list("voter", flat=True)) == {8}
    assert set(Answer.objects.values_list("voter", flat=True)) == {8}
    assert services.mismatches() == 0


@pytest.mark.parametrize("later", [7, 8])
def test_of_two_answers_of_one_person_the_later_stays(survey: Survey, later: int) -> None:
    for voter in (7, 8):
        at = NOW + timedelta(minutes=voter == later)
        answer(survey, voter=voter, said={1: Said(frozenset({(voter - 6, 0)}))}, at=at)
    services.join_answers(voter=7, own=8, at=NOW + timedelta(hours=1))
    assert Response.objects.get().voter == 8
    assert counts(survey) == {(1, 0, 0): 1, (1, later - 6, 0): 1}
    assert services.mismatches() == 0


def test_what_was_counted_at_the_close_stays_when_browsers_are_joined(survey: Survey) -> None:
    for voter in (7, 8):
        answer(survey, voter=voter)
    services.join_answers(voter=7, own=8, at=NOW + timedelta(days=60))
    assert Response.objects.count() == 2
    assert services.mismatches() == 0


def test_a_survey_without_questions_cannot_be_published_by_the_factories_alone() -> None:
    assert SurveyFactory.build().state == Survey.State.PUBLISHED
    assert QuestionFactory._meta.model is Question
