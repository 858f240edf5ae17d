"""The total of an owner: by hand, without data, and with what goes together."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.scoring.planted import Planted, plant
from tsushinbo.scoring import assessments, betabinomial, composite
from tsushinbo.scoring.assessments import RatingPrior
from tsushinbo.scoring.betabinomial import SharePrior
from tsushinbo.scoring.composite import Estimate, Judged, Sums
from tsushinbo.scoring.method import DIMENSIONS, METHOD, SHARES

pytestmark = pytest.mark.any_database

HALF = SharePrior(mean=0.5, concentration=10, mean_variance=0, log_concentration_variance=0, pledges=9)
RATINGS = RatingPrior(
    mean=50, kappa=10, within=400, mean_variance=0, between_variance=0, within_variance=0, widening=1, pledges=9
)


def judged(positive: list[int], n: list[int], owner: list[int]) -> Judged:
    rows, whose, many = (np.array(column, dtype=np.int32) for column in (range(len(n)), owner, n))
    return Judged(rows, whose, many, HALF.value(positive, n))


def sums(positive: list[int], n: list[int], owner: list[int], owners: int = 1) -> Sums:
    return Sums.of(judged(positive, n, owner), HALF, owners)


def of(value: float, error: float) -> Estimate:
    one = np.array([value])
    return Estimate(one, np.array([error]), np.array([10]), one, one, one)


def test_a_total_by_hand() -> None:
    value, error = composite.total([of(70, 5), *(of(50, 5) for _ in range(5))], np.eye(6))
    assert value == [54]
    assert error == pytest.approx([5 * np.sqrt(0.2)], abs=1e-6)


def test_errors_that_go_together_add_up() -> None:
    alike = composite.total([of(50, 5) for _ in range(6)], np.ones((6, 6)))
    assert alike[1] == pytest.approx([5])


def test_the_weights_are_the_published_ones() -> None:
    assert dict(zip(DIMENSIONS, METHOD.scores.weights, strict=True)) == {
        "support": 0.20,
        "clarity": 0.10,
        "feasibility": 0.10,
        "sincerity": 0.10,
        "progress": 0.20,
        "achievement": 0.30,
    }
    assert sum(METHOD.scores.weights) == pytest.approx(1)


def test_two_pledges_by_hand() -> None:
    """8 of 10: value 65, w 1/2, r 1/2. 30 of 30: value 87.5, w 3/4, r 3/4. Not alike: c = 1."""
    added = sums([8, 30], [10, 30], [0, 0])
    assert (added.n[0], added.pledges[0], added.weight[0]) == (40, 2, 1.25)
    found = composite.estimate(added, HALF, 0.0, [2])
    assert found.value[0] == pytest.approx((0.5 * 65 + 0.75 * 87.5) / 1.25)
    assert found.stretch[0] == 1
    # hidden: τ²(1/P - 2R/P + Σw²r²/(Σw)²), τ² = 2500/11, R = (0.25 + 0.5625)/1.25.
    kept = 0.8125 / 1.25
    assert found.hidden[0] == pytest.approx(2500 / 11 * (0.5 - kept + (0.25**2 + 0.5625**2) / 1.25**2))
    chance = (0.5**2 * HALF.chance(65, 10) + 0.75**2 * HALF.chance(87.5, 30)) / 1.25**2
    assert found.error[0] == pytest.approx(np.sqrt(found.hidden[0] + chance), abs=1e-6)


def test_pledges_that_are_alike_speak_for_each_other() -> None:
    """Two pledges of r = 1/2 and ρ = 1/2: c = (1 + 1/2)/(1 + 1/4) = 1.2."""
    added = sums([8, 8], [10, 10], [0, 0])
    found = composite.estimate(added, HALF, 0.5, [2])
    assert found.stretch[0] == pytest.approx(1.2)
    assert found.value[0] == pytest.approx(50 + 1.2 * 15)
    # With equal n the error is √c times that of pledges that are not alike, in their common part: c(1 - r)τ²/2 in all but the level.
    level = HALF.chance(65, 10) / (0.25 * 2500 / 11)
    assert found.chance[0] == pytest.approx(1.2**2 * 0.25 * 2500 / 11 / 2 * level)
    assert found.hidden[0] + found.chance[0] / level == pytest.approx(1.2 * 0.5 * 2500 / 11 / 2)


def test_a_single_pledge_is_not_stretched() -> None:
    assert composite.estimate(sums([8], [10], [0]), HALF, 0.9, [1]).stretch[0] == 1


def test_one_loud_pledge_counts_at_most_twice_one_of_ten_ballots() -> None:
    ten, very_many = composite.weights([10, 100_000])
    assert ten == 0.5
    assert 0.999 < very_many < 1


@pytest.mark.parametrize("alike", [0.0, 0.6])
def test_without_data_an_owner_takes_the_mean_and_the_widest_interval(alike: float) -> None:
    added = sums([50, 5], [100, 10], [0, 1], 3)
    found = composite.estimate(added, HALF, alike, [1, 1, 1])
    assert found.value[2] == HALF.centre
    assert found.error[2] ** 2 == pytest.approx(HALF.between, abs=1e-3)
    assert found.error[0] < found.error[1] < found.error[2]
    assert found.n.tolist() == [100, 10, 0]


def test_pledges_not_judged_leave_more_open() -> None:
    added = sums([8, 8], [100, 100], [0, 1], 2)
    found = composite.estimate(added, HALF, 0.2, [1, 5])
    assert found.value[0] == found.value[1]
    assert found.error[0] < found.error[1]


def test_a_rating_prior_serves_like_a_share_prior() -> None:
    one = Judged(*(np.array([one], dtype=np.int32) for one in (0, 0, 10)), RATINGS.value([800], [10]))
    found = composite.estimate(Sums.of(one, RATINGS, 1), RATINGS, 0.3, [1])
    assert found.value[0] == 65
    assert found.error[0] == pytest.approx(np.sqrt(400 / 20))


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.6])
def test_how_alike_pledges_are_is_found_again(alike: float) -> None:
    planted = plant(5, 1200, alike=alike)
    for number in (0, 5):
        prior = priors(planted)[number]
        one = Judged.of(prior, planted.tallies, planted.owner, number)
        found = composite.resemblance(Sums.of(one, prior, planted.owners.id.size), prior)
        assert found == pytest.approx(alike, abs=0.06)


def test_few_pledges_do_not_tell_how_alike_they_are() -> None:
    """Two owners, each with two pledges 20 points from the mean: by themselves they would be as alike as can be."""
    added = sums([9, 9, 1, 1], [10, 10, 10, 10], [0, 0, 1, 1], 2)
    assert composite.resemblance(added, HALF) == pytest.approx(
        (2 * 800 + 20 * 0.3 * 2500 / 11) / ((20 + 2 * 0.5) * 2500 / 11)
    )


def test_dimensions_go_together_as_planted_and_are_taken_for_alike_before() -> None:
    planted = plant(5, 300)
    every = [Judged.of(prior, planted.tallies, planted.owner, number) for number, prior in enumerate(priors(planted))]
    found = composite.correlations(every, priors(planted))
    assert np.array_equal(found, found.T)
    assert np.all(np.diag(found) == 1)
    assert 0.2 < found[0, 1] < 0.5
    nothing = composite.correlations([judged([], [], [])] * 6, [HALF] * 6)
    assert nothing[0, 1] == pytest.approx(0.3)


def test_threads_change_no_bit_of_how_dimensions_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composite, "_BLOCK", 64)
    planted = plant(6, 300)
    every = [Judged.of(prior, planted.tallies, planted.owner, number) for number, prior in enumerate(priors(planted))]
    alone = composite.correlations(every, priors(planted))
    with ThreadPoolExecutor(4) as pool:
        assert np.array_equal(alone, composite.correlations(every, priors(planted), pool=pool))


def priors(planted: Planted) -> list[composite.Prior]:
    """The six priors of planted tallies."""
    tallies = planted.tallies
    shares = [betabinomial.fit(tallies.positive[i], tallies.n[i]) for i in range(len(SHARES))]
    return [*shares, *(assessments.fit(tallies.total[i], tallies.squares[i], tallies.ratings[i]) for i in range(2))]
