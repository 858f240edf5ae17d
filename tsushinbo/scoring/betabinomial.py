"""Shares of few ballots made comparable: each is drawn towards the mean of all (empirical Bayes).

A pledge with k positive of n ballots has a true share p, what it would be if everybody had voted. The shares of all pledges are taken as
drawn from Beta(α, β); then k follows the beta-binomial law and, k and n known,

    p ~ Beta(α + k, β + n - k),   mean (k + α)/(n + α + β).

α and β are fitted by maximum likelihood over the pledges with at least one ballot (Robbins 1956; Morris, JASA 78 (1983), p. 47), written as
the mean m = α/(α + β) and the concentration s = α + β, which is held within bounds. Two weak beliefs keep a young site from overclaiming
and vanish with data: one more pledge with one positive and one negative ballot, and log s normal around log 10 with standard deviation 1.
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import ArrayLike, NDArray
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

    def chance(self, value: ArrayLike, n: ArrayLike) -> Floats:
        """Return how much of a value's variance comes from who happened to vote (points squared): r² p(1 - p)/n.

        value: as posterior gives it, x in points. p(1 - p) is taken at its mean in the Beta law, x(1 - x)(n + s)/(n + s + 1).
        """
        x, size = np.asarray(value, dtype=np.float64), np.asarray(n, dtype=np.float64)
        total = size + self.concentration
        return np.asarray(size * x * (100 - x) / (total * (total + 1)))

    def value(self, positive: ArrayLike, n: ArrayLike) -> Floats:
        """Return the posterior mean x of shares, in points: 100 (k + α)/(n + α + β).

        positive, n: whole numbers of one shape, 0 <= positive <= n. Example: m = 0.5, s = 6, 7 of 10: 100·10/16 = 62.5.
        """
        k, size = np.asarray(positive, dtype=np.float64), np.asarray(n, dtype=np.float64)
        return np.asarray(100 * (k + self.alpha) / (size + self.concentration))

    def variance(self, value: ArrayLike, n: ArrayLike) -> Floats:
        """Return the variance of what is still unknown of shares with these values, in points squared.

        That of the Beta law, x(100 - x)/(n + s + 1), and what not knowing m and s exactly adds (second order, as in Prasad and Rao, JASA 85
        (1990), p. 163): (1 - r)² var(μ) + (r(1 - r))² var(log s) ((100 k/n - μ)² + τ²/r).
        Example: m = 0.5, s = 6 known exactly, 7 of 10: 62.5·37.5/17 = 137.9.
        """
        x, size = np.asarray(value, dtype=np.float64), np.asarray(n, dtype=np.float64)
        kept = self.reliability(size)
        # r (1 - r) times the distance is (x - μ)(1 - r), so that n = 0 needs no case of its own.
        moved = (x - self.centre) ** 2 + kept * self.between
        doubt = (1 - kept) ** 2 * (self.centre_variance + moved * self.log_concentration_variance)
        return np.asarray(x * (100 - x) / (size + self.concentration + 1) + doubt)

    def posterior(self, positive: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
        """Return the value of shares and its variance."""
        value = self.value(positive, n)
        return value, self.variance(value, n)


def fit(positive: ArrayLike, n: ArrayLike, parameters: ScoreParameters = METHOD.scores) -> SharePrior:
    """Fit the prior to the counts of all pledges. Neither the order of the pledges nor those without ballots matter.

    positive, n: shape (pledges,). The likelihood hangs only on how often each k, each n - k and each n occurs: one pass over the
    pledges, then a cost by distinct counts. Without any ballot the weak beliefs alone speak: m = 0.5, s near 10.
    Raises ValueError unless 0 <= positive <= n.
    """
    k, size = np.asarray(positive, dtype=np.int64), np.asarray(n, dtype=np.int64)
    if not np.all((k >= 0) & (k <= size)):
        raise ValueError("a share needs 0 <= positive <= n")
    # A count of nought adds nothing to the likelihood, so pledges without ballots may stay in.
    counts = _Counts(_histogram(k, 1), _histogram(size - k, 1), _histogram(size, 2), parameters)
    best = counts.lowest()
    mean = float(expit(best.logit))
    mean_variance, log_variance = best.variances(parameters.log_concentration_sd**2)
    return SharePrior(
        mean=mean,
        concentration=exp(best.log_s),
        mean_variance=mean_variance * (mean * (1 - mean)) ** 2,
        log_concentration_variance=log_variance,
        pledges=int(np.count_nonzero(size)),
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
class _Point:
    """The loss at (logit m, log s) with its gradient and its curvature."""

    logit: float
    log_s: float
    loss: float
    slope: tuple[float, float]
    curve: tuple[float, float, float]

    def step(self, bounds: tuple[float, float]) -> tuple[float, float]:
        """Newton's step; where the loss is not a bowl, or s is pressed against a bound, each coordinate by itself. At most 2."""
        (by_mean, by_s), (mm, ms, ss) = self.slope, self.curve
        pressed = (self.log_s <= bounds[0] and by_s > 0) or (self.log_s >= bounds[1] and by_s < 0)
        determinant = mm * ss - ms * ms
        if mm > 0 and determinant > 0 and not pressed:
            steps = (ms * by_s - ss * by_mean) / determinant, (ms * by_mean - mm * by_s) / determinant
        else:
            steps = -by_mean / max(abs(mm), 1e-9), 0.0 if pressed else -by_s / max(abs(ss), 1e-9)
        return max(-2.0, min(2.0, steps[0])), max(-2.0, min(2.0, steps[1]))

    def variances(self, belief: float) -> tuple[float, float]:
        """Variances of logit m and log s: the diagonal of the curvature's inverse. At a bound there is no bowl; then the belief alone counts."""
        mm, ms, ss = self.curve
        determinant = mm * ss - ms * ms
        if mm > 0 and determinant > 0:
            return ss / determinant, mm / determinant
        return 1 / max(mm, 1.0), belief


