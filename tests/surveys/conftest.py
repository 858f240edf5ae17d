"""What the tests of surveys share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.surveys.factories import QuestionFactory, SurveyFactory
from tsushinbo.surveys.models import Question, Survey

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands at NOW until it is moved."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def survey(db: None) -> Survey:
    """An open survey with a question of every kind, in the order of ``Question.Kind``."""
    survey = SurveyFactory.create(title="子育ての調べ", closes_at=datetime(2026, 12, 24, 3, 0, tzinfo=UTC))
    QuestionFactory.create(survey=survey, number=1, kind=Question.Kind.SINGLE, options=("保育園", "公園"))
    QuestionFactory.create(
        survey=survey,
        number=2,
        kind=Question.Kind.MULTIPLE,
        most=2,
        text="困っていることは",
        options=("時間", "お金", "場所"),
    )
    QuestionFactory.create(
        survey=survey, number=3, kind=Question.Kind.RANKED, text="大切な順は", options=("安全", "近さ", "費用")
    )
    QuestionFactory.create(
        survey=survey, number=4, kind=Question.Kind.SCALE, text="いまに満足していますか", low="不満", high="満足"
    )
    QuestionFactory.create(survey=survey, number=5, kind=Question.Kind.TEXT, text="ご意見")
    return survey
