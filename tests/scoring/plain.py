"""The factor model of tsushinbo.scoring.consensus in plain NumPy and nothing clever: what it is tested and measured against.

With the ridge on factors that Community Notes published it is the prototype that the method was first measured with, step by step.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

type Floats = NDArray[np.float64]

PUBLISHED = 0.03


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


def solve(
    voter, pledge, choice, voters: int, pledges: int, seed: int = 1, tolerance: float = 1e-7, ridge: float = PUBLISHED
) -> Plain:
    """Sweep from one random start until the objective moves no more: five weighted ``bincount`` for each half of a sweep."""
    n = len(voter)
    people, many = len(np.unique(voter)), len(np.unique(pledge))
    c, g = np.zeros(pledges), np.random.default_rng(seed).normal(0, 0.3, pledges)
    b, f, mean, before, sweeps = np.zeros(voters), np.zeros(voters), float(choice.mean()), np.inf, 0
    while sweeps < 400:
        sweeps += 1
        b, f = _half(voter, pledge, choice - mean, c, g, voters, n / people, ridge)
        c, g = _half(pledge, voter, choice - mean, b, f, pledges, n / many, ridge)
        rest = choice - b[voter] - c[pledge] - f[voter] * g[pledge]
        mean = float(rest.sum() / (n * 1.15))
        objective = ((rest - mean) ** 2).mean() + 0.15 * ((b**2).sum() / people + (c**2).sum() / many + mean**2)
        objective = float(objective + ridge * ((f**2).sum() / people + (g**2).sum() / many))
        if abs(before - objective) <= tolerance:
            break
        before = objective
    return Plain(mean, b, f, c, g, objective, sweeps)


def solve_sparse(voter, pledge, choice, voters: int, pledges: int, seed: int = 1, tolerance: float = 1e-7) -> Plain:
    """The same sweeps by products of sparse matrices, with the objective from sums alone: the prototype's quickest way, the published ridge."""
    n = len(voter)
    ballots = sparse.csr_array((np.ones(n), (voter, pledge)), shape=(voters, pledges))
    choices = sparse.csr_array((choice, (voter, pledge)), shape=(voters, pledges))
    back, chosen = ballots.T.tocsr(), choices.T.tocsr()
    cast, judged, said, heard = (np.asarray(one.sum(axis=1)) for one in (ballots, back, choices, chosen))
    people, many, total, squares = np.count_nonzero(cast), np.count_nonzero(judged), choice.sum(), (choice**2).sum()
    c, g = np.zeros(pledges), np.random.default_rng(seed).normal(0, 0.3, pledges)
    b, f, mean, before, objective, sweeps = np.zeros(voters), np.zeros(voters), total / n, np.inf, np.inf, 0
    while sweeps < 400:
        sweeps += 1
        b, f, _, _ = _products(ballots, choices, cast, said, mean, c, g, n / people)
        c, g, fall, factors = _products(back, chosen, judged, heard, mean, b, f, n / many)
        rest = squares - 2 * mean * total + n * mean**2 + (b * (cast * (b + 2 * mean) - 2 * said)).sum()
        ridge = n / people * (0.15 * (b**2).sum() + PUBLISHED * (f**2).sum())
        objective = float((rest - fall + ridge) / n + 0.15 * mean**2)
        mean = float((total - (cast * b).sum() - (judged * c).sum() - (g * factors).sum()) / (n * 1.15))
        if abs(before - objective) <= tolerance:
            break
        before = objective
    return Plain(mean, b, f, c, g, objective, sweeps)


def _products(ballots, choices, n, total, mean, intercept, factor, each: float) -> tuple[Floats, Floats, float, Floats]:
    s, ss, i, m = (ballots @ np.column_stack([factor, factor**2, intercept, intercept * factor])).T
    st, sf = total - mean * n - i, choices @ factor - mean * s - m
    first, second = n + 0.15 * each, ss + PUBLISHED * each
    determinant = first * second - s * s
    own, own_factor = (second * st - s * sf) / determinant, (first * sf - s * st) / determinant
    return own, own_factor, float((own * st + own_factor * sf).sum()), s


def _half(own, other, rest, intercept, factor, rows: int, ballots_each: float, ridge: float) -> tuple[Floats, Floats]:
    f = factor[other]
    t = rest - intercept[other]
    n, s, ss, st, sf = (np.bincount(own, weights, rows) for weights in (None, f, f * f, t, t * f))
    first, second = n + 0.15 * ballots_each, ss + ridge * ballots_each
    determinant = first * second - s * s
    return (second * st - s * sf) / determinant, (first * sf - s * st) / determinant
