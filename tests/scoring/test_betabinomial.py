"""Shares drawn to the mean of all: the fit against the plain likelihood, the posterior by hand, and what little data may claim."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom

from tsushinbo.scoring.betabinomial import SharePrior, fit
from tsushinbo.scoring.method import METHOD

pytestmark = pytest.mark.any_database

KNOWN = SharePrior(mean=0.5, concentration=6, mean_variance=0, log_concentration_variance=0, pledges=1)


def planted(seed: int, pledges: int, ballots: float = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positive ballots, ballots and true shares of pledges drawn from Beta(3, 4)."""
    random = np.random.default_rng(seed)
    n = np.rint(np.exp(random.normal(np.log(ballots), 1, pledges))).astype(int)
    share = random.beta(3, 4, pledges)
    return random.binomial(n, share), n, share


def test_seven_of_ten_by_hand() -> None:
    value, variance = KNOWN.posterior(7, 10)
    assert value == 62.5
    assert variance == pytest.approx(10_000 * 0.625 * 0.375 / 17)
    assert KNOWN.chance(62.5, 10) == pytest.approx(100**2 * (10 / 16) ** 2 * (0.625 * 0.375 * 16 / 17) / 10)
    assert KNOWN.reliability(10) == 0.625


def test_a_pledge_without_ballots_sits_at_the_mean_with_the_spread_of_all() -> None:
    value, variance = KNOWN.posterior(0, 0)
    assert value == KNOWN.centre == 50
    assert variance == pytest.approx(KNOWN.between) == pytest.approx(10_000 * 0.25 / 7)


def test_many_pledges_tell_what_they_were_drawn_from() -> None:
    found = fit(*planted(1, 20_000)[:2])
    assert found.alpha == pytest.approx(3, rel=0.06)
    assert found.beta == pytest.approx(4, rel=0.06)


@pytest.mark.parametrize(("seed", "pledges"), [(1, 5), (2, 40), (3, 800)])
def test_the_fit_is_the_most_likely_by_the_plain_law(seed: int, pledges: int) -> None:
    positive, n, _ = planted(seed, pledges)
    found = fit(positive, n)
    positive, n = np.append(positive, 1), np.append(n, 2)

    def loss(logit: float, log_s: float) -> float:
        mean, s = 1 / (1 + np.exp(-logit)), np.exp(log_s)
        likelihood = float(betabinom.logpmf(positive, n, mean * s, (1 - mean) * s).sum())
        return 0.5 * (log_s - np.log(10)) ** 2 - likelihood

    at = np.log(found.mean / (1 - found.mean)), np.log(found.concentration)
    best = loss(*at)
    for step in (0.02, -0.02):
        assert loss(at[0] + step, at[1]) > best
        assert loss(at[0], at[1] + step) > best
    # How well both are known: the curvature there, by differences.
    h = 1e-3
    corner = {(i, j): loss(at[0] + i * h, at[1] + j * h) for i in (-1, 0, 1) for j in (-1, 0, 1)}
    mm = (corner[1, 0] - 2 * best + corner[-1, 0]) / h**2
    ss = (corner[0, 1] - 2 * best + corner[0, -1]) / h**2
    ms = (corner[1, 1] - corner[1, -1] - corner[-1, 1] + corner[-1, -1]) / (4 * h**2)
    variance = np.linalg.inv([[mm, ms], [ms, ss]])
    assert found.mean_variance == pytest.approx(variance[0, 0] * (found.mean * (1 - found.mean)) ** 2, rel=1e-3)
    assert found.log_concentration_variance == pytest.approx(variance[1, 1], rel=1e-3)


def test_without_ballots_nothing_is_claimed() -> None:
    nothing = fit([], [])
    assert nothing == fit([0, 0], [0, 0])
    assert nothing.mean == pytest.approx(0.5)
    assert 5 < nothing.concentration < 20
    value, variance = nothing.posterior(0, 0)
    assert value == pytest.approx(50)
    assert 1.96 * np.sqrt(variance) > 40


def test_one_good_ballot_moves_little_and_claims_little() -> None:
    found = fit([1], [1])
    value, variance = found.posterior(1, 1)
    assert 50 < value < 80
    assert 1.96 * np.sqrt(variance) > 30


def test_the_concentration_stays_within_its_bounds() -> None:
    low, high = METHOD.scores.concentration
    assert fit([0, 100] * 500, [100, 100] * 500).concentration == pytest.approx(low)
    assert fit([500] * 5000, [1000] * 5000).concentration == pytest.approx(high)


def test_more_positive_than_ballots_is_refused() -> None:
    with pytest.raises(ValueError, match="0 <= positive <= n"):
        fit([3], [2])


def test_one_loud_pledge_is_counted_like_any_other() -> None:
    """Few distinct large numbers take another way through the code than many small ones."""
    positive, n, _ = planted(4, 300)
    plain = fit(np.append(positive, 600_000), np.append(n, 1_000_000))
    assert plain.mean == pytest.approx(fit(positive, n).mean, abs=0.01)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=30),
    st.randoms(),
)
def test_the_order_of_pledges_changes_no_bit(pledges: list[tuple[int, int]], random: Random) -> None:
    shuffled = list(pledges)
    random.shuffle(shuffled)
    assert fit(*zip(*pledges, strict=True)) == fit(*zip(*shuffled, strict=True))


@settings(deadline=None)
@given(
    st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.floats(0.02, 0.98),
    st.floats(2, 200),
)
def test_one_more_good_ballot_never_lowers_support(ballots: tuple[int, int], mean: float, concentration: float) -> None:
    positive, n = ballots
    prior = SharePrior(mean, concentration, 0, 0, 1)
    assert (
        prior.posterior(positive + 1, n + 1)[0] > prior.posterior(positive, n)[0] > prior.posterior(positive, n + 1)[0]
    )


@pytest.mark.parametrize("pledges", [1, 3, 10, 30])
def test_few_pledges_do_not_overclaim(pledges: int) -> None:
    """The plain fit's intervals hold 39, 60, 81 and 92% of the truth at these sizes."""
    inside = []
    for seed in range(max(60, 300 // pledges)):
        positive, n, share = planted(seed, pledges)
        value, variance = fit(positive, n).posterior(positive, n)
        inside += list(np.abs(value - 100 * share) <= 1.96 * np.sqrt(variance))
    assert 0.92 <= np.mean(inside) <= 0.99