@dataclass(frozen=True)
class _Counts:
    """The likelihood from how often each count occurs: Σ log B(k + α, n - k + β) - log B(α, β)."""

    positive: Histogram
    negative: Histogram
    all: Histogram
    parameters: ScoreParameters

    def at(self, logit: float, log_s: float) -> _Point:
        """Minus the log of likelihood and beliefs, with exact derivatives by digamma and trigamma."""
        mean, s = float(expit(logit)), exp(log_s)
        alpha, beta, spread = mean * s, (1 - mean) * s, mean * (1 - mean)
        away, precision = log_s - log(self.parameters.typical_concentration), self.parameters.log_concentration_sd**-2
        value = _rising(self.positive, alpha) + _rising(self.negative, beta) - _rising(self.all, s)
        d_alpha, d_beta, d_s = _slope(self.positive, alpha), _slope(self.negative, beta), _slope(self.all, s)
        dd_alpha, dd_beta, dd_s = _bend(self.positive, alpha), _bend(self.negative, beta), _bend(self.all, s)
        by_mean, by_s = (d_alpha - d_beta) * s * spread, d_alpha * alpha + d_beta * beta - d_s * s
        mm = (dd_alpha + dd_beta) * (s * spread) ** 2 + by_mean * (1 - 2 * mean)
        ms = (dd_alpha * alpha - dd_beta * beta) * s * spread + by_mean
        ss = dd_alpha * alpha**2 + dd_beta * beta**2 - dd_s * s**2 + by_s
        return _Point(
            logit=logit,
            log_s=log_s,
            loss=0.5 * precision * away**2 - value,
            slope=(-by_mean, precision * away - by_s),
            curve=(-mm, -ms, precision - ss),
        )

    def lowest(self) -> _Point:
        """Find the lowest loss by Newton's steps, halved while they lead upwards. No step hangs on threads, as a library's solver may."""
        bounds = log(self.parameters.concentration[0]), log(self.parameters.concentration[1])
        best = self.at(0.0, log(self.parameters.typical_concentration))
        for _ in range(200):
            size = 1.0
            while True:
                by_mean, by_s = (size * one for one in best.step(bounds))
                logit = max(-7.0, min(7.0, best.logit + by_mean))
                log_s = max(bounds[0], min(bounds[1], best.log_s + by_s))
                tried = self.at(logit, log_s)
                if tried.loss <= best.loss + 1e-12 * abs(best.loss) or size < 1e-6:
                    break
                size /= 2
            moved = max(abs(tried.logit - best.logit), abs(tried.log_s - best.log_s))
            best = tried
            if moved < 1e-10:
                break
        return best


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
