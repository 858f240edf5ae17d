"""Fewer steps to a fixed point: Anderson's extrapolation."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]


class Extrapolation:
    """Guess where x ← step(x) is heading from the last few steps.

    With r = step(x) - x, the weights θ minimise |r - Σθ_k·Δr_k| over the last ``depth`` differences, and the next x is
    step(x) - Σθ_k·Δstep_k. Source: D. G. Anderson, "Iterative Procedures for Nonlinear Integral Equations", J. ACM 12 (1965), p. 547.
    The caller watches what it minimises, and calls ``undo`` after a guess that made it worse.
    """

    def __init__(self, depth: int = 3) -> None:
        """Remember ``depth`` differences: memory of 2·depth + 3 vectors."""
        self._depth = depth
        self._plain: Floats | None = None
        self._last: tuple[Floats, Floats] | None = None
        self._steps: list[Floats] = []
        self._residuals: list[Floats] = []

    @property
    def leapt(self) -> bool:
        """Whether the last answer was a guess and not the plain step."""
        return self._plain is not None

    def next(self, before: Floats, after: Floats) -> Floats:
        """Return where to go on from, given x and step(x)."""
        residual = after - before
        if self._last is not None:
            self._steps = [*self._steps, after - self._last[0]][-self._depth :]
            self._residuals = [*self._residuals, residual - self._last[1]][-self._depth :]
        self._last, self._plain = (after, residual), None
        if not self._steps:
            return after
        # Sums by NumPy and not by BLAS: their order does not depend on the number of threads.
        gram = np.array([[(a * b).sum() for b in self._residuals] for a in self._residuals])
        size = np.trace(gram)
        if not size > 0:
            return after
        target = np.array([(a * residual).sum() for a in self._residuals])
        weights = np.linalg.solve(gram + 1e-10 * size * np.eye(len(gram)), target)
        guess: Floats = after - np.add.reduce(
            [weight * step for weight, step in zip(weights, self._steps, strict=True)]
        )
        if not np.isfinite(guess).all():
            return after
        self._plain = after
        return guess

    def undo(self) -> Floats:
        """Return the plain step in place of the last guess, and forget the steps before it."""
        if self._plain is None:
            raise RuntimeError("there is no guess to undo")
        plain, self._plain, self._last = self._plain, None, None
        self._steps, self._residuals = [], []
        return plain
