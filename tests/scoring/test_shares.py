"""Shares of ballots and their 95% interval."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.scoring.shares import MINIMUM, Share, wilson

counts = st.integers(0, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("positive", "n", "low", "high"),
    [
        # Worked out apart, with 30 digits, as (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n).
        (7, 10, 0.396778147, 0.892208733),
        (154, 214, 0.655979067, 0.775527408),
        (1, 1, 0.206549314, 1.0),
        (0, 10, 0.0, 0.277532800),
    ],
)
def test_the_interval_is_that_of_wilson(positive: int, n: int, low: float, high: float) -> None:
    assert wilson(positive, n) == pytest.approx((low, high), abs=1e-8)


def test_without_a_ballot_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(counts)
def test_the_interval_holds_the_share_and_stays_between_0_and_1(count: tuple[int, int]) -> None:
    positive, n = count
    low, high = wilson(positive, n)
    assert 0 <= low <= (positive / n if n else 0.5) <= high <= 1


@given(counts)
def test_the_interval_of_those_against_is_the_mirror_image(count: tuple[int, int]) -> None:
    positive, n = count
    low, high = wilson(positive, n)
    assert wilson(n - positive, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(st.lists(counts, min_size=1, max_size=20))
def test_arrays_give_what_single_numbers_give(many: list[tuple[int, int]]) -> None:
    low, high = wilson(np.array([k for k, _ in many]), np.array([n for _, n in many]))
    assert [*zip(low.tolist(), high.tolist(), strict=True)] == [wilson(k, n) for k, n in many]


@pytest.mark.parametrize(("positive", "n"), [(-1, 3), (4, 3), (1, 0)])
def test_impossible_counts_are_refused(positive: int, n: int) -> None:
    with pytest.raises(ValueError, match="0 <= positive <= n"):
        wilson(positive, n)


def test_a_share_is_shown_from_ten_ballots_on() -> None:
    few, enough = Share(7, MINIMUM - 1), Share(7, MINIMUM)
    assert (few.shown, few.missing) == (False, 1)
    assert (enough.shown, enough.missing) == (True, 0)
    assert (enough.percent, round(enough.low, 1), round(enough.high, 1)) == (70.0, 39.7, 89.2)
    assert enough.width == pytest.approx(enough.high - enough.low)


def test_a_share_without_ballots_is_zero_of_an_unknown_size() -> None:
    nothing = Share(0, 0)
    assert (nothing.percent, nothing.low, nothing.high, nothing.missing) == (0.0, 0.0, 100.0, MINIMUM)
