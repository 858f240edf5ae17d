"""What is shown of the answers: counts, intervals, cross-tables that point at nobody, and the file."""

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.surveys.conftest import NOW
from tests.surveys.factories import QuestionFactory, SurveyFactory
from tests.surveys.test_answering import ALL, answer
from tsushinbo.scoring.scales import scale
from tsushinbo.scoring.shares import wilson
from tsushinbo.spreadsheets import safe_cell
from tsushinbo.surveys.models import FreeAnswer, Question, Survey
from tsushinbo.surveys.queries import results_of, shown
from tsushinbo.surveys.queries.crossing import LEAST, NO_ANSWER, cross, publishable
from tsushinbo.surveys.said import Said
from tsushinbo.surveys.table import table


def chosen(*numbers: int) -> Said:
    return Said(frozenset((number, 0) for number in numbers))


def test_every_number_has_its_count_and_interval(survey: Survey, settings: Any) -> None:
    for voter in range(12):
        answer(survey, voter=voter, said={**ALL, 1: chosen(1 if voter < 9 else 2)})
    one, several, ranked, points, text = results_of(shown(survey))
    assert (one.n, one.enough, [row.share.positive for row in one.rows]) == (12, True, [9, 3])
    assert (one.rows[0].share.low, one.rows[0].share.high) == tuple(100 * end for end in wilson(9, 12))
    assert [row.share.positive for row in several.rows] == [12, 0, 12]
    assert [(row.share.positive, row.mean_place, row.placed) for row in ranked.rows] == [
        (0, 2.0, 12),
        (12, 1.0, 12),
        (0, None, 0),
    ]
    assert points.mean == scale([0, 0, 0, 12, 0])
    assert (text.n, text.texts, text.public_texts) == (12, [], 0)


def test_below_the_minimum_there_are_counts_alone(survey: Survey) -> None:
    for voter in range(9):
        answer(survey, voter=voter, said={1: chosen(1)})
    one = results_of(shown(survey))[0]
    assert (one.enough, one.missing, one.rows[0].share.positive) == (False, 1, 9)


def test_texts_are_shown_once_approved(survey: Survey, django_assert_num_queries: Any) -> None:
    for voter in range(7):
        answer(survey, voter=voter, said={5: Said(text=f"意見{voter}")}, at=NOW + timedelta(seconds=voter))
    FreeAnswer.objects.exclude(voter=3).update(state=FreeAnswer.State.APPROVED)
    one = shown(survey)
    with django_assert_num_queries(2):
        text = results_of(one)[4]
    assert [row.text for row in text.texts] == ["意見0", "意見1", "意見2", "意見4", "意見5"]
    assert (text.n, text.public_texts) == (7, 6)


@given(counts=st.lists(st.integers(0, 500), min_size=5, max_size=5).filter(any))
def test_the_interval_of_a_mean_holds_it_and_stays_on_the_scale(counts: list[int]) -> None:
    one = scale(counts)
    assert 1 <= one.low <= one.mean <= one.high <= 5
    assert one.low < one.high
    more = scale([4 * count for count in counts])
    assert more.high - more.low < one.high - one.low


# Cross-tables


ANSWERS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=200)
# Whole tables, most of whose cells are large enough: rows, columns, and how many in each cell.
GRIDS = st.tuples(st.sampled_from([(0, 1, 2), (1, 2), (1, 2, 3)]), st.sampled_from([(0, 1, 2), (1, 2)])).flatmap(
    lambda sides: st.fixed_dictionaries(
        {(row, column): st.sampled_from([*range(5, 9)] * 8 + [0, 4]) for row in sides[0] for column in sides[1]}
    )
)


def crossed(pairs: list[tuple[int, int]]) -> tuple[Any, Counter[tuple[int, int]]]:
    both = Counter((row, column) for row, column in pairs if row and column)
    first, second = Counter(row for row, _ in pairs if row), Counter(column for _, column in pairs if column)
    return publishable(dict(both), dict(first), dict(second), len(pairs)), Counter(pairs)


