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

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import combinations

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
# Rows that are worked on at a time; more where each block also costs a pass over the owners.
_BLOCK, _OWNERS_BLOCK = 1 << 15, 1 << 17


@dataclass(frozen=True)
class Judged:
    """The judged pledges of one dimension: which, whose, n, and the posterior mean in points; one row a pledge with n >= 1."""

    rows: NDArray[np.int32]
    owner: NDArray[np.int32]
    n: NDArray[np.int32]
    value: Floats

    @classmethod
    def of(cls, prior: Prior, tallies: Tallies, owner: Integers, dimension: int) -> "Judged":
        """Take a dimension (a position in DIMENSIONS) of the tallies. ``owner`` is each pledge's position among the owners."""
        totals, counts = column(tallies, dimension)
        size = int(np.count_nonzero(counts))
        rows, whose, n = (np.empty(size, dtype=np.int32) for _ in range(3))
        value, done = np.empty(size), 0
        for block in _blocks(counts.size):
            some = np.flatnonzero(counts[block])
            place, done = slice(done, done + some.size), done + some.size
            rows[place], whose[place], n[place] = some + block.start, owner[block][some], counts[block][some]
            value[place] = prior.value(totals[block][some], n[place])
        return cls(rows, whose, n, value)


def _blocks(size: int, block: int = _BLOCK) -> Iterator[slice]:
    """Cut many rows into blocks whose intermediate results stay in the processor's cache."""
    return (slice(start, start + block) for start in range(0, size, block))


def column(tallies: Tallies, dimension: int) -> tuple[Integers, Integers]:
    """Return what is added up in a dimension, positive ballots or points, and how many give it."""
    if dimension < len(SHARES):
        return tallies.positive[dimension], tallies.n[dimension]
    return tallies.total[dimension - len(SHARES)], tallies.ratings[dimension - len(SHARES)]


@dataclass(frozen=True)
class Sums:
    """The sums of one dimension over each owner's judged pledges, each of shape (owners,). w, x, r as above, z = x - μ.

    Contributions of a pledge add up, so that one ballot moves them in O(1).
    """

    n: Floats
    pledges: Floats
    weight: Floats
    weight_squared: Floats
    weighted_value: Floats
    weighted_reliability: Floats
    weighted_reliability_squared: Floats
    weighted_chance: Floats
    distance: Floats
    distance_squared: Floats
    reliability: Floats
    reliability_squared: Floats

    @classmethod
    def of(cls, judged: Judged, prior: Prior, owners: int, parameters: ScoreParameters = METHOD.scores) -> "Sums":
        """Add up the pledges in their order: n, 1, w, w², wx, wr, w²r², w²r²σ²/n, z, z², r, r²."""
        sums = np.zeros((len(fields(cls)), owners))
        for block in _blocks(judged.rows.size, _OWNERS_BLOCK):
            owner, n, value = (
                judged.owner[block].astype(np.intp),
                judged.n[block].astype(np.float64),
                judged.value[block],
            )
            w, r, z = weights(n, parameters), prior.reliability(n), value - prior.centre
            parts = (n, None, w, w**2, w * value, w * r, (w * r) ** 2, w**2 * prior.chance(value, n), z, z**2, r, r**2)
            for total, part in zip(sums, parts, strict=True):
                total += np.bincount(owner, part, owners)
        return cls(*sums)


def weights(n: ArrayLike, parameters: ScoreParameters = METHOD.scores) -> Floats:
    """w = n/(n + 10): how much a pledge counts, at most 1. Example: 10 ballots give 1/2."""
    size = np.asarray(n, dtype=np.float64)
    return np.asarray(size / (size + parameters.half_weight))


def resemblance(sums: Sums, prior: Prior, parameters: ScoreParameters = METHOD.scores) -> float:
    """Return ρ, how alike the pledges of one owner are judged: 0 not at all, up to 0.95.

    With z = x - μ = r(raw mean - μ), two pledges of one owner have E z₁z₂ = r₁r₂ρτ². Over all pairs, each owner of k judged pledges weighing
    k - 1 times less, Σz₁z₂ is divided by Σr₁r₂τ², as if 20 pledges had shown 0.3 before (with less, intervals of a young site hold too little).
    """
    several = sums.pledges > 1
    others = sums.pledges[several] - 1
    alike = float(np.sum((sums.distance[several] ** 2 - sums.distance_squared[several]) / others))
    most = float(np.sum((sums.reliability[several] ** 2 - sums.reliability_squared[several]) / others)) * prior.between
    before = parameters.pledges_before * prior.between
    found = (alike + before * parameters.resemblance_before) / (most + before)
    return float(np.clip(found, 0.0, parameters.resemblance_bound))


def correlations(
    judged: list[Judged],
    priors: list[Prior],
    parameters: ScoreParameters = METHOD.scores,
    *,
    pool: ThreadPoolExecutor | None = None,
) -> Floats:
    """Return R, shape (6, 6): how the dimensions of a pledge go together, 1 on the diagonal, never below 0.

    The mean product of standardised distances (raw mean - μ)/√(τ² + σ²/n) over the pledges that have both, as if 20 pledges had shown 0.3
    before. Errors come from the draw towards the mean and from chance; the first go together like true values, the second like
    the answers of one person, and this holds of both. ``pool``: threads that share the work and change nothing else.
    """
    count, pledges = len(judged), max((int(one.rows[-1]) + 1 for one in judged if one.rows.size), default=0)
    cuts = [np.searchsorted(one.rows, np.arange(0, pledges + _BLOCK, _BLOCK, dtype=np.int32)) for one in judged]

    def of_block(block: int) -> tuple[Floats, Integers]:
        """The products of a block of pledges, and how many have each set of dimensions."""
        distances, has = np.zeros((count, _BLOCK)), np.zeros(_BLOCK, dtype=np.uint8)
        for number, (one, prior, cut) in enumerate(zip(judged, priors, cuts, strict=True)):
            inside = slice(cut[block], cut[block + 1])
            rows, spread = one.rows[inside] - block * _BLOCK, np.sqrt(prior.reliability(one.n[inside]) * prior.between)
            distances[number, rows] = (one.value[inside] - prior.centre) / spread
            has[rows] |= np.uint8(1 << number)
        products = np.zeros((count, count))
        for i, j in combinations(range(count), 2):
            # Not a product of BLAS, whose sums would hang on the number of threads.
            products[i, j] = np.einsum("k,k->", distances[i], distances[j])
        return products, np.bincount(has, minlength=1 << count)

    products, sets = np.zeros((count, count)), np.zeros(1 << count, dtype=np.int64)
    # Added in the order of the blocks, whoever was done first.
    for found, held_by in (pool.map if pool else map)(of_block, range(-(-pledges // _BLOCK))):
        products += found
        sets += held_by
    # How many pledges have both of two dimensions, from how many have each set of them.
    held = np.arange(sets.size) >> np.arange(count)[:, np.newaxis] & 1
    both = (held[:, np.newaxis] * held * sets).sum(axis=-1)
    before = parameters.pledges_before
    result = np.clip((products + before * parameters.correlation_before) / (both + before), 0.0, 1.0)
    result = np.triu(result, 1)
    return result + result.T + np.eye(len(judged))


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
        n=sums.n.astype(np.int64),
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
