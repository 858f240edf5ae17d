"""Shares of ballots (支持, 明確さ, 現実性, 誠実さ) with their uncertainty."""

from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Fewer ballots than this show no value: 「評価がまだ足りません」.
MINIMUM = 10
# The normal quantile of a 95% interval.
Z = 1.959963984540054


@overload
def wilson(positive: int, n: int) -> tuple[float, float]: ...
@overload
def wilson(positive: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
def wilson(positive: ArrayLike, n: ArrayLike) -> tuple[float | NDArray[np.float64], float | NDArray[np.float64]]:
    """Return the 95% interval of a share: the Wilson score interval, low and high, each between 0 and 1.

    positive: how many of ``n`` are positive; whole numbers or arrays of one shape. n = 0 gives (0, 1): nothing is known.
    Raises ValueError unless 0 <= positive <= n. Source: E. B. Wilson, JASA 22 (1927), p. 209, without continuity correction.
    Example: 7 of 10 gives 0.397 and 0.892.
    """
    k, size = np.asarray(positive, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if not np.all((k >= 0) & (k <= size)):
        raise ValueError("a share needs 0 <= positive <= n")
    total = size + Z * Z
    middle = (k + Z * Z / 2) / total
    half = Z / total * np.sqrt(np.where(size > 0, k * (size - k) / np.maximum(size, 1), 0) + Z * Z / 4)
    # Exact at the ends, where rounding would leave a crumb.
    low, high = np.where(k == 0, 0.0, middle - half), np.where(k == size, 1.0, middle + half)
    return (float(low), float(high)) if low.ndim == 0 else (low, high)


@dataclass(frozen=True)
class Share:
    """A share of ballots with its 95% interval (Wilson), in percent; ``n`` below the minimum has no value to show."""

    positive: int
    n: int

    @property
    def shown(self) -> bool:
        """Whether there are enough ballots to show a value."""
        return self.n >= MINIMUM

    @property
    def missing(self) -> int:
        """How many ballots are missing until it is shown."""
        return max(0, MINIMUM - self.n)

    @property
    def percent(self) -> float:
        """The share itself."""
        return self.positive / self.n * 100 if self.n else 0.0

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self._interval[0] * 100

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self._interval[1] * 100

    @property
    def width(self) -> float:
        """The length of the interval."""
        return self.high - self.low

    @cached_property
    def _interval(self) -> tuple[float, float]:
        """Worked out once: a page asks for its ends and its width."""
        return wilson(self.positive, self.n)
