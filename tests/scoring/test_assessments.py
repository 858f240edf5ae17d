"""0-100 ratings drawn to the mean of all: by hand, against the plain sums, and what their intervals hold."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, norm

from tests.scoring.planted import expected_rating
from tsushinbo.scoring import assessments
from tsushinbo.scoring.assessments import RatingPrior, fit
from tsushinbo.scoring.method import METHOD
from tsushinbo.scoring.shares import Z

pytestmark = pytest.mark.any_database

KNOWN = RatingPrior(
    mean=50, kappa=5, within=400, mean_variance=0, between_variance=0, within_variance=0, widening=1, pledges=9
)
Sums = tuple[np.ndarray, np.ndarray, np.ndarray]


def sums(ratings: list[list[int]]) -> Sums:
    """Σx, Σx² and n of each pledge's ratings."""
    return (
        np.array([sum(one) for one in ratings], dtype=np.int64),
        np.array([sum(x * x for x in one) for one in ratings], dtype=np.int64),
        np.array([len(one) for one in ratings], dtype=np.int64),
    )


def planted(
    seed: int, pledges: int, centre: float = 55, between: float = 9, within: float = 20.75
) -> tuple[Sums, np.ndarray]:
    """Ratings cut at 0 and 100 with their true means; about six a pledge, few or many."""
    random = np.random.default_rng(seed)
    n = np.maximum(1, np.rint(np.exp(random.normal(np.log(6), 1, pledges)))).astype(int)
    middle = random.normal(centre, between, pledges)
    where = np.repeat(np.arange(pledges), n)
    ratings = np.clip(np.rint(random.normal(middle[where], within)), 0, 100).astype(np.int64)
    total, squares = (np.bincount(where, column, pledges).astype(np.int64) for column in (ratings, ratings**2))
    return (total, squares, n), expected_rating(middle, within)


def test_five_ratings_of_80_by_hand() -> None:
    value, variance = KNOWN.posterior(400, 5)
    assert (value, variance) == (65, 40)
    assert KNOWN.reliability(5) == 0.5
    assert KNOWN.chance(65, 5) == 0.25 * 400 / 5


def test_the_moments_by_hand() -> None:
    """Two pledges of two ratings: σ² is pooled with two degrees of freedom of the usual 25²."""
    found = fit(*sums([[10, 30], [70, 90]]))
    assert found.within == pytest.approx((200 + 200 + 2 * 625) / 4)
    assert found.mean == pytest.approx(50)
    # Paule and Mandel: (20 - 50)² + (80 - 50)² = 1800 = τ² + σ²/2, so τ² = 1593.75 and κ = 0.26, below its bound.
    assert found.kappa == METHOD.scores.kappa[0]


def test_kappa_solves_the_moment_equation() -> None:
    (total, squares, n), _ = planted(1, 400)
    found = fit(total, squares, n)
    weights = 1 / (found.between + found.within / n)
    assert found.mean == pytest.approx(np.sum(weights * total / n) / np.sum(weights))
    assert np.sum(weights * (total / n - found.mean) ** 2) == pytest.approx(n.size - 1)


def test_without_assessments_nothing_is_claimed() -> None:
    nothing = fit([], [], [])
    assert nothing == fit([0], [0], [0])
    value, variance = nothing.posterior(0, 0)
    assert value == 50
    assert Z * np.sqrt(variance) > 40


@pytest.mark.parametrize("rating", [0, 100])
def test_one_assessment_claims_little(rating: int) -> None:
    found = fit([rating], [rating**2], [1])
    value, variance = found.posterior(rating, 1)
    assert 0 <= value <= 100
    assert Z * np.sqrt(variance) > 40


def test_people_of_one_mind_still_leave_some_doubt() -> None:
    found = fit(*sums([[50] * 30] * 40))
    assert found.kappa == METHOD.scores.kappa[1]
    assert found.within > 0
    assert found.posterior(1500, 30)[1] > 0


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(0, 100), max_size=12), min_size=1, max_size=25), st.randoms())
def test_the_order_of_pledges_changes_no_bit(ratings: list[list[int]], random: Random) -> None:
    shuffled = list(ratings)
    random.shuffle(shuffled)
    assert fit(*sums(ratings)) == fit(*sums(shuffled))


@settings(deadline=None)
@given(st.integers(0, 300), st.floats(0, 1), st.floats(2, 50), st.floats(0, 100))
def test_a_value_lies_between_the_raw_mean_and_the_mean_of_all(n: int, level: float, kappa: float, mean: float) -> None:
    total = round(100 * n * level)
    value = float(RatingPrior(mean, kappa, 400, 0, 0, 0, 1, 1).posterior(total, n)[0])
    raw = total / n if n else mean
    assert min(raw, mean) - 1e-9 <= value <= max(raw, mean) + 1e-9


def held(total: np.ndarray, squares: np.ndarray, n: np.ndarray, truth: np.ndarray, level: float) -> np.ndarray:
    value, variance = fit(total, squares, n).posterior(total, n)
    return np.abs(value - truth) <= norm.ppf((1 + level) / 2) * np.sqrt(variance)


def test_intervals_of_many_pledges_hold_what_they_say() -> None:
    inside = {0.95: [], 0.90: []}
    for seed in range(20):
        columns, truth = planted(seed, 800)
        for level, found in inside.items():
            found.append(held(*columns, truth, level).mean())
    assert np.mean(inside[0.95]) == pytest.approx(0.95, abs=0.01)
    assert np.mean(inside[0.90]) == pytest.approx(0.90, abs=0.01)


@pytest.mark.parametrize("pledges", [1, 3, 10, 20, 50])
@pytest.mark.parametrize("centre", [55, 85])
def test_intervals_of_few_pledges_hold_no_less(pledges: int, centre: float) -> None:
    """With the fit taken for exact they hold 79, 86, 90 and 93% at 5, 10, 20 and 50 pledges."""
    inside = []
    for seed in range(max(60, 600 // pledges)):
        columns, truth = planted(seed, pledges, centre)
        inside += list(held(*columns, truth, 0.95))
    assert 0.93 <= np.mean(inside) <= 1


def test_intervals_hold_where_opinions_differ_in_spread() -> None:
    """Pledges on which most say 0 to 20, a few are torn: the law of ratings is far from normal."""
    inside = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        n = np.maximum(1, np.rint(np.exp(random.normal(np.log(6), 1, 200)))).astype(int)
        share = random.beta(1.5, 6, 200)
        where = np.repeat(np.arange(200), n)
        ratings = np.rint(100 * beta.rvs(3 * share[where], 3 * (1 - share[where]), random_state=random)).astype(
            np.int64
        )
        total, squares = (np.bincount(where, column, 200).astype(np.int64) for column in (ratings, ratings**2))
        inside += list(held(total, squares, n, 100 * share, 0.95))
    assert 0.93 <= np.mean(inside) <= 0.97


def test_shrinking_beats_the_raw_mean() -> None:
    raw, shrunken = [], []
    for seed in range(10):
        (total, squares, n), truth = planted(seed, 800)
        raw.append(np.sqrt(np.mean((total / n - truth) ** 2)))
        shrunken.append(np.sqrt(np.mean((fit(total, squares, n).posterior(total, n)[0] - truth) ** 2)))
    assert np.mean(shrunken) < 0.6 * np.mean(raw)


def test_counting_classes_in_a_table_gives_the_bytes_of_sorting_them(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings, _ = planted(11, 3_000)
    counted = fit(*ratings)
    monkeypatch.setattr(assessments, "_MOST_COUNTED", 0)
    assert fit(*ratings) == counted
