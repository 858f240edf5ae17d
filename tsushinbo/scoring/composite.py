"""The total of an owner (a politician or a party) over its pledges, with what is not known about it.

For each dimension d, with the posterior mean x of each judged pledge, its reliability r = n/(n + s) and the weight w = n/(n + 10):

    m = Σwx/Σw                          the mean of the pledges, so that one loud pledge does not drown the others
    value = μ + c(m - μ)                c = 1 where pledges of one owner are not alike
    T = Σ weight · value                over the six dimensions

A dimension in which no pledge of the owner is judged takes the mean of the population μ: it neither helps nor harms.

Each pledge by itself is drawn to μ. Pledges of one owner tend to be judged alike; ρ, the correlation of two of them, is measured in each
run. Several that agree then speak for each other, and the owner is drawn less: the best linear estimate (Robinson, Statist. Sci. 6
(1991), p. 15) stretches the distance from μ by

    c = (1 + ρ(M - 1))/(1 + ρR(M - 1)),      M = (Σw)²/Σw² pledges in effect,   R = Σwr/Σw their reliability,

which is exact for pledges of equal n. What a value is to tell is the plain mean over all P pledges of the owner, had everybody judged
every one. Its mean squared error has two parts:

    hidden = τ²(ρ(1 - cR)² + (1 - ρ)(1/P - 2cR/P + c²Σw²r²/(Σw)²)) + (1 - cR)² var(μ)       pledges not judged, or by few
    chance = c²Σw²r²(σ²/n)/(Σw)²                                                            who happened to judge

and the errors of the dimensions go together, as who supports a pledge more often calls it clear too: with their correlations Q

    error(T)² = Σ_d Σ_e weight_d weight_e Q_de error_d error_e      (delta method).

docs/scoring.md shows what ρ and Q gain: without them, intervals said to hold 95% of the true T hold 53-73%.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tsushinbo.scoring.assessments import RatingPrior
from tsushinbo.scoring.betabinomial import SharePrior
from tsushinbo.scoring.method import DIMENSIONS, METHOD, SHARES, ScoreParameters
from tsushinbo.scoring.tallies import Tallies

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Prior = SharePrior | RatingPrior

# Values are rounded to so many decimals, so that equal ones are equal whatever the order of their sums.
DIGITS = 6


@dataclass(frozen=True)
class Judged:
    """The judged pledges of one dimension: whose they are, n, and their posterior; one row a pledge with n >= 1."""

    rows: NDArray[np.intp]
    owner: Integers
    n: Integers
    value: Floats
    variance: Floats
    reliability: Floats
    chance: Floats

    @classmethod
    def of(cls, prior: Prior, tallies: Tallies, owner: Integers, dimension: int) -> "Judged":
        """Take a dimension (a position in DIMENSIONS) of the tallies. ``owner`` is each pledge's position among the owners."""
        total, n = column(tallies, dimension)
        rows = np.flatnonzero(n)
        total, n = total[rows], n[rows]
        value, variance = prior.posterior(total, n)
        return cls(rows, owner[rows], n, value, variance, prior.reliability(n), prior.chance(total, n))

    def weights(self, parameters: ScoreParameters) -> Floats:
        """w = n/(n + 10)."""
        return np.asarray(self.n / (self.n + parameters.half_weight))


def column(tallies: Tallies, dimension: int) -> tuple[Integers, Integers]:
    """Return what is added up in a dimension, positive ballots or points, and how many give it."""
    if dimension < len(SHARES):
        return tallies.positive[dimension], tallies.n[dimension]
    return tallies.total[dimension - len(SHARES)], tallies.ratings[dimension - len(SHARES)]


@dataclass(frozen=True)
class Sums:
    """The sums of one dimension over each owner's judged pledges, each of shape (owners,)."""

    n: Integers
    pledges: Integers
    weight: Floats
    weight_squared: Floats
    weighted_value: Floats
    weighted_reliability: Floats
    weighted_reliability_squared: Floats
    weighted_chance: Floats

    @classmethod
    def of(cls, judged: Judged, owners: int, parameters: ScoreParameters = METHOD.scores) -> "Sums":
        """Add up the pledges, in their order: w, w², wx, wr, w²r², w²r²σ²/n."""
        weight = judged.weights(parameters)

        def add(values: Floats | None = None) -> Floats:
            return np.asarray(np.bincount(judged.owner, values, owners), dtype=np.float64)

        return cls(
            n=add(judged.n.astype(np.float64)).astype(np.int64),
            pledges=add().astype(np.int64),
            weight=add(weight),
            weight_squared=add(weight**2),
            weighted_value=add(weight * judged.value),
            weighted_reliability=add(weight * judged.reliability),
            weighted_reliability_squared=add((weight * judged.reliability) ** 2),
            weighted_chance=add(weight**2 * judged.chance),
        )


