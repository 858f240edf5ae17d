"""Taking an answer (回答). One a voter and survey; it can be changed until the survey closes, and the latest counts.

Locks are taken in one order: the counters of use, the survey, its rows. The survey is locked because its questions may be changed until the first
answer is there; who answers the same survey at the same moment waits for one small transaction.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from tsushinbo.accounts.models import User
from tsushinbo.evaluations.services.limits import count_voters_use
from tsushinbo.moderation.services import refuse_banned
from tsushinbo.surveys.errors import AnsweredMeanwhile, AnswerRefused, PopularityVote, SurveyClosed, WordingChanged
from tsushinbo.surveys.models import Answer, FreeAnswer, Question, Response, Survey
from tsushinbo.surveys.queries.surveys import Shown, own_answers, shown
from tsushinbo.surveys.said import NOTHING, Said, Sheet, faults_of, keys

type Key = tuple[int, int, int]

# Both databases know these forms; a check of the column refuses a count below nothing, so what falls is written apart from what rises.
COUNT_UP = """
    INSERT INTO surveys_count (question_id, number, place, count) VALUES {rows}
    ON CONFLICT (question_id, number, place) DO UPDATE SET count = surveys_count.count + 1
"""
COUNT_DOWN = "UPDATE surveys_count SET count = count - 1 WHERE (question_id, number, place) IN (VALUES {rows})"


def answer_survey(
    *,
    survey: Survey,
    voter: int,
    said: Sheet,
    wording: int,
    seen: str | None = None,
    network: str | None = None,
    account: User | None = None,
    at: datetime,
) -> Response:
    """Record what a voter says to a survey, in place of what they said before, and move the counts with it.

    said: by the number of each question. wording: the number of the questions as they were read. seen: the mark of the answer that the form was
    filled in with, "" for none; None takes the place of whatever is there. network: what the voter's network is counted under. account: who is logged in, if anybody; it is asked whether it is banned from writing, and is not stored.
    Texts wait for approval; one that was changed waits again. Raises SurveyClosed, WordingChanged, AnsweredMeanwhile, AnswerRefused,
    PopularityVote,
    accounts.services.TooMany, and moderation's Banned for a new text of who may write none.
    """
    with transaction.atomic():
        count_voters_use(voter, network, at)
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        if not locked.takes_answers(at):
            raise SurveyClosed
        if locked.wording != wording:
            raise WordingChanged
        asked = shown(locked)
        if held := asked.held(at):
            raise PopularityVote(held)
        if seen is not None:
            _refuse_unseen(asked, voter, said, seen)
        _check(asked, said)
        response, new = Response.objects.get_or_create(
            survey=locked, voter=voter, defaults={"answered_at": at, "changed_at": at}
        )
        before = {} if new else own_answers(asked.questions, voter)
        changed = [
            question
            for question in asked.questions
            if said.get(question.number, NOTHING) != before.get(question.number, NOTHING)
        ]
        if changed:
            _write(changed, voter, before, said, network, account, at)
            _move(changed, before, said)
        if new:
            Survey.objects.filter(pk=locked.pk).update(responses=locked.responses + 1)
        elif changed:
            Response.objects.filter(survey=locked, voter=voter).update(changed_at=at)
            response.changed_at = at
        return response


def _refuse_unseen(asked: Shown, voter: int, said: Sheet, seen: str) -> None:
    """Let no form take the place of an answer that did not stand in it. The same answer once more, as by a double tap, takes nothing away."""
    there = Response.objects.filter(survey=asked.survey, voter=voter).first()
    if there is None or there.mark == seen:
        return
    before = own_answers(asked.questions, voter)
    if any(said.get(one.number, NOTHING) != before.get(one.number, NOTHING) for one in asked.questions):
        raise AnsweredMeanwhile


def _check(asked: Shown, said: Sheet) -> None:
    faults = {
        question.field: fault
        for question in asked.questions
        if (fault := faults_of(question, asked.numbers(question), said.get(question.number, NOTHING)))
    }
    if not faults and not any(said.get(question.number) for question in asked.questions):
        faults = {asked.questions[0].field: "どの設問にも答えがありません。1つ以上に答えてください。"}
    if faults:
        raise AnswerRefused(faults)


def _write(
    changed: Collection[Question],
    voter: int,
    before: Sheet,
    said: Sheet,
    network: str | None,
    account: User | None,
    at: datetime,
) -> None:
    """Write what changed; questions that are answered as before keep their rows, and texts their approval."""
    old = [question.pk for question in changed if before.get(question.number, NOTHING).chosen]
    if old:
        Answer.objects.filter(question__in=old, voter=voter).delete()
    Answer.objects.bulk_create(
        Answer(question=question, voter=voter, number=number, place=place)
        for question in changed
        for number, place in sorted(said.get(question.number, NOTHING).chosen)
    )
    waiting = {
        "state": FreeAnswer.State.PENDING,
        "submitted_at": at,
        "decided_at": None,
        "decided_by": None,
        "decision_reason": "",
        "decision_note": "",
    }
    for question in (question for question in changed if question.kind == Question.Kind.TEXT):
        text = said.get(question.number, NOTHING).text
        if not text:
            FreeAnswer.objects.filter(question=question, voter=voter).delete()
            continue
        refuse_banned(account=account, network=network or "", at=at)
        FreeAnswer.objects.update_or_create(question=question, voter=voter, defaults={"text": text, **waiting})


def _move(changed: Collection[Question], before: Sheet, said: Sheet) -> None:
    """Move the counts by the difference: two statements, whatever was answered by how many."""
    old: set[Key] = set().union(*(keys(question.pk, before.get(question.number, NOTHING)) for question in changed))
    new: set[Key] = set().union(*(keys(question.pk, said.get(question.number, NOTHING)) for question in changed))
    move_counts(old - new, new - old)


def move_counts(fall: Collection[Key], rise: Collection[Key]) -> None:
    """Take one away from some counts, and add one to others."""
    with connection.cursor() as cursor:
        for statement, row, moved in ((COUNT_DOWN, "(%s, %s, %s)", fall), (COUNT_UP, "(%s, %s, %s, 1)", rise)):
            if moved:
                values = [value for key in sorted(moved) for value in key]
                cursor.execute(statement.format(rows=", ".join([row] * len(moved))), values)


__all__ = ["Said", "answer_survey", "move_counts"]
