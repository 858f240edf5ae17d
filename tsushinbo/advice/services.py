"""Writes of questionnaires and of what politicians answer. The questionnaire is locked first, so that no statement changes while somebody answers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.advice.errors import (
    LEAST,
    MOST,
    AlreadyAsked,
    AlreadyPublished,
    AnswersClosed,
    AnswersMoved,
    AnswersWait,
    Frozen,
    NotAnAssembly,
    NotAnEditor,
    NotAsked,
    NothingGiven,
    NotSpokenFor,
    OwnAnswerStands,
    OwnSide,
    TooFewStatements,
    TooManyStatements,
)
from tsushinbo.advice.models import Answer, AnswerRevision, Questionnaire, Stance, Statement, StatementRevision
from tsushinbo.advice.queries.answers import seen_token, takes_answers
from tsushinbo.advice.queries.people import ASSEMBLIES, is_asked, is_editor, is_own_side, members
from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import hold_of
from tsushinbo.elections.rules import Rule
from tsushinbo.moderation.services import refuse_banned
from tsushinbo.people.models import Area, Politician
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.models import PolicyArea

State = Answer.State


def make_questionnaire(
    *,
    election: Election | None,
    office: str = "",
    area: Area | None = None,
    title: str,
    introduction: str,
    by: User,
    at: datetime,
) -> Questionnaire:
    """Begin a draft for an election, or for the assembly of ``office`` in ``area``.

    Raises NotAnEditor, OwnSide, AlreadyAsked and NotAnAssembly.
    """
    made = Questionnaire(
        election=election, office=office, area=area, title=title, introduction=introduction, made_by=by, made_at=at
    )
    if election is None and (office not in ASSEMBLIES or not members(made).exists()):
        raise NotAnAssembly
    _must_edit(made, by)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise AlreadyAsked from None
    return made


def change_questionnaire(
    *, questionnaire: Questionnaire, title: str, introduction: str, by: User, at: datetime
) -> Questionnaire:
    """Give a draft another title and introduction. Raises NotAnEditor, OwnSide and AlreadyPublished."""
    with transaction.atomic():
        locked = _lock_draft(questionnaire, by)
        locked.title, locked.introduction = title, introduction
        locked.save(update_fields=["title", "introduction"])
        return locked


def drop_draft(*, questionnaire: Questionnaire, by: User) -> None:
    """Throw a draft away. Raises NotAnEditor, OwnSide and AlreadyPublished."""
    with transaction.atomic():
        _lock_draft(questionnaire, by).delete()


def add_statement(
    *, questionnaire: Questionnaire, topic: PolicyArea, text: str, background: str, by: User, at: datetime
) -> Statement:
    """Put a statement at the end of a draft. Raises NotAnEditor, OwnSide, AlreadyPublished and TooManyStatements."""
    with transaction.atomic():
        locked = _lock_draft(questionnaire, by)
        last = locked.statements.aggregate(last=Max("position"))["last"] or 0
        if last >= MOST:
            raise TooManyStatements
        return Statement.objects.create(
            questionnaire=locked, position=last + 1, topic=topic, text=text, background=background, changed_at=at
        )


def change_statement(
    *, statement: Statement, topic: PolicyArea, text: str, background: str, by: User, at: datetime
) -> Statement:
    """Give a statement other words, as long as nobody answered; those that were public stay on record.

    Raises NotAnEditor, OwnSide and Frozen.
    """
    with transaction.atomic():
        locked = _lock(statement.questionnaire_id, by)
        if locked.frozen_at is not None:
            raise Frozen
        row = locked.statements.get(pk=statement.pk)
        if (row.topic_id, row.text, row.background) == (topic.pk, text, background):
            return row
        if locked.published_at is not None:
            StatementRevision.objects.create(
                statement=row, number=row.revisions.count() + 1, topic_id=row.topic_id, text=row.text,
                background=row.background, replaced_at=at, replaced_by=by,
            )  # fmt: skip
        row.topic, row.text, row.background, row.changed_at = topic, text, background, at
        row.save()
        return row


def move_statement(*, statement: Statement, by: User) -> None:
    """Let a statement of a draft change places with the one before it. Raises NotAnEditor, OwnSide and AlreadyPublished."""
    with transaction.atomic():
        locked = _lock_draft(statement.questionnaire, by)
        row = locked.statements.get(pk=statement.pk)
        before = locked.statements.filter(position__lt=row.position).order_by("-position").first()
        if before is None:
            return
        place, row.position = row.position, before.position
        # One place cannot hold two, not even for a moment.
        Statement.objects.filter(pk=before.pk).update(position=MOST + 1)
        row.save(update_fields=["position"])
        Statement.objects.filter(pk=before.pk).update(position=place)


def remove_statement(*, statement: Statement, by: User) -> None:
    """Take a statement out of a draft and let the others move up. Raises NotAnEditor, OwnSide and AlreadyPublished."""
    with transaction.atomic():
        locked = _lock_draft(statement.questionnaire, by)
        locked.statements.filter(pk=statement.pk).delete()
        for place, row in enumerate(locked.statements.order_by("position"), start=1):
            if row.position != place:
                row.position = place
                row.save(update_fields=["position"])


def publish(*, questionnaire: Questionnaire, by: User, at: datetime) -> Questionnaire:
    """Show a draft to everybody, and let those who are asked answer. Raises NotAnEditor, OwnSide, AlreadyPublished and TooFewStatements."""
    with transaction.atomic():
        locked = _lock_draft(questionnaire, by)
        if locked.statements.count() < LEAST:
            raise TooFewStatements
        locked.published_at, locked.published_by = at, by
        locked.save(update_fields=["published_at", "published_by"])
        return locked


@dataclass(frozen=True)
class Given:
    """An answer as it is handed in."""

    stance: Stance
    reason: str = ""


@dataclass(frozen=True)
class Source:
    """Where an answer was published that an editor copies."""

    title: str
    url: str
    on: date


def give_answers(
    *,
    questionnaire: Questionnaire,
    politician: Politician,
    author: User,
    given: Mapping[int, Given],
    source: Source | None = None,
    seen: str,
    at: datetime,
) -> int:
    """Record what a politician answers, by the id of the statement; return how many answers are new or differ. Earlier ones stay on record.

    Without ``source`` the author speaks for the politician; with it an editor copies what was published there. Statements left out of ``given``
    stay as they are. seen: what queries.answers.seen_token said when the form was made. The first answer of anybody freezes the statements.
    Raises NotSpokenFor, NotAnEditor, OwnSide, NotAsked, AnswersClosed, AnswersWait, AnswersMoved, OwnAnswerStands, NothingGiven, moderation's
    Banned and accounts.services.TooMany.
    """
    with transaction.atomic():
        refuse_banned(account=author, at=at)
        count_use({f"advice:{author.pk}": settings.RATE_REPLIES_PER_ACCOUNT}, at=at)
        locked = _lock(questionnaire.pk)
        _must_answer(locked, politician, author, source, at)
        known = {
            answer.statement_id: answer
            for answer in Answer.objects.filter(politician=politician, statement__questionnaire=locked)
        }
        if seen_token(known.values()) != seen:
            raise AnswersMoved
        changed = 0
        for statement in locked.statements.filter(pk__in=given):
            one = known.get(statement.pk) or Answer(statement=statement, politician=politician, made_at=at)
            changed += _answer(one, given[statement.pk], author, source, at)
        if not changed:
            raise NothingGiven
        if locked.frozen_at is None:
            locked.frozen_at = at
            locked.save(update_fields=["frozen_at"])
        return changed


def _must_answer(
    questionnaire: Questionnaire, politician: Politician, author: User, source: Source | None, at: datetime
) -> None:
    if source is None:
        if not speaks_for(author, politician):
            raise NotSpokenFor
    else:
        _must_edit(questionnaire, author)
    if not is_asked(questionnaire, politician):
        raise NotAsked
    if not takes_answers(questionnaire, at):
        raise AnswersClosed
    hold = hold_of(politician.pk, at)
    if hold is not None and Rule.FREEZE in hold.rules:
        raise AnswersWait


def _answer(answer: Answer, given: Given, author: User, source: Source | None, at: datetime) -> bool:
    """Write one answer where it is new or differs; tell whether it did."""
    is_new = answer._state.adding
    where = (source.title, source.url, source.on) if source else ("", "", None)
    # An office that sends the form anew makes a copied answer its own only by changing it.
    if not is_new and (answer.stance, answer.reason) == (given.stance, given.reason):
        return False
    if not is_new:
        if answer.by_owner and source is not None:
            raise OwnAnswerStands
        AnswerRevision.of(answer, answer.revisions.count() + 1, at).save()
    if is_new:
        answer.state, answer.submitted_at = State.APPROVED, at
    elif given.reason != answer.reason:
        _look_again(answer, given.reason, at)
    answer.stance, answer.reason = given.stance, given.reason
    answer.source_title, answer.source_url, answer.source_on = where
    answer.by_owner, answer.author, answer.changed_at = source is None, author, at
    answer.save(force_insert=is_new)
    return True


def _look_again(answer: Answer, reason: str, at: datetime) -> None:
    """Other words are looked at anew: after they are public, but before it where moderators had hidden the last ones."""
    if answer.state != State.APPROVED:
        if not reason:
            # Nothing is shown either way, and what is written next must not be public for having been empty.
            return
        answer.state = State.PENDING
    answer.submitted_at = at
    answer.decided_at = answer.decided_by = None
    answer.decision_reason = answer.decision_note = ""


def _must_edit(questionnaire: Questionnaire, by: User) -> None:
    if not is_editor(by):
        raise NotAnEditor
    if is_own_side(questionnaire, by):
        raise OwnSide


def _lock(pk: int, by: User | None = None) -> Questionnaire:
    locked = Questionnaire.objects.select_for_update(of=("self",)).get(pk=pk)
    if by is not None:
        _must_edit(locked, by)
    return locked


def _lock_draft(questionnaire: Questionnaire, by: User) -> Questionnaire:
    locked = _lock(questionnaire.pk, by)
    if locked.published_at is not None:
        raise AlreadyPublished
    return locked
