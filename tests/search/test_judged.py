"""The order of what is found on the bundled data, as a hundred judged queries tell it, does not get worse."""

from statistics import fmean

import pytest

from bench.judged import RECORDED, measure, ndcg, queries
from tsushinbo.importers.run import import_bundle
from tsushinbo.search.services import catch_up


@pytest.mark.django_db
@pytest.mark.any_database
def test_the_mean_over_the_judged_queries_does_not_fall() -> None:
    import_bundle()
    catch_up()
    measured = measure()
    worst = {query.typed: round(value, 2) for query, value in measured.items() if value < 1}
    assert round(fmean(measured.values()), 4) >= RECORDED, worst


def test_there_are_a_hundred_queries_with_grades_from_one_to_three() -> None:
    judged = queries()
    assert len({query.typed for query in judged}) == len(judged) == 100
    assert {grade for query in judged for grade in query.grades.values()} == {1, 2, 3}


def test_the_best_order_is_worth_one_and_a_later_place_less() -> None:
    grades = {"a": 3, "b": 1}
    assert ndcg(["a", "b"], grades) == 1
    assert ndcg([], grades) == ndcg(["x"] * 10 + ["a"], grades) == 0
    # 7 / log2(3) + 1 / log2(2) of 7 / log2(2) + 1 / log2(3)
    assert ndcg(["b", "a"], grades) == pytest.approx(0.7098, abs=1e-4)
