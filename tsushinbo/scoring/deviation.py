"""偏差値: where a value stands among its population, on the scale of Japanese school reports."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Unplaced(StrEnum):
    """Why a population has no 偏差値."""

    FEW = "few_members"
    ALIKE = "no_spread"


@dataclass(frozen=True)
class Scale:
    """The 偏差値 scale of a population: 平均 and 標準偏差 of its members, and how much of the spread is real.

    ``mean`` and ``sd`` (population standard deviation, ddof = 0) are in the unit of the values. ``spread`` is the standard deviation that the
    true values are estimated to have: each value is drawn towards the mean, so ``sd`` lies below it. ``least`` members are needed.
    """

    members: int
    mean: float
    sd: float
    spread: float
    least: int

    @classmethod
    def of(cls, values: ArrayLike, errors: ArrayLike | None = None, *, least: int) -> "Scale":
        """Measure the members' values. ``errors`` are their standard errors, where known. Raises ValueError on NaN."""
        members = np.asarray(values, dtype=np.float64)
        if np.isnan(members).any():
            raise ValueError("a value is missing (NaN)")
        if not members.size:
            return cls(members=0, mean=0.0, sd=0.0, spread=0.0, least=least)
        # Taken from one of the values, so that equal values have a spread of exactly nothing.
        away = members - members[0]
        variance = float(np.mean((away - np.mean(away)) ** 2))
        unknown = 0.0 if errors is None else float(np.mean(np.asarray(errors, dtype=np.float64) ** 2))
        return cls(
            members=int(members.size),
            mean=float(members[0] + np.mean(away)),
            sd=float(np.sqrt(variance)),
            spread=float(np.sqrt(variance + unknown)),
            least=least,
        )

    @property
    def reason(self) -> Unplaced | None:
        """Why there is no 偏差値; None when there is one."""
        if self.members < self.least:
            return Unplaced.FEW
        return Unplaced.ALIKE if self.sd == 0 else None

    @property
    def reliability(self) -> float:
        """The share of the true spread that the values show, between 0 and 1: sd²/spread²."""
        return self.sd**2 / self.spread**2 if self.spread else 0.0

    def place(self, values: ArrayLike) -> Floats:
        """Return 50 + 10 (value - mean)/sd of each value; NaN where the population has no 偏差値."""
        values = np.asarray(values, dtype=np.float64)
        if self.reason:
            return np.full(values.shape, np.nan)
        return np.asarray(50 + 10 * (values - self.mean) / self.sd)


def deviation_scores(values: ArrayLike) -> Floats:
    """Return the 偏差値 of each value within ``values``, however few they are.

    values: shape (n,), any unit, no NaN. Result: shape (n,), points, mean 50 and standard deviation 10.
    Population standard deviation (ddof = 0). All values equal gives NaN: there is nothing to tell apart. Raises ValueError on NaN.
    Example: 2, 4, 6 gives 37.75, 50.00, 62.25.
    """
    return Scale.of(values, least=0).place(values)