def resemblance(judged: Judged, prior: Prior, owners: int, parameters: ScoreParameters = METHOD.scores) -> float:
    """Return ρ, how alike the pledges of one owner are judged: 0 not at all, up to 0.95.

    With z = x - μ = r(raw mean - μ), two pledges of one owner have E z₁z₂ = r₁r₂ρτ². Over all pairs, each owner of k judged pledges weighing
    k - 1 times less, Σz₁z₂ is divided by Σr₁r₂τ², as if 20 pledges had shown 0.3 before (with less, intervals of a young site hold too little).
    """
    distance = judged.value - prior.centre

    def pairs(values: Floats) -> Floats:
        return np.asarray(np.bincount(judged.owner, values, owners) ** 2 - np.bincount(judged.owner, values**2, owners))

    others = np.bincount(judged.owner, minlength=owners) - 1
    several = others > 0
    alike = float(np.sum(pairs(distance)[several] / others[several]))
    most = float(np.sum(pairs(judged.reliability)[several] / others[several])) * prior.between
    before = parameters.pledges_before * prior.between
    found = (alike + before * parameters.resemblance_before) / (most + before)
    return float(np.clip(found, 0.0, parameters.resemblance_bound))


def correlations(judged: list[Judged], priors: list[Prior], parameters: ScoreParameters = METHOD.scores) -> Floats:
    """Return R, shape (6, 6): how the dimensions of a pledge go together, 1 on the diagonal, never below 0.

    The mean product of standardised distances (raw mean - μ)/√(τ² + σ²/n) over the pledges that have both, as if 20 pledges had shown 0.3
    before. Errors come from the draw towards the mean and from chance; the first go together like true values, the second like
    the answers of one person, and this holds of both.
    """
    size = max((int(one.rows[-1]) + 1 for one in judged if one.rows.size), default=0)
    distances, present = np.zeros((len(judged), size)), np.zeros((len(judged), size), dtype=bool)
    for number, (one, prior) in enumerate(zip(judged, priors, strict=True)):
        distances[number, one.rows] = (one.value - prior.centre) / np.sqrt(one.reliability * prior.between)
        present[number, one.rows] = True
    result = np.eye(len(judged))
    before = parameters.pledges_before
    for i in range(len(judged)):
        for j in range(i):
            both = np.count_nonzero(present[i] & present[j])
            # Not a matrix product: its sums would hang on the number of threads.
            product = float(np.sum(distances[i] * distances[j])) + before * parameters.correlation_before
            result[i, j] = result[j, i] = np.clip(product / (both + before), 0.0, 1.0)
    return result


@dataclass(frozen=True)
class Estimate:
    """One dimension of each owner, in points: ``value`` and its standard error. c, and the two parts of the error squared; shape (owners,)."""

    value: Floats
    error: Floats
    n: Integers
    stretch: Floats
    hidden: Floats
    chance: Floats


def estimate(sums: Sums, prior: Prior, alike: float, pledges: ArrayLike) -> Estimate:
    """Return each owner's value in one dimension. ``alike`` is ρ, ``pledges`` how many pledges each owner has, judged or not."""
    with_data = sums.weight > 0
    weight = np.where(with_data, sums.weight, 1.0)
    squared = np.where(with_data, sums.weight_squared, 1.0)
    effective, reliability = weight**2 / squared, sums.weighted_reliability / weight
    stretch = (1 + alike * (effective - 1)) / (1 + alike * reliability * (effective - 1))
    mean = np.where(with_data, sums.weighted_value / weight, prior.centre)
    kept = stretch * reliability
    every = np.maximum(np.asarray(pledges, dtype=np.float64), 1)
    own = (1 - 2 * kept) / every + stretch**2 * sums.weighted_reliability_squared / weight**2
    hidden = prior.between * (alike * (1 - kept) ** 2 + (1 - alike) * own) + (1 - kept) ** 2 * prior.centre_variance
    chance = stretch**2 * sums.weighted_chance / weight**2
    return Estimate(
        value=np.round(np.clip(prior.centre + stretch * (mean - prior.centre), 0.0, 100.0), DIGITS),
        error=np.round(np.sqrt(prior.widening * (hidden + chance)), DIGITS),
        n=sums.n,
        stretch=stretch,
        hidden=hidden,
        chance=chance,
    )


def total(
    estimates: list[Estimate], correlation: Floats, parameters: ScoreParameters = METHOD.scores
) -> tuple[Floats, Floats]:
    """Return T of each owner and its standard error, in points.

    Example: values 70 in 支持 and 50 in all else, with every error 5 and R the unit matrix: T = 0.2·70 + 0.8·50 = 54,
    error 5·√(0.2² + 3·0.1² + 0.2² + 0.3²) = 5·√0.20 = 2.236.
    """
    if len(estimates) != len(DIMENSIONS):
        raise ValueError(f"a total needs {len(DIMENSIONS)} dimensions")
    value = sum(
        (weight * one.value for weight, one in zip(parameters.weights, estimates, strict=True)), start=np.float64(0)
    )
    parts = [weight * one.error for weight, one in zip(parameters.weights, estimates, strict=True)]
    variance = sum(
        (correlation[i, j] * parts[i] * parts[j] for i in range(len(parts)) for j in range(len(parts))),
        start=np.float64(0),
    )
    return np.round(value, DIGITS), np.round(np.sqrt(variance), DIGITS)
