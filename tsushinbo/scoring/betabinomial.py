"""Shares of few ballots made comparable: each is drawn towards the mean of all (empirical Bayes).

A pledge with k positive of n ballots has a true share p, what it would be if everybody had voted. The shares of all pledges are taken as
drawn from Beta(α, β); then k follows the beta-binomial law and, k and n known,

    p ~ Beta(α + k, β + n - k),   mean (k + α)/(n + α + β).

α and β are fitted by maximum likelihood over the pledges with at least one ballot (Robbins 1956; Morris, JASA 78 (1983), p. 47), written as
the mean m = α/(α + β) and the concentration s = α + β, which is held within bounds. Two weak beliefs keep a young site from overclaiming
and vanish with data: one more pledge with one positive and one negative ballot, and log s normal around log 10 with standard deviation 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln, polygamma

from tsushinbo.scoring.method import METHOD, ScoreParameters

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class SharePrior:
    """What is known of the shares before looking at one pledge. Shares are given in points, 0 to 100.

    ``mean`` m is between 0 and 1, ``concentration`` s counts ballots. ``mean_variance`` and ``log_concentration_variance`` say how well
    m and log s are known; ``pledges`` is how many pledges with ballots told it.
    """

    mean: float
    concentration: float
    mean_variance: float
    log_concentration_variance: float
    pledges: int

    @property
    def widening(self) -> float:
        """Nothing: the law of shares is known once m and s are. Ratings have one."""
        return 1.0

    @property
    def alpha(self) -> float:
        """Positive ballots that the mean is worth."""
        return self.mean * self.concentration

    @property
    def beta(self) -> float:
        """Negative ballots that the mean is worth."""
        return (1 - self.mean) * self.concentration

    @property
    def centre(self) -> float:
        """The mean of the population in points: where a pledge without ballots sits."""
        return 100 * self.mean

    @property
    def centre_variance(self) -> float:
        """How well that mean is known, in points squared."""
        return 1e4 * self.mean_variance

    @property
    def between(self) -> float:
        """Variance of the true shares, in points squared: 10,000 m(1 - m)/(s + 1)."""
        return 1e4 * self.mean * (1 - self.mean) / (self.concentration + 1)

    def reliability(self, n: ArrayLike) -> Floats:
        """How much of a pledge's distance from the mean is kept: n/(n + s), between 0 and 1."""
        size = np.asarray(n, dtype=np.float64)
        return np.asarray(size / (size + self.concentration))

    def chance(self, positive: ArrayLike, n: ArrayLike) -> Floats:
        """Return how much of the value's variance comes from who happened to vote (points squared): r² p(1 - p)/n.

        p(1 - p) is taken at its mean in the Beta law, x(1 - x)(n + s)/(n + s + 1).
        """
        k, size = np.asarray(positive, dtype=np.float64), np.asarray(n, dtype=np.float64)
        total = size + self.concentration
        share = (k + self.alpha) / total
        return np.asarray(1e4 * size * share * (1 - share) / (total * (total + 1)))

    def posterior(self, positive: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
        """Return the value (points) of shares and the variance of what is still unknown (points squared).

        positive, n: whole numbers of one shape, 0 <= positive <= n. The value is 100 (k + α)/(n + α + β). The variance is that of the Beta
        law, x(1 - x)/(n + s + 1), and what not knowing m and s exactly adds (second order, as in Prasad and Rao, JASA 85 (1990), p. 163):
        (1 - r)² var(m) + (r(1 - r))² var(log s) ((k/n - m)² + τ²/r).
        Example: m = 0.5, s = 6 known exactly, 7 of 10: 100·10/16 = 62.5 and 10,000·0.625·0.375/17 = 137.9.
        """
        k, size = np.asarray(positive, dtype=np.float64), np.asarray(n, dtype=np.float64)
        share = (k + self.alpha) / (size + self.concentration)
        variance = share * (1 - share) / (size + self.concentration + 1)
        kept = self.reliability(size)
        # r (1 - r) times the distance is (share - m)(1 - r), so that n = 0 needs no case of its own.
        moved = (share - self.mean) ** 2 + kept * self.between / 1e4
        variance += (1 - kept) ** 2 * (self.mean_variance + moved * self.log_concentration_variance)
        return 100 * share, 1e4 * variance


def fit(positive: ArrayLike, n: ArrayLike, parameters: ScoreParameters = METHOD.scores) -> SharePrior:
    """Fit the prior to the counts of all pledges. Neither the order of the pledges nor those without ballots matter.

    positive, n: shape (pledges,). The likelihood hangs only on how often each k, each n - k and each n occurs: one pass over the
    pledges, then a cost by distinct counts. Without any ballot the weak beliefs alone speak: m = 0.5, s near 10.
    Raises ValueError unless 0 <= positive <= n.
    """
    k, size = np.asarray(positive, dtype=np.int64), np.asarray(n, dtype=np.int64)
    if not np.all((k >= 0) & (k <= size)):
        raise ValueError("a share needs 0 <= positive <= n")
    judged = size > 0
    k, size = k[judged], size[judged]
    counts = _Counts(_histogram(k, 1), _histogram(size - k, 1), _histogram(size, 2), parameters)
    low, high = (float(np.log(bound)) for bound in parameters.concentration)
    start = np.array([0.0, np.log(parameters.typical_concentration)])
    found = minimize(
        counts.loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-7, 7), (low, high)],
        options={"ftol": 1e-14, "gtol": 1e-9},
    )
    mean, concentration = float(expit(found.x[0])), float(np.exp(found.x[1]))
    variance = counts.covariance(found.x)
    return SharePrior(
        mean=mean,
        concentration=concentration,
        mean_variance=float(variance[0, 0]) * (mean * (1 - mean)) ** 2,
        log_concentration_variance=float(variance[1, 1]),
        pledges=int(size.size),
    )


