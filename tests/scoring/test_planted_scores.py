"""What is planted is found again: orders, true values within their intervals, true places within their ranges."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import spearmanr

from tests.scoring.planted import SITES, Planted, plant
from tsushinbo.scoring import betabinomial, ranks
from tsushinbo.scoring.batch import Run, run
from tsushinbo.scoring.method import DIMENSIONS, METHOD
from tsushinbo.scoring.shares import Z, wilson

pytestmark = pytest.mark.any_database

QUICK = replace(METHOD, scores=replace(METHOD.scores, draws=400))


@cache
def site(name: str) -> list[tuple[Planted, Run]]:
    alike, ballots, pledges, politicians = SITES[name]
    seeds = range(8 if politicians < 100 else 2)
    drawn = [plant(seed, politicians, alike=alike, ballots=ballots, pledges=pledges) for seed in seeds]
    return [(planted, run(planted.tallies, planted.owners, QUICK)) for planted in drawn]


@pytest.mark.parametrize("n", [10, 30, 300])
def test_the_interval_shown_of_a_share_holds_the_true_share(n: int) -> None:
    random = np.random.default_rng(n)
    share = random.beta(3, 4, 100_000)
    low, high = wilson(random.binomial(n, share), np.full(share.size, n))
    assert 0.93 <= np.mean((low <= share) & (share <= high)) <= 0.97


@pytest.mark.parametrize("n", [0, 1, 3, 10, 30, 300])
def test_the_posterior_of_a_share_holds_the_true_share(n: int) -> None:
    random = np.random.default_rng(n)
    share = random.beta(3, 4, 20_000)
    ballots = np.rint(np.exp(random.normal(np.log(10), 1, share.size))).astype(int)
    ballots[:5_000] = n
    positive = random.binomial(ballots, share)
    value, variance = betabinomial.fit(positive, ballots).posterior(positive[:5_000], ballots[:5_000])
    assert 0.93 <= np.mean(np.abs(value - 100 * share[:5_000]) <= Z * np.sqrt(variance)) <= 0.97


def test_shrinking_orders_better_than_the_raw_share() -> None:
    """The measured table of 800 items with few ballots, 20 seeds: order, error, top 50, small n at the top, 90% intervals."""
    kept: dict[str, list[float]] = {name: [] for name in ("gain", "error", "found", "small", "inside", "inside few")}
    for seed in range(20):
        random = np.random.default_rng(seed)
        share = random.beta(3, 4, 800)
        n = np.maximum(1, np.rint(np.exp(random.normal(np.log(10), 1.55, 800)))).astype(int)
        positive = random.binomial(n, share)
        value, variance = betabinomial.fit(positive, n).posterior(positive, n)
        raw, true = 100 * positive / n, 100 * share
        kept["gain"].append(spearmanr(value, true)[0] - spearmanr(raw, true)[0])
        kept["error"].append(np.sqrt(np.mean((value - true) ** 2) / np.mean((raw - true) ** 2)))
        kept["found"].append(np.isin(np.argsort(-value)[:50], np.argsort(-true)[:50]).mean())
        kept["small"].append(np.mean(n[np.argsort(-value)[:20]] <= 3))
        inside = np.abs(value - true) <= 1.644854 * np.sqrt(variance)
        kept["inside"].append(inside.mean())
        kept["inside few"].append(inside[n <= 5].mean())
    mean = {name: np.mean(values) for name, values in kept.items()}
    assert mean["gain"] >= 0.06
    assert mean["error"] <= 0.60
    assert mean["found"] >= 0.40
    assert mean["small"] <= 0.05
    assert 0.87 <= mean["inside"] <= 0.93
    assert 0.87 <= mean["inside few"] <= 0.93


@pytest.mark.parametrize("name", SITES)
def test_intervals_of_totals_hold_the_true_totals(name: str) -> None:
    inside = []
    for planted, result in site(name):
        members = result.totals.members()
        inside += list((np.abs(result.totals.value - planted.totals) <= Z * result.totals.error)[members])
    assert 0.92 <= np.mean(inside) <= 0.985


@pytest.mark.parametrize("name", SITES)
def test_intervals_of_each_dimension_hold_what_an_owner_is_worth(name: str) -> None:
    for number, dimension in enumerate(DIMENSIONS):
        inside = []
        for planted, result in site(name):
            one = result.totals.estimates[number]
            true = np.bincount(planted.owner, planted.truth[number]) / np.bincount(planted.owner)
            inside += list(np.abs(one.value - true) <= Z * one.error)
        assert 0.91 <= np.mean(inside) <= 0.985, dimension


@pytest.mark.parametrize("name", SITES)
def test_ranges_of_places_hold_the_true_places(name: str) -> None:
    inside = []
    for planted, result in site(name):
        ranking = next(one for one in result.rankings if (one.kind, one.population) == ("deviation", "all"))
        members = np.sort(ranking.rows)
        true = ranks.places(planted.totals[members])[np.searchsorted(members, ranking.rows)]
        inside += list((ranking.low <= true) & (true <= ranking.high))
    assert np.mean(inside) >= 0.92


@pytest.mark.parametrize("name", SITES)
def test_intervals_of_deviation_scores_hold_the_true_ones(name: str) -> None:
    inside = []
    for planted, result in site(name):
        one = result.populations[0]
        truth = planted.totals[one.members]
        deviation = 50 + 10 * (truth - truth.mean()) / truth.std()
        inside += list((one.low <= deviation) & (deviation <= one.high))
    assert np.mean(inside) >= 0.95


@pytest.mark.parametrize("name", [name for name in SITES if name != "a young site"])
def test_the_estimated_spread_is_the_true_spread(name: str) -> None:
    """Values are drawn to the mean, so 標準偏差 lies below the true spread; what the scale says of it must not."""
    scales = [
        (result.populations[0].scale, planted.totals[result.populations[0].members].std())
        for planted, result in site(name)
    ]
    assert all(scale.sd < scale.spread for scale, _ in scales)
    assert np.mean([scale.spread / true for scale, true in scales]) == pytest.approx(1, abs=0.17)


def test_on_dense_data_deviation_scores_are_the_true_ones() -> None:
    planted = plant(5, 60, ballots=1500, pledges=4)
    one = run(planted.tallies, planted.owners, QUICK).populations[0]
    truth = planted.totals[one.members]
    assert one.deviation.mean() == pytest.approx(50)
    assert one.deviation.std() == pytest.approx(10)
    assert np.sqrt(np.mean((one.deviation - (50 + 10 * (truth - truth.mean()) / truth.std())) ** 2)) < 0.8
    assert one.scale.reliability > 0.98
