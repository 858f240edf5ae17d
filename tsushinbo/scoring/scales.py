"""Means of answers on a scale of five points, with their uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from tsushinbo.scoring.shares import MINIMUM, Z

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Scale:
    """The mean of ``n`` answers between 1 and 5, and its 95% interval; below the minimum it has no value to show."""

    n: int
    mean: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether there are enough answers to show a value."""
        return self.n >= MINIMUM


def scale(counts: Sequence[int]) -> Scale:
    """Return mean and 95% interval of answers; ``counts`` are how many chose 1, 2, 3, 4 and 5, at least one in all.

    Where everybody agrees, the usual interval (mean ± 1.96 s/√n) has no width, though little may be known. So Z²/2 invented answers are
    laid at each end before mean and spread are worked out: the rule of A. Agresti and B. A. Coull (The American Statistician 52, 1998, p. 119)
    for shares, which this is where only 1 and 5 were chosen. Raises ValueError without answers.
    Example: 0, 0, 0, 0, 10 has mean 5 and the interval 3.72 to 5.
    """
    n = sum(counts)
    if n <= 0 or len(counts) != HIGHEST or min(counts) < 0:
        raise ValueError("a mean needs answers from 1 to 5")
    mean = sum(point * count for point, count in enumerate(counts, LOWEST)) / n
    padded = list(map(float, counts))
    padded[0] += Z * Z / 2
    padded[-1] += Z * Z / 2
    total = sum(padded)
    middle = sum(point * count for point, count in enumerate(padded, LOWEST)) / total
    variance = sum(count * (point - middle) ** 2 for point, count in enumerate(padded, LOWEST)) / total
    half = Z * sqrt(variance / total)
    return Scale(n, mean, max(float(LOWEST), min(mean, middle - half)), min(float(HIGHEST), max(mean, middle + half)))
