"""What intervals hold of a planted truth: as computed, and by the plain formulas that take everything for known and independent.

Plain: the fitted law taken for exact; a total's variance Σ weight² Σw²v/(Σw)², pledges and dimensions taken for unrelated.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scoring.planted import SITES, Planted, expected_rating, plant
from tsushinbo.scoring import assessments, betabinomial, ranks
from tsushinbo.scoring.batch import run
from tsushinbo.scoring.composite import Judged, weights
from tsushinbo.scoring.method import DIMENSIONS, METHOD
from tsushinbo.scoring.shares import Z

QUICK = replace(METHOD, scores=replace(METHOD.scores, draws=400))
Floats = NDArray[np.float64]


def main() -> None:
    """Print the three tables."""
    print("95% intervals hold of the true values, by how many pledges told the law: plain, as computed")
    print(f"{'pledges':<16}{'shares':>16}{'ratings':>18}")
    for pledges in (1, 3, 10, 30, 100, 800):
        print(f"{pledges:<16}{_both(_shares, pledges):>16}{_both(_ratings, pledges):>18}")
    print(
        "\nTotals T of politicians: root mean squared error, and what is held of T, places and 偏差値: plain, as computed"
    )
    print(f"{'site':<16}{'error of T':>16}{'T':>16}{'places':>16}{'偏差値':>14}")
    for name, (alike, ballots, pledges, politicians) in SITES.items():
        seeds = range(max(4, 600 // politicians))
        planted = [plant(seed, politicians, alike=alike, ballots=ballots, pledges=pledges) for seed in seeds]
        rows = np.mean([[_held(one, *_plain(one)), _held(one, *_computed(one))] for one in planted], axis=0)
        print(f"{name:<16}" + "".join(f"{f'{a:.3f} {b:.3f}':>16}" for a, b in rows.T))
    print(
        "\nRanges of places: mean distance of an end from that of endless draws, in places: by 2,000 draws, without draws"
    )
    for members in (20, 50, 100, 200, 400, 1000, 2700):
        print(f"{members:<16}" + "".join(f"{distance:>16.2f}" for distance in _distances(members)))


def _distances(members: int) -> Floats:
    """From 20,000 draws and more, for values spread normally, in two lumps, and skewed."""
    random, everybody = np.random.default_rng(members), [np.arange(members)]
    endless = replace(METHOD.scores, draws=60_000 if members <= 400 else 20_000, draws_seed=5)
    lumps = np.where(random.random(members) < 0.3, random.normal(40, 1, members), random.normal(55, 4, members))
    rows = []
    for values in (random.normal(50, 6, members), lumps, 40 + random.gamma(2, 4, members)):
        errors = random.lognormal(np.log(4), 0.4, members)
        true, drawn, computed = (
            ranks.ranges_by_draws(values, errors, everybody, endless)[0],
            ranks.ranges_by_draws(values, errors, everybody)[0],
            ranks.ranges_expected(values, errors),
        )
        rows.append([np.mean(np.abs(np.subtract(ends, true))) for ends in (drawn, computed)])
    return np.asarray(np.mean(rows, axis=0))


def _both(kind: Any, pledges: int) -> str:
    plain, computed = np.mean([kind(seed, pledges) for seed in range(max(40, 2000 // pledges))], axis=0)
    return f"{plain:.3f} {computed:.3f}"


def _inside(value: Floats, variance: Floats, truth: Floats) -> float:
    return float(np.mean(np.abs(value - truth) <= Z * np.sqrt(variance)))


def _shares(seed: int, pledges: int) -> tuple[float, float]:
    """Beta(3, 4), about ten ballots a pledge."""
    random = np.random.default_rng(seed)
    n, share = np.rint(np.exp(random.normal(np.log(10), 1, pledges))).astype(int), random.beta(3, 4, pledges)
    positive = random.binomial(n, share)
    parameters = replace(METHOD.scores, log_concentration_sd=1e3)
    plain = replace(betabinomial.fit(positive, n, parameters), mean_variance=0, log_concentration_variance=0)
    fits = (plain, betabinomial.fit(positive, n))
    return _pair(*(_inside(*prior.posterior(positive, n), 100 * share) for prior in fits))


def _ratings(seed: int, pledges: int) -> tuple[float, float]:
    """Means around 55, about six assessments a pledge."""
    random = np.random.default_rng(seed)
    n = np.maximum(1, np.rint(np.exp(random.normal(np.log(6), 1, pledges)))).astype(int)
    middle, where = random.normal(55, 9, pledges), np.repeat(np.arange(pledges), n)
    points = np.clip(np.rint(random.normal(middle[where], 20.75)), 0, 100).astype(np.int64)
    total, squares = (np.bincount(where, column, pledges).astype(np.int64) for column in (points, points**2))
    prior = assessments.fit(total, squares, n)
    plain = replace(prior, mean_variance=0, between_variance=0, within_variance=0, widening=1)
    return _pair(*(_inside(*one.posterior(total, n), expected_rating(middle, 20.75)) for one in (plain, prior)))


def _pair(plain: float, computed: float) -> tuple[float, float]:
    return plain, computed


def _plain(planted: Planted) -> tuple[Floats, Floats]:
    """T and its error by the plain formulas, on the same fits."""
    ruler = run(planted.tallies, planted.owners, QUICK).ruler
    owners = planted.owners.id.size
    value, variance = np.zeros(owners), np.zeros(owners)
    for number, (name, weight) in enumerate(zip(DIMENSIONS, METHOD.scores.weights, strict=True)):
        prior = ruler.priors[name]
        one = Judged.of(prior, planted.tallies, planted.owner, number)
        w = weights(one.n)
        total, x, v = (
            np.bincount(one.owner, column, owners)
            for column in (w, w * one.value, w**2 * prior.variance(one.value, one.n))
        )
        some = total > 0
        value += weight * np.where(some, x / np.where(some, total, 1), prior.centre)
        variance += weight**2 * np.where(some, v / np.where(some, total, 1) ** 2, prior.between)
    return value, np.sqrt(variance)


def _computed(planted: Planted) -> tuple[Floats, Floats]:
    totals = run(planted.tallies, planted.owners, QUICK).totals
    return totals.value, totals.error


def _held(planted: Planted, value: Floats, error: Floats) -> list[float]:
    """The error of T, and how many true T, places and 偏差値 of the members lie inside."""
    tallies = planted.tallies
    enough = np.bincount(planted.owner, tallies.evaluations) >= METHOD.scores.least_evaluations
    enough &= np.bincount(planted.owner, tallies.evaluations > 0) >= METHOD.scores.least_pledges
    value, error, truth = value[enough], error[enough], planted.totals[enough]
    low, high = ranks.ranges_by_draws(value, error, [np.arange(value.size)], QUICK.scores)[0]
    place = ranks.places(truth)
    deviation, true = (50 + 10 * (one - one.mean()) / one.std() for one in (value, truth))
    return [
        float(np.sqrt(np.mean((value - truth) ** 2))),
        _inside(value, error**2, truth),
        float(np.mean((low <= place) & (place <= high))),
        _inside(deviation, (10 * error / value.std()) ** 2, true),
    ]


if __name__ == "__main__":
    main()
