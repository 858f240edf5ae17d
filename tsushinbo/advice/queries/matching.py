"""The page on which a visitor answers: the statements, who answered what, and, for an answer that came by a form, how far they agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tsushinbo.advice.models import PLACES, Answer, Questionnaire, Stance, Statement
from tsushinbo.advice.queries.answers import statements_of, takes_answers
from tsushinbo.advice.queries.people import Asked, Person, asked_in, contests_of
from tsushinbo.advice.queries.questionnaires import is_off, stays_on
from tsushinbo.elections.models import Contest
from tsushinbo.elections.queries import holds
from tsushinbo.elections.rules import Rule, RuleText, in_force
from tsushinbo.scoring.agreement import DOUBLE, Agreement, agreement

# How a place, or none, is written in the page for the script.
NONE = "-"


@dataclass(frozen=True)
class Mine:
    """What a visitor answered, for the time of one answer: places by the id of the statement, and those that count double."""

    places: Mapping[int, int]
    doubled: frozenset[int]
    by_agreement: bool = False


@dataclass(frozen=True)
class Row:
    """One of those who are asked, with the own answers by the id of the statement. ``held``: stands in a campaign, so nothing is worked out."""

    person: Person
    answers: Mapping[int, Answer]
    statements: Sequence[Statement]
    held: bool
    agreement: Agreement | None = None

    @property
    def places(self) -> list[int | None]:
        """Where each answer lies, in the order of the statements."""
        found = (self.answers.get(statement.pk) for statement in self.statements)
        return [answer.place if answer else None for answer in found]

    @property
    def code(self) -> str:
        """The places for the script: 40-13."""
        return "".join(NONE if place is None else str(place) for place in self.places)

    @property
    def width(self) -> int:
        """How wide the range is, in percentage points."""
        return self.agreement.high - self.agreement.low if self.agreement is not None else 0

    @property
    def placed(self) -> int:
        """How many statements can be compared."""
        return sum(place is not None for place in self.places)


@dataclass(frozen=True)
class Position:
    """What one person answered to one statement."""

    row: Row
    answer: Answer


@dataclass(frozen=True)
class Question:
    """A statement with everybody's answers, in neutral order, and those of whom none is known. ``mine`` is the visitor's stance, None where skipped."""

    statement: Statement
    positions: list[Position]
    silent: list[Row]
    mine: Stance | None = None
    doubled: bool = False

    @property
    def mine_place(self) -> int | None:
        """Where the visitor's stance lies on the scale."""
        return PLACES.get(self.mine) if self.mine is not None else None


@dataclass(frozen=True)
class MatchPage:
    """Everything on the page. ``contest`` is None until one of several is chosen; ``off`` is the rule that has it off."""

    questionnaire: Questionnaire
    statements: list[Statement]
    contests: list[Contest]
    contest: Contest | None
    asked: Asked
    rows: list[Row]
    off: RuleText | None
    open: bool
    stays_on: bool
    mine: Mine | None = None
    _stances: Mapping[int, Stance] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether it is known whom to compare."""
        return self.questionnaire.election_id is None or self.contest is not None

    @property
    def answering(self) -> list[Row]:
        """Who answered anything, in neutral order."""
        return [row for row in self.rows if row.answers]

    @property
    def silent(self) -> list[Row]:
        """Who answered nothing, in neutral order."""
        return [row for row in self.rows if not row.answers]

    @property
    def ordered(self) -> list[Row]:
        """Those who answered, in neutral order or, where the visitor asked for it, by agreement.

        By the low end of the range, so that who leaves statements out gains nothing by it; who cannot be placed comes last.
        """
        if self.mine is None or not self.mine.by_agreement:
            return self.answering
        return sorted(self.answering, key=_rank)

    @property
    def questions(self) -> list[Question]:
        """The statements with everybody's answers."""
        return [
            Question(
                statement,
                [Position(row, row.answers[statement.pk]) for row in self.answering if statement.pk in row.answers],
                [row for row in self.answering if statement.pk not in row.answers],
                self._stances.get(statement.pk),
                doubled=self.mine is not None and statement.pk in self.mine.doubled,
            )
            for statement in self.statements
        ]


def _rank(row: Row) -> int:
    return -row.agreement.low if row.agreement is not None and row.agreement.shown else 1


def match_page(
    questionnaire: Questionnaire, at: datetime, *, contest_id: int | None = None, mine: Mine | None = None
) -> MatchPage:
    """Read the page of a published questionnaire; eight queries at most, of which two are of election mode and kept for some seconds. Nothing is worked out of ``mine`` where election mode has it off."""
    contests = contests_of(questionnaire)
    contest = next((one for one in contests if one.pk == contest_id), None)
    if contest_id is None and len(contests) == 1:
        contest = contests[0]
    statements = statements_of(questionnaire)
    asked = asked_in(questionnaire, contest)
    off = in_force().rules[Rule.ADVICE] if is_off(questionnaire, at) else None
    if off is not None:
        mine = None
    rows = _rows(asked.people, statements, at, mine)
    return MatchPage(
        questionnaire=questionnaire,
        statements=statements,
        contests=contests,
        contest=contest,
        asked=asked,
        rows=rows,
        off=off,
        open=takes_answers(questionnaire, at),
        stays_on=stays_on(),
        mine=mine,
        _stances={pk: _stance(place) for pk, place in mine.places.items()} if mine else {},
    )


def _stance(place: int) -> Stance:
    return next(stance for stance, its in PLACES.items() if its == place)


def _rows(people: Sequence[Person], statements: list[Statement], at: datetime, mine: Mine | None) -> list[Row]:
    ids = [person.politician_id for person in people if person.politician_id is not None]
    given: dict[int, dict[int, Answer]] = {}
    found = Answer.objects.filter(politician__in=ids, statement__in=[statement.pk for statement in statements])
    for answer in found if ids and statements else ():
        given.setdefault(answer.politician_id, {})[answer.statement_id] = answer
    held = {} if stays_on() else holds(ids, at)
    rows = []
    for person in people:
        pk = person.politician_id or 0
        is_held = pk in held and Rule.ADVICE in held[pk].rules
        row = Row(person, given.get(pk, {}), statements, is_held)
        rows.append(_compared(row, mine) if mine is not None and not is_held else row)
    return rows


def _compared(row: Row, mine: Mine) -> Row:
    places = [mine.places.get(statement.pk) for statement in row.statements]
    weights = [DOUBLE if statement.pk in mine.doubled else 1 for statement in row.statements]
    found = agreement(places, row.places, weights)
    return Row(row.person, row.answers, row.statements, row.held, found)
