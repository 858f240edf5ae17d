"""偏差値 and its histogram: hand-counted examples, and the laws of a scale."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsushinbo.scoring.deviation import Scale, Unplaced, deviation_scores
from tsushinbo.scoring.histogram import histogram

pytestmark = pytest.mark.any_database

# Whole hundredths, far enough apart that rounding does not decide an order.
values = st.lists(st.integers(0, 10_000).map(lambda n: n / 100), min_size=2, max_size=60).filter(
    lambda one: len(set(one)) > 1
)


def test_three_values_counted_by_hand() -> None:
    assert deviation_scores([2, 4, 6]).round(2).tolist() == [37.75, 50.0, 62.25]


def test_equal_values_have_no_deviation_score() -> None:
    assert np.isnan(deviation_scores([0.1] * 7)).all()
    assert Scale.of([0.1] * 30, least=20).reason is Unplaced.ALIKE


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        deviation_scores([1, float("nan")])


def test_nineteen_members_are_too_few_and_twenty_are_enough() -> None:
    assert Scale.of(range(19), least=20).reason is Unplaced.FEW
    assert np.isnan(Scale.of(range(19), least=20).place(5))
    scale = Scale.of(range(20), least=20)
    assert scale.reason is None
    assert scale.place(9.5) == 50


def test_nobody_is_a_population_without_a_scale() -> None:
    scale = Scale.of([], least=20)
    assert (scale.members, scale.reason, scale.reliability) == (0, Unplaced.FEW, 0)
    assert Scale.of([], least=0).reason is Unplaced.ALIKE


def test_the_true_spread_is_what_shows_and_what_is_unknown_together() -> None:
    scale = Scale.of([40, 60] * 10, [5.0] * 20, least=20)
    assert scale.sd == 10
    assert scale.spread == pytest.approx(np.sqrt(125))
    assert scale.reliability == pytest.approx(0.8)


@settings(deadline=None)
@given(values)
def test_the_mean_is_50_and_the_standard_deviation_10(given_values: list[float]) -> None:
    scores = deviation_scores(given_values)
    assert scores.mean() == pytest.approx(50)
    assert scores.std() == pytest.approx(10)


@settings(deadline=None)
@given(values)
def test_the_order_is_kept(given_values: list[float]) -> None:
    scores = deviation_scores(given_values)
    for value, score in zip(given_values, scores, strict=True):
        assert [other < value for other in given_values] == [other < score - 1e-9 for other in scores]


@settings(deadline=None)
@given(values, st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_neither_the_unit_nor_a_constant_matters(given_values: list[float], unit: float, constant: float) -> None:
    changed = [unit * value + constant for value in given_values]
    assert deviation_scores(changed) == pytest.approx(deviation_scores(given_values), abs=1e-5)


def test_bins_hold_their_lower_end_and_the_outer_ones_all_beyond() -> None:
    counted = histogram([19, 20, 24.9, 25, 50, 79.9, 80, 95, float("nan")])
    assert counted.counts == (3, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3)
    assert counted.bins[0] == (20, 25, 3)
    assert counted.bins[-1] == (75, 80, 3)


@settings(deadline=None)
@given(st.lists(st.floats(-50, 150), max_size=80))
def test_every_member_is_in_one_bin(scores: list[float]) -> None:
    counted = histogram(scores)
    assert sum(counted.counts) == len(scores)
    for number, (_, _, count) in enumerate(counted.bins):
        assert count == sum(counted.bin_of(score) == number for score in scores)
