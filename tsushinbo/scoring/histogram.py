"""How many members of a population have which 偏差値."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tsushinbo.scoring.method import METHOD, ScoreParameters


@dataclass(frozen=True)
class Histogram:
    """Counts of bins of one width. The first bin also holds what lies below it, the last what lies above."""

    low: float
    width: float
    counts: tuple[int, ...]

    @property
    def bins(self) -> list[tuple[float, float, int]]:
        """Each bin as its lower end, its upper end and its count."""
        return [
            (self.low + i * self.width, self.low + (i + 1) * self.width, count) for i, count in enumerate(self.counts)
        ]

    def bin_of(self, value: float) -> int:
        """The bin of a value: from its lower end up to, without, its upper end."""
        return min(max(int((value - self.low) // self.width), 0), len(self.counts) - 1)


def histogram(values: ArrayLike, parameters: ScoreParameters = METHOD.scores) -> Histogram:
    """Count 偏差値 in bins, 5 points from 20 to 80 by default. NaN is counted nowhere.

    Example: 19, 20, 24.9, 25 gives 3 in the first bin and 1 in the second.
    """
    low, high, width = parameters.histogram
    bins = round((high - low) / width)
    numbers = np.asarray(values, dtype=np.float64)
    numbers = numbers[~np.isnan(numbers)]
    where = np.clip(np.floor_divide(numbers - low, width), 0, bins - 1).astype(np.int64)
    return Histogram(low, width, tuple(int(count) for count in np.bincount(where, minlength=bins)))