@given(pairs=ANSWERS | GRIDS.map(lambda cells: list(Counter(cells).elements())))
def test_nothing_below_five_can_be_read_or_worked_out(pairs: list[tuple[int, int]]) -> None:
    """Whatever is known from the single results and the table together: all cells, those of who left a question out too."""
    cells, truth = crossed(pairs)
    if cells is None:
        return
    first, second = Counter(row for row, _ in pairs), Counter(column for _, column in pairs)
    for row in {*first, NO_ANSWER}:
        for column in {*second, NO_ANSWER}:
            # What nobody chose, or nobody left out, is known from the single results.
            if first[row] and second[column]:
                assert cells[row, column] == truth[row, column] >= LEAST
    assert sum(cells.values()) == len(pairs)


def test_one_small_cell_hides_the_whole_table() -> None:
    whole = [(1, 1)] * 9 + [(1, 2)] * 8 + [(2, 1)] * 7 + [(2, 2)] * 5
    assert crossed(whole)[0] == {(1, 1): 9, (1, 2): 8, (2, 1): 7, (2, 2): 5}
    assert crossed(whole[:-1])[0] is None
    # Somebody left the second question out: by subtraction the table would tell what they said to the first.
    assert crossed([*whole, (1, NO_ANSWER)])[0] is None


def test_a_table_is_the_same_from_both_sides(db: None) -> None:
    survey = SurveyFactory.create()
    first = QuestionFactory.create(survey=survey, number=1, options=("保育園", "公園"))
    second = QuestionFactory.create(survey=survey, number=2, kind=Question.Kind.SCALE)
    pairs = [(1, 2)] * 5 + [(1, 4)] * 6 + [(2, 2)] * 7 + [(2, 4)] * 8
    for voter, (one, two) in enumerate(pairs):
        answer(survey, voter=voter, said={1: chosen(one), 2: chosen(two)})
    survey.refresh_from_db()
    table = cross(shown(survey), first, second)
    assert (table.heads, table.rows) == (["2", "4"], [("保育園", [5, 6], 11), ("公園", [7, 8], 15)])
    assert (table.sums, table.n) == ([12, 14], 26)
    turned = cross(shown(survey), second, first)
    assert (turned.heads, turned.rows) == (["保育園", "公園"], [("2", [5, 7], 12), ("4", [6, 8], 14)])


# The file


@pytest.mark.parametrize("text", ["=1+1", "+81", "-cmd", "@SUM(A1)", "＝1+1", "＠x", "\t=1", " =1", "　＝1", "\n=1"])
def test_no_text_is_worked_out_as_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["保育園", "1=1", "-1.5", "12", "", "a@b.example"])
def test_other_text_and_numbers_stay(text: str) -> None:
    assert safe_cell(text) == text


def test_the_file_says_where_it_comes_from(survey: Survey) -> None:
    question = Question.objects.get(survey=survey, number=1)
    question.options.filter(number=1).update(text="=HYPERLINK(1)")
    for voter in range(10):
        answer(survey, voter=voter, said={1: chosen(1), 4: chosen(5)})
    survey.refresh_from_db()
    file = io.StringIO()
    csv.writer(file).writerows(
        table(survey, results_of(shown(survey)), address="https://example.jp/surveys/1/", at=NOW)
    )
    rows = list(csv.reader(io.StringIO(file.getvalue())))
    assert {len(row) for row in rows} == {20}
    for row in rows[1:]:
        said = dict(zip(rows[0], row, strict=True))
        assert said["出典"] == "先生の通信簿 https://example.jp/surveys/1/"
        assert said["ライセンス"].startswith("CC BY 4.0")
        assert said["集計の日時"] == "2026-11-24 12:00 (Asia/Tokyo)"
    assert rows[1][:9] == ["1", question.text, "1つ選ぶ", "'=HYPERLINK(1)", "選んだ人", "10", "10", "100.0", "72.2"]
