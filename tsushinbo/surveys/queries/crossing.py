"""Cross-tables (クロス集計) of two questions of a survey that closed.

They could point at a person, so a table is shown only where no number in it, or to be worked out from it, is between 1 and 4 or an unexpected 0. What
can be worked out: the single results state how many chose each option and how many answered at all, so the cells of those who left one
question out follow by subtraction. These are therefore part of the table (無回答), and where any cell of the whole table is below five, nothing of it
is shown: no cell is hidden alone, so none can be found from the sums. Options that nobody chose are left out; that is known from the single results.
While answers come in there is none at all: two tables, one answer apart, would tell what that one said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from tsushinbo.surveys.models import SCALE, Count, Question
from tsushinbo.surveys.queries.surveys import Shown

LEAST = 5
Kind = Question.Kind
# Each answer is in one row and one column; with several options chosen the cells would not add up.
CROSSED = (Kind.SINGLE, Kind.SCALE)
NO_ANSWER = 0
TOGETHER = """
    SELECT a.number, b.number, COUNT(*) FROM surveys_answer a JOIN surveys_answer b ON b.question_id = %s AND b.voter = a.voter
    WHERE a.question_id = %s GROUP BY a.number, b.number
"""

type Cells = dict[tuple[int, int], int]


@dataclass(frozen=True)
class Cross:
    """A table. ``rows`` are names with their counts by column and their sum; None: it would tell too much."""

    first: Question
    second: Question
    heads: list[str]
    rows: list[tuple[str, list[int], int]] | None
    sums: list[int]
    n: int


def crossed_questions(shown: Shown) -> list[Question]:
    """The questions that can be laid over each other."""
    return [question for question in shown.questions if question.kind in CROSSED]


def cross(shown: Shown, first: Question, second: Question) -> Cross:
    """Lay two questions of a closed survey over each other. Two queries, once in a process."""
    # One order for both directions: they are one table.
    low, high = sorted((first, second), key=lambda question: question.number)
    cells = publishable(*_counted(shown.survey.pk, low.pk, high.pk))
    if cells is not None and low is second:
        cells = {(column, row): count for (row, column), count in cells.items()}
    if cells is None:
        return Cross(first, second, [], None, [], shown.survey.responses)
    names, heads = _names(shown, first), _names(shown, second)
    rows = sorted({row for row, _ in cells}, key=_last_no_answer)
    columns = sorted({column for _, column in cells}, key=_last_no_answer)
    return Cross(
        first,
        second,
        [heads[column] for column in columns],
        [
            (names[row], [cells[row, column] for column in columns], sum(cells[row, one] for one in columns))
            for row in rows
        ],
        [sum(cells[row, column] for row in rows) for column in columns],
        sum(cells.values()),
    )


def publishable(together: Cells, first: dict[int, int], second: dict[int, int], everybody: int) -> Cells | None:
    """The whole table with those who left a question out, or None where a cell is below LEAST.

    together: how many chose row and column; first, second: how many chose each row and each column; everybody: how many responded.
    """
    rows, columns = ([number for number, count in one.items() if count] for one in (first, second))
    cells = {(row, column): together.get((row, column), 0) for row in rows for column in columns}
    for row in rows:
        cells[row, NO_ANSWER] = first[row] - sum(cells[row, column] for column in columns)
    for column in columns:
        cells[NO_ANSWER, column] = second[column] - sum(cells[row, column] for row in rows)
    cells[NO_ANSWER, NO_ANSWER] = everybody - sum(cells.values())
    # Where everybody answered a question there is no such row or column: that too is known from the single results.
    kept = {key: count for key, count in cells.items() if not _is_empty(key, first, second, everybody)}
    if len({row for row, _ in kept}) < 2 or len({column for _, column in kept}) < 2:
        return None
    return kept if all(count >= LEAST for count in kept.values()) else None


def _is_empty(key: tuple[int, int], first: dict[int, int], second: dict[int, int], everybody: int) -> bool:
    row, column = key
    return (row == NO_ANSWER and sum(first.values()) == everybody) or (
        column == NO_ANSWER and sum(second.values()) == everybody
    )


# What is read is of a survey that closed, so that it does not change any more.
@lru_cache(maxsize=256)
def _counted(survey: int, first: int, second: int) -> tuple[Cells, dict[int, int], dict[int, int], int]:
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, [second, first])
        together = {(row, column): count for row, column, count in cursor.fetchall()}
    single: dict[int, dict[int, int]] = {first: {}, second: {}}
    counts = Count.objects.filter(question__in=(first, second)).exclude(number=0)
    for question, number, count in counts.values_list("question", "number", "count"):
        single[question][number] = count
    everybody = Question.objects.values_list("survey__responses", flat=True).get(pk=first)
    return together, single[first], single[second], everybody


def forget() -> None:
    """Count anew at the next call, for tests."""
    _counted.cache_clear()


def _names(shown: Shown, question: Question) -> dict[int, str]:
    return {NO_ANSWER: "無回答", **dict(_named(shown, question))}


def _named(shown: Shown, question: Question) -> Iterator[tuple[int, str]]:
    if question.kind == Kind.SCALE:
        labels = {1: question.low, 5: question.high}
        yield from ((point, f"{point} {labels.get(point, '')}".rstrip()) for point in SCALE)
    else:
        yield from ((option.number, option.text) for option in shown.options.get(question.pk, ()))


def _last_no_answer(number: int) -> tuple[bool, int]:
    return number == NO_ANSWER, number
