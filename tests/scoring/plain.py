"""The factor model of tsushinbo.scoring.consensus in plain NumPy and nothing clever: what it is tested and measured against."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plain:
    """A solution by alternating sums: intercepts and factors of voters and pledges."""

    mean: float
    voter_intercept: Floats
    voter_factor: Floats
    intercept: Floats
    factor: Floats
    objective: float
    sweeps: int


def solve(voter, pledge, choice, voters: int, pledges: int, seed: int = 1, tolerance: float = 1e-7) -> Plain:
    """Sweep from one random start until the objective moves no more: five weighted ``bincount`` for each half of a sweep."""
    n = len(voter)
    people, many = len(np.unique(voter)), len(np.unique(pledge))
    c, g = np.zeros(pledges), np.random.default_rng(seed).normal(0, 0.3, pledges)
    b, f, mean, before, sweeps = np.zeros(voters), np.zeros(voters), float(choice.mean()), np.inf, 0
    while sweeps < 400:
        sweeps += 1
        b, f = _half(voter, pledge, choice - mean, c, g, voters, n / people)
        c, g = _half(pledge, voter, choice - mean, b, f, pledges, n / many)
        rest = choice - b[voter] - c[pledge] - f[voter] * g[pledge]
        mean = float(rest.sum() / (n * 1.15))
        objective = ((rest - mean) ** 2).mean() + 0.15 * ((b**2).sum() / people + (c**2).sum() / many + mean**2)
        objective = float(objective + 0.03 * ((f**2).sum() / people + (g**2).sum() / many))
        if abs(before - objective) <= tolerance:
            break
        before = objective
    return Plain(mean, b, f, c, g, objective, sweeps)


def _half(own, other, rest, intercept, factor, rows: int, ballots_each: float) -> tuple[Floats, Floats]:
    f = factor[other]
    t = rest - intercept[other]
    n, s, ss, st, sf = (np.bincount(own, weights, rows) for weights in (None, f, f * f, t, t * f))
    first, second = n + 0.15 * ballots_each, ss + 0.03 * ballots_each
    determinant = first * second - s * s
    return (second * st - s * sf) / determinant, (first * sf - s * st) / determinant