Histogram = tuple[Floats, Floats]


def _histogram(values: Integers, pseudo: int) -> Histogram:
    """Return the distinct values, ``pseudo`` once more among them, and how often each occurs."""
    # Counting is quicker than sorting unless one pledge has very many ballots.
    if values.size and int(values.max()) <= 8 * values.size + 1_000:
        times = np.bincount(values)
        distinct = np.flatnonzero(times)
        times = times[distinct]
    else:
        distinct, times = np.unique(values, return_counts=True)
    return np.append(distinct, pseudo).astype(np.float64), np.append(times, 1).astype(np.float64)


@dataclass(frozen=True)
class _Counts:
    """The likelihood from how often each count occurs: Σ log B(k + α, n - k + β) - log B(α, β)."""

    positive: Histogram
    negative: Histogram
    all: Histogram
    parameters: ScoreParameters

    def loss(self, x: Floats) -> tuple[float, Floats]:
        """Minus the log of likelihood and beliefs at (logit m, log s), and its gradient."""
        mean, s = float(expit(x[0])), float(np.exp(x[1]))
        alpha, beta = mean * s, (1 - mean) * s
        value = _rising(self.positive, alpha) + _rising(self.negative, beta) - _rising(self.all, s)
        d_alpha, d_beta, d_s = _slope(self.positive, alpha), _slope(self.negative, beta), _slope(self.all, s)
        by_mean = (d_alpha - d_beta) * s * mean * (1 - mean)
        by_s = d_alpha * alpha + d_beta * beta - d_s * s
        belief, by_belief = self._belief(float(x[1]))
        return belief - value, np.array([-by_mean, by_belief - by_s])

    def _belief(self, log_s: float) -> tuple[float, float]:
        away = log_s - float(np.log(self.parameters.typical_concentration))
        precision = self.parameters.log_concentration_sd**-2
        return 0.5 * precision * away**2, precision * away

    def covariance(self, x: Floats) -> Floats:
        """Return the variance of (logit m, log s): the inverse of the curvature of the loss, exact by trigamma."""
        mean, s = float(expit(x[0])), float(np.exp(x[1]))
        alpha, beta, spread = mean * s, (1 - mean) * s, mean * (1 - mean)
        d_alpha, d_beta, d_s = _slope(self.positive, alpha), _slope(self.negative, beta), _slope(self.all, s)
        dd_alpha, dd_beta, dd_s = _bend(self.positive, alpha), _bend(self.negative, beta), _bend(self.all, s)
        mm = (dd_alpha + dd_beta) * (s * spread) ** 2 + (d_alpha - d_beta) * s * spread * (1 - 2 * mean)
        ms = (dd_alpha * alpha - dd_beta * beta) * s * spread + (d_alpha - d_beta) * s * spread
        ss = dd_alpha * alpha**2 + dd_beta * beta**2 - dd_s * s**2 + d_alpha * alpha + d_beta * beta - d_s * s
        curve = np.array([[-mm, -ms], [-ms, -ss + self.parameters.log_concentration_sd**-2]])
        # At a bound the curvature need not be positive; then the belief alone says how well s is known.
        if curve[0, 0] <= 0 or curve[1, 1] <= 0 or np.linalg.det(curve) <= 0:
            curve = np.diag([max(curve[0, 0], 1.0), self.parameters.log_concentration_sd**-2])
        return np.asarray(np.linalg.inv(curve))


def _rising(counts: Histogram, q: float) -> float:
    """Σ log of the rising factorial q(q + 1)…(q + u - 1)."""
    u, times = counts
    return float(np.sum(times * (gammaln(u + q) - gammaln(q))))


def _slope(counts: Histogram, q: float) -> float:
    u, times = counts
    return float(np.sum(times * (digamma(u + q) - digamma(q))))


def _bend(counts: Histogram, q: float) -> float:
    u, times = counts
    return float(np.sum(times * (polygamma(1, u + q) - polygamma(1, q))))
