"""What politicians answered: for their own form, for readers of the history, and for whoever downloads an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.advice.models import Answer, AnswerRevision, Questionnaire, Statement, StatementRevision
from tsushinbo.elections.queries import is_decided
from tsushinbo.people.models import Office, Politician, Term
from tsushinbo.people.queries import NATIONAL


def takes_answers(questionnaire: Questionnaire, at: datetime) -> bool:
    """Whether answers may be given or changed: it is public and the polls are not closed. An assembly answers as long as it sits."""
    if questionnaire.published_at is None:
        return False
    return questionnaire.election is None or not is_decided(questionnaire.election, at)


def seen_token(answers: Iterable[Answer]) -> str:
    """Which answers a form was made with: the moment of their last change, "" where there are none."""
    return max((answer.changed_at.isoformat() for answer in answers), default="")


def answers_of(questionnaire: Questionnaire, politician: Politician) -> dict[int, Answer]:
    """A politician's answers by the id of the statement. One query."""
    rows = Answer.objects.filter(politician=politician, statement__questionnaire=questionnaire)
    return {answer.statement_id: answer for answer in rows}


@dataclass(frozen=True)
class Request:
    """A questionnaire that a politician is asked to answer. ``answered`` of ``statements``; ``open``: whether it takes answers now."""

    questionnaire: Questionnaire
    politician: Politician
    statements: int
    answered: int
    open: bool

    @property
    def url(self) -> str:
        """Where it is answered."""
        return reverse("advice:answer", args=[self.questionnaire.pk, self.politician.pk])


def requests_to(politician: Politician, at: datetime) -> list[Request]:
    """The questionnaires that a politician is asked to answer, the newest first. Two queries, however many there are."""
    stands = Q(election__contests__candidacies__politician=politician)
    terms = Term.objects.filter(politician=politician, running=True).values_list("office", "area", "prefecture")
    for office, area, prefecture in terms:
        # The Diet sits for the whole country.
        place = prefecture if office == Office.PREFECTURAL_ASSEMBLY else area
        stands |= Q(office=office, area=None if office in NATIONAL else place)
    rows = (
        Questionnaire.objects.filter(stands, published_at__isnull=False)
        .select_related("election", "area")
        .annotate(
            asks=Count("statements", distinct=True),
            given=Count("statements__answers", filter=Q(statements__answers__politician=politician), distinct=True),
        )
        .order_by("-published_at", "pk")
    )
    return [Request(row, politician, row.asks, row.given, open=takes_answers(row, at)) for row in rows]


@dataclass(frozen=True)
class History:
    """Everything of a questionnaire that was public once and is no longer, the newest first."""

    statements: list[StatementRevision]
    answers: list[AnswerRevision]


def history_of(questionnaire: Questionnaire) -> History:
    """Earlier wordings and earlier answers. Two queries. A reason is left out where moderators hid the politician's words to that statement."""
    wordings = StatementRevision.objects.filter(statement__questionnaire=questionnaire)
    earlier = AnswerRevision.objects.filter(answer__statement__questionnaire=questionnaire)
    return History(
        list(wordings.select_related("statement", "topic").order_by("-replaced_at", "pk")),
        list(earlier.select_related("answer__statement", "answer__politician").order_by("-replaced_at", "pk")),
    )


def answered_counts(questionnaires: Iterable[Questionnaire]) -> dict[int, int]:
    """How many politicians answered anything of each questionnaire, by its id. One query."""
    rows = Answer.objects.filter(statement__questionnaire__in=list(questionnaires)).order_by()
    counted = rows.values_list("statement__questionnaire").annotate(people=Count("politician", distinct=True))
    return dict(counted)


def statements_of(questionnaire: Questionnaire) -> list[Statement]:
    """The statements in their order, with the topic. One query."""
    return list(questionnaire.statements.select_related("topic").order_by("position"))


def exported(user: User) -> list[dict[str, Any]]:
    """Everything the site keeps of answers that an account gave or copied, for its owner."""
    rows = Answer.objects.filter(author=user).select_related("statement").order_by("made_at", "pk")
    return [
        {
            "politician": addresses.encode(row.politician_id),
            "statement": row.statement.text,
            "stance": row.stance,
            "reason": row.reason,
            "by_owner": row.by_owner,
            "source_url": row.source_url,
            "state": row.state,
            "decision_reason": row.decision_reason,
            "decision_note": row.decision_note,
            "made_at": row.made_at,
            "changed_at": row.changed_at,
        }
        for row in rows
    ]
