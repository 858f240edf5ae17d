"""The least valid row of each table of voting advice; everybody in them is made up."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from tests.accounts.factories import UserFactory
from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory, UpcomingElectionFactory
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PolicyAreaFactory
from tsushinbo.advice import models
from tsushinbo.elections.models import Contest, Election
from tsushinbo.people.models import Office, Politician

MADE_AT = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
POLLING_ON = date(2026, 12, 20)


class QuestionnaireFactory(DjangoModelFactory[models.Questionnaire]):
    """A published one without statements, for an election whose day is not known."""

    class Meta:
        model = models.Questionnaire

    election = factory.SubFactory(UpcomingElectionFactory)
    title = "市政への10の質問"
    introduction = "見本の編集者が、市の計画から選びました。"
    made_by = factory.SubFactory(UserFactory)
    made_at = MADE_AT
    published_by = factory.SelfAttribute("made_by")
    published_at = MADE_AT


class DraftFactory(QuestionnaireFactory):
    """One that only editors see, for the House of Representatives."""

    election = None
    office = Office.REPRESENTATIVES
    published_by = None
    published_at = None


class StatementFactory(DjangoModelFactory[models.Statement]):
    class Meta:
        model = models.Statement

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    position = factory.Sequence(lambda n: n + 1)
    topic = factory.SubFactory(PolicyAreaFactory, code="childcare", name="子育て")
    text = factory.LazyAttribute(lambda row: f"見本の施策{row.position}を進めるべきだ。")
    background = "いまは見本の条例で決めています。"
    changed_at = MADE_AT


class AnswerFactory(DjangoModelFactory[models.Answer]):
    """One that the politician's own account gave."""

    class Meta:
        model = models.Answer

    statement = factory.SubFactory(StatementFactory)
    politician = factory.SubFactory(PoliticianFactory)
    stance = models.Stance.AGREE
    by_owner = True
    author = factory.SubFactory(UserFactory)
    state = models.Answer.State.APPROVED
    made_at = changed_at = submitted_at = MADE_AT


def asked(statements: int = 10, **options: Any) -> models.Questionnaire:
    """A published questionnaire with statements."""
    made = QuestionnaireFactory.create(**options)
    for position in range(1, statements + 1):
        StatementFactory.create(questionnaire=made, position=position)
    return made


def mayoral(**options: Any) -> tuple[Contest, models.Questionnaire]:
    """A mayor's election on POLLING_ON, announced on 2026-12-13, with one contest and its questionnaire."""
    election: Election = ElectionFactory.create(
        name="見本市長選挙", level=Election.Level.MUNICIPAL, office=Office.MAYOR, polling_on=POLLING_ON.isoformat(),
        announced_on=date(2026, 12, 13), upcoming=True,
    )  # fmt: skip
    return ContestFactory.create(election=election, name="見本市"), asked(election=election, **options)


def standing(contest: Contest, given: str, kana: str) -> Politician:
    """A candidate 見本 with a page here."""
    person = PoliticianFactory.create(given_name=given, given_kana=kana)
    CandidacyFactory.create(contest=contest, politician=person, name=person.name)
    return person


def answers(questionnaire: models.Questionnaire, person: Politician, code: str, **options: Any) -> None:
    """Let a politician answer in the form of the page's own code: 4 賛成 … 0 反対, d 答えない, - nothing."""
    stances = {str(place): stance for stance, place in models.PLACES.items()} | {"d": models.Stance.DECLINED}
    for statement, sign in zip(questionnaire.statements.order_by("position"), code, strict=False):
        if sign != "-":
            AnswerFactory.create(statement=statement, politician=person, stance=stances[sign], **options)
