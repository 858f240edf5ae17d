"""進捗度 and 達成度 of few assessments made comparable: each mean is drawn towards the mean of all.

A pledge with n assessments x in 0..100 has a true value θ, the mean if everybody had assessed it. With variance σ² within a pledge and τ²
between pledges (normal-normal model; Morris, JASA 78 (1983), p. 47) and κ = σ²/τ²,

    θ ≈ (Σx + κμ)/(n + κ),   variance σ²/(n + κ).

σ² is pooled over all pledges, τ² solves the moment equation of Paule and Mandel (J. Res. NBS 87 (1982), p. 377) with κ kept within bounds,
μ is the mean weighted by n/(n + κ). That μ, τ² and σ² are themselves estimates widens the interval (second order, as in Prasad and Rao, JASA 85
(1990), p. 163, here for each pledge's own distance from μ) and makes it one of Student's t. Without this, 95% intervals
cover 0.90 of the true values with 20 pledges; with it 0.95 (docs/scoring.md has the table).
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from tsushinbo.scoring.method import METHOD, ScoreParameters
from tsushinbo.scoring.shares import Z

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class RatingPrior:
    """What is known of the ratings before looking at one pledge, in points (0 to 100) and points squared.

    ``mean`` μ, ``kappa`` κ counts assessments, ``within`` σ². The three variances say how well μ, τ² and σ² are known; ``widening`` is the
    square of Student's quantile over the normal one; ``pledges`` is how many pledges with assessments told it.
    """

    mean: float
    kappa: float
    within: float
    mean_variance: float
    between_variance: float
    within_variance: float
    widening: float
    pledges: int

    @property
    def centre(self) -> float:
        """The mean of the population: where a pledge without assessments sits."""
        return self.mean

    @property
    def centre_variance(self) -> float:
        """How well that mean is known."""
        return self.mean_variance

    @property
    def between(self) -> float:
        """Variance τ² of the true values."""
        return self.within / self.kappa

    def reliability(self, n: ArrayLike) -> Floats:
        """How much of a pledge's distance from the mean is kept: n/(n + κ), between 0 and 1."""
        size = np.asarray(n, dtype=np.float64)
        return np.asarray(size / (size + self.kappa))

    def chance(self, value: ArrayLike, n: ArrayLike) -> Floats:
        """Return how much of a value's variance comes from who happened to assess (points squared): r² σ²/n, whatever the value."""
        del value
        size = np.asarray(n, dtype=np.float64)
        return np.asarray(self.within * size / (size + self.kappa) ** 2)

    def value(self, total: ArrayLike, n: ArrayLike) -> Floats:
        """Return the posterior mean of ratings, in points: (Σx + κμ)/(n + κ).

        total: Σx of each pledge, n: how many assessments; one shape. Example: μ = 50, κ = 5, five assessments of 80: (400 + 250)/10 = 65.
        """
        sums, size = np.asarray(total, dtype=np.float64), np.asarray(n, dtype=np.float64)
        return np.asarray((sums + self.kappa * self.mean) / (size + self.kappa))

    def variance(self, value: ArrayLike, n: ArrayLike) -> Floats:
        """Return the variance of what is still unknown of ratings with these values, in points squared, ``widening`` included.

        With r = n/(n + κ): τ²(1 - r) + (1 - r)² var(μ) + (1 - r)²((value - μ)² + τ²r)(var(τ²)/τ⁴ + var(σ²)/σ⁴), times the widening.
        Example: κ = 5, σ² = 400 known exactly, five assessments: 400/10 = 40.
        """
        x, size = np.asarray(value, dtype=np.float64), np.asarray(n, dtype=np.float64)
        lost = 1 - self.reliability(size)
        # With the distance d of the raw mean: d r (1 - r) = (value - μ)(1 - r), and E d² = τ²/r gives the second term.
        moved = (x - self.mean) ** 2 + self.between * (1 - lost)
        known = self.between_variance / self.between**2 + self.within_variance / self.within**2
        return np.asarray((self.between * lost + lost**2 * (self.mean_variance + moved * known)) * self.widening)

    def posterior(self, total: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
        """Return the value of ratings and its variance."""
        value = self.value(total, n)
        return value, self.variance(value, n)


def fit(total: ArrayLike, squares: ArrayLike, n: ArrayLike, parameters: ScoreParameters = METHOD.scores) -> RatingPrior:
    """Fit the prior to Σx, Σx² and n of all pledges, each of shape (pledges,), whole numbers.

    Neither the order of the pledges nor those without assessments matter: sums are taken over pledges of equal n, exactly.
    Without any assessment μ is 50 and σ² the usual spread of opinions, so that nothing is claimed.
    """
    sums, square, size = (np.asarray(column, dtype=np.int64) for column in (total, squares, n))
    judged = size > 0
    sums, square, size = sums[judged], square[judged], size[judged]
    if not sums.size:
        usual = parameters.typical_within_sd**2
        kappa = parameters.kappa[0]
        between = usual / kappa
        return RatingPrior(50.0, kappa, usual, between, 2 * between**2, 2 * usual**2, _widening(1, parameters), 0)
    classes = _Classes.of(sums, size)
    freedom = int(size.sum()) - int(size.size)
    # A few beliefs' worth of the usual spread keeps σ² from zero where all who assessed said the same.
    spread = float(square.sum()) - float(np.sum(classes.square_of_sums / classes.n))
    belief = parameters.typical_within_freedom
    within = (max(spread, 0.0) + belief * parameters.typical_within_sd**2) / (freedom + belief)
    kappa = classes.kappa(within, parameters)
    weights = classes.weights(within, kappa)
    total_weight = float(np.sum(classes.pledges * weights))
    return RatingPrior(
        mean=classes.mean(weights),
        kappa=kappa,
        within=within,
        mean_variance=1 / total_weight,
        between_variance=2 / float(np.sum(classes.pledges * weights**2)),
        within_variance=2 * within**2 / (freedom + belief),
        widening=_widening(classes.judged, parameters),
        pledges=classes.judged,
    )


def _widening(pledges: int, parameters: ScoreParameters) -> float:
    """The square of Student's 97.5% quantile over the normal one, with one degree of freedom fewer than pledges."""
    freedom = max(pledges - 1, parameters.least_freedom)
    return float((stdtrit(freedom, 0.975) / Z) ** 2)


# Up to which n classes are counted in a table, and whole numbers a float holds.
_MOST_COUNTED, _EXACT = 1 << 20, 1 << 53


@dataclass(frozen=True)
class _Classes:
    """Pledges of equal n taken together: how many, Σ of their sums, Σ of their sums' squares; whole numbers until here."""

    n: Floats
    pledges: Floats
    sums: Floats
    square_of_sums: Floats
    judged: int

    @classmethod
    def of(cls, sums: Integers, size: Integers) -> "_Classes":
        if int(size.max()) < _MOST_COUNTED and int(sums.max()) ** 2 * size.size < _EXACT:
            return cls._counted(sums, size)
        # Numbers of 16 bits are sorted by radix, several times as fast.
        order = np.argsort(size.astype(np.uint16) if size.max() < 1 << 16 else size, kind="stable")
        size, sums = size[order], sums[order]
        starts = np.flatnonzero(np.diff(size, prepend=0))
        return cls(
            n=size[starts].astype(np.float64),
            pledges=np.diff(np.append(starts, size.size)).astype(np.float64),
            sums=np.add.reduceat(sums, starts).astype(np.float64),
            square_of_sums=np.add.reduceat(sums * sums, starts).astype(np.float64),
            judged=int(size.size),
        )

    @classmethod
    def _counted(cls, sums: Integers, size: Integers) -> "_Classes":
        """The same without sorting, where no n is large and every sum is a whole number that a float holds."""
        pledges = np.bincount(size)
        n = np.flatnonzero(pledges)
        square = sums.astype(np.float64)
        square *= square
        return cls(
            n=n.astype(np.float64),
            pledges=pledges[n].astype(np.float64),
            sums=np.bincount(size, sums)[n],
            square_of_sums=np.bincount(size, square)[n],
            judged=int(size.size),
        )

    def weights(self, within: float, kappa: float) -> Floats:
        """1/(τ² + σ²/n), of one pledge of each class."""
        return self.n * kappa / ((self.n + kappa) * within)

    def mean(self, weights: Floats) -> float:
        return float(np.sum(weights * self.sums / self.n) / np.sum(weights * self.pledges))

    def excess(self, log_kappa: float, within: float) -> float:
        """Paule and Mandel's Σ w (mean of the pledge - μ)² - (pledges - 1); it rises with κ, as a smaller τ² expects less."""
        weights = self.weights(within, exp(log_kappa))
        middle = self.mean(weights)
        squares = self.square_of_sums / self.n**2 - 2 * middle * self.sums / self.n + middle**2 * self.pledges
        return float(np.sum(weights * squares)) - (self.judged - 1)

    def kappa(self, within: float, parameters: ScoreParameters) -> float:
        """Solve for κ between its bounds: many assessments count as one only where pledges hardly differ."""
        least, most = parameters.kappa
        if self.excess(log(most), within) <= 0:
            return most
        if self.excess(log(least), within) >= 0:
            return least
        # Halved until nothing is left between the ends; SciPy's solvers take longer to import than a whole run takes to fit.
        low, high = log(least), log(most)
        while low < (middle := (low + high) / 2) < high:
            low, high = (low, middle) if self.excess(middle, within) > 0 else (middle, high)
        return exp(middle)
