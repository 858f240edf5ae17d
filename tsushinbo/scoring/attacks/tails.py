"""How surprising a count is: -log10 of the chance of so many or more. 5 means one in a hundred thousand."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammainc

type Floats = NDArray[np.float64]

# Below this chance the functions of SciPy give 0; nothing here needs to tell such counts apart.
_LEAST = 1e-300


def poisson(count: ArrayLike, mean: ArrayLike) -> Floats:
    """-log10 P(X ≥ count) for independent events: P(X ≥ k) is the regularised incomplete gamma function of (k, mean)."""
    k, mean = np.asarray(count, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    return _strength(k, gammainc(np.maximum(k, 1), mean))


def negative_binomial(count: ArrayLike, mean: ArrayLike, size: float) -> Floats:
    """-log10 P(X ≥ count) where the variance is mean + mean²/size, as for events that come in waves.

    P(X ≥ k) is the regularised incomplete beta function of (k, size) at mean/(mean + size).
    """
    k, mean = np.asarray(count, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    return _strength(k, betainc(np.maximum(k, 1), size, mean / (mean + size)))


def binomial(count: ArrayLike, trials: ArrayLike, chance: ArrayLike) -> Floats:
    """-log10 P(X ≥ count) of so many trials: the regularised incomplete beta function of (k, n - k + 1) at the chance."""
    k, n = np.asarray(count, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    p = np.asarray(chance, dtype=np.float64)
    return _strength(k, betainc(np.maximum(k, 1), np.maximum(n - k + 1, 1), p))


def _strength(count: Floats, chance: NDArray[np.floating]) -> Floats:
    strength: Floats = -np.log10(np.maximum(chance, _LEAST)).astype(np.float64)
    return np.where(count > 0, np.maximum(strength, 0.0), 0.0)
