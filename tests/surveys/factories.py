"""The least valid row of each table of surveys."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from tests.accounts.factories import UserFactory
from tsushinbo.surveys import models

OPENED_AT = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)


class DraftFactory(DjangoModelFactory[models.Survey]):
    """A draft without questions."""

    class Meta:
        model = models.Survey

    title = factory.Sequence(lambda n: f"暮らしの調べ{n}")
    made_by = factory.SubFactory(UserFactory)
    made_at = OPENED_AT
    changed_at = OPENED_AT


class SurveyFactory(DraftFactory):
    """A survey that takes answers for years, without questions."""

    state = models.Survey.State.PUBLISHED
    opens_at = OPENED_AT
    closes_at = OPENED_AT + timedelta(days=36500)
    published_at = OPENED_AT


class QuestionFactory(DjangoModelFactory[models.Question]):
    """A question with two options; ``options`` names others."""

    class Meta:
        model = models.Question
        skip_postgeneration_save = True

    survey = factory.SubFactory(SurveyFactory)
    number = 1
    kind = models.Question.Kind.SINGLE
    text = "どちらを先に進めますか"

    @factory.post_generation
    def options(self, create: bool, named: tuple[str, ...] | None, **_: object) -> None:
        assert isinstance(self, models.Question)
        if self.kind in models.Question.WITH_OPTIONS:
            for number, text in enumerate(named or ("保育園", "公園"), 1):
                models.Option.objects.create(question=self, number=number, text=text)
