"""One factor for what divides, and intercepts for the rest: the model behind 「立場をこえた支持」.

A ballot y of voter u on pledge i (1 支持, 0 不支持) is written as

    y ≈ μ + b_u + c_i + f_u·g_i

b_u is how readily the voter supports anything, f_u·g_i what the two camps make of the pledge, and c_i what is left: support that does not
hang on the camp. Minimised is

    mean(e²) + λ₁·(mean(b²) + mean(c²) + μ²) + λ₂·(mean(f²) + mean(g²)),

the model published by Community Notes (Wojcik et al., "Birdwatch: Crowd Wisdom and Bridging Algorithms", 2022), with a weaker ridge on the
factors than theirs (λ₁ = 5·λ₂): a factor drawn less towards 0 takes more of what divides out of c. For fixed
voters each pledge has a closed solution, and the other way round: with n ballots and t = y - μ - b_u

    (n + l₁)·c +        Σf·g = Σt
          Σf·c + (Σf² + l₂)·g = Σt·f       l₁ = λ₁·N/pledges, l₂ = λ₂·N/pledges

so a sweep is a few products of a sparse matrix with a few vectors: O(ballots). The factor of a person leaves this module only inside a
Fit, for late ballots and the next start of the same process; it is never to be stored or shown.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tsushinbo.scoring.extrapolation import Extrapolation
from tsushinbo.scoring.method import METHOD, ConsensusParameters

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Fit:
    """A solution. Arrays of pledges have shape (pledges,), of voters (voters,); who has no ballot in it has 0."""

    mean: float
    intercept: Floats
    factor: Floats
    objective: float
    sweeps: int
    ballots: int
    # Private to the process: see the module.
    voter_intercept: Floats = field(repr=False)
    voter_factor: Floats = field(repr=False)
    pledge_ridge: tuple[float, float] = field(repr=False)


def fit(
    voter: ArrayLike,
    pledge: ArrayLike,
    choice: ArrayLike,
    *,
    voters: int,
    pledges: int,
    seed: int | None = None,
    start: Fit | None = None,
    method: ConsensusParameters = METHOD.consensus,
) -> Fit:
    """Solve the model over all ballots given, from seeded random starts or from an earlier solution.

    Arrays as in ``consensus``; choice may also be 0.5. ``start`` may know fewer pledges than there are now. The sign is fixed so that the
    larger camp of voters is negative. The same ballots give the same bytes, whatever their order and however many threads there are.
    """
    u, i, y = checked(voter, pledge, choice, voters, pledges)
    problem = _Problem(u, i, y, voters, pledges, method)
    if start is None:
        start = _first_look(u, i, y, voters, pledges, method.seed if seed is None else seed, method)
    return problem.finish(start.mean, start.intercept, start.factor)


class FoldIn:
    """Late ballots on a fit, each O(1): five sums a pledge, with the voters as the fit left them (a new voter has b = f = 0).

    Example: fold = FoldIn(solved, voter, pledge, choice); fold.add(7, 3, 1); fold.intercept(3). Of a changed ballot the old choice is taken out
    first, with times=-1.
    """

    def __init__(self, solved: Fit, voter: ArrayLike, pledge: ArrayLike, choice: ArrayLike) -> None:
        """Begin from the ballots that were fitted: the sums of them are taken once, O(ballots)."""
        self._fit = solved
        self._sums = np.zeros((len(solved.intercept), 5))
        self.add_many(voter, pledge, choice)

    def add(self, voter: int, pledge: int, choice: float, *, times: int = 1) -> None:
        """Count one ballot; ``times=-1`` takes it out again."""
        known = voter < len(self._fit.voter_factor)
        f = float(self._fit.voter_factor[voter]) if known else 0.0
        t = choice - self._fit.mean - (float(self._fit.voter_intercept[voter]) if known else 0.0)
        self._sums[pledge] += (times, times * f, times * f * f, times * t, times * t * f)

    def add_many(self, voter: ArrayLike, pledge: ArrayLike, choice: ArrayLike) -> None:
        """Count many ballots: O(pledges + ballots)."""
        u, i, y = _arrays(voter, pledge, choice)
        known = u < len(self._fit.voter_factor)
        at = np.where(known, u, 0)
        f = np.where(known, self._fit.voter_factor[at], 0.0)
        t = y - self._fit.mean - np.where(known, self._fit.voter_intercept[at], 0.0)
        for column, terms in enumerate((None, f, f * f, t, t * f)):
            self._sums[:, column] += np.bincount(i, terms, minlength=len(self._sums))

    def intercept(self, pledge: int) -> float:
        """Return c of one pledge with its late ballots."""
        n, f, squares, t, products = self._sums[pledge].tolist()
        first, second = n + self._fit.pledge_ridge[0], squares + self._fit.pledge_ridge[1]
        determinant = first * second - f * f
        return float((second * t - f * products) / determinant) if determinant > 0 else 0.0

    def intercepts(self) -> Floats:
        """Return c of all pledges."""
        return _two_by_two(*self._sums.T, ridge=self._fit.pledge_ridge)[0]


@dataclass(frozen=True)
class _Side:
    """The ballots seen from the voters or from the pledges: a row for each of them, a column for each of the others."""

    ballots: sparse.csr_array
    choices: sparse.csr_array
    count: Floats
    total: Floats
    ridge: tuple[float, float]

    def solve(self, mean: float, intercept: Floats, factor: Floats) -> tuple[Floats, Floats, float, Floats]:
        """Solve every row, given the others; also return the fall of the penalised sum of squares and Σfactor of each row."""
        others = np.column_stack([factor, factor * factor, intercept, intercept * factor])
        sums, squares, intercepts, mixed = (self.ballots @ others).T
        rest = self.total - mean * self.count - intercepts
        products = self.choices @ factor - mean * sums - mixed
        own, own_factor = _two_by_two(self.count, sums, squares, rest, products, ridge=self.ridge)
        return own, own_factor, float((own * rest + own_factor * products).sum()), sums


class _Problem:
    """The ballots in the two shapes that the sweeps need."""

    def __init__(
        self, voter: Integers, pledge: Integers, choice: Floats, voters: int, pledges: int, method: ConsensusParameters
    ) -> None:
        self.method = method
        self.ballots = len(choice)
        by_pledge, by_voter = _both_ways(np.ones(self.ballots), voter, pledge, voters, pledges)
        if by_pledge.nnz and by_pledge.data.max() > 1:
            raise ValueError("a voter has two ballots on one pledge")
        chosen = choice != 0
        good_by_pledge, good_by_voter = _both_ways(choice[chosen], voter[chosen], pledge[chosen], voters, pledges)
        self.voters = _side(by_voter, good_by_voter, np.bincount(voter, minlength=voters), self.ballots, method)
        self.pledges = _side(by_pledge, good_by_pledge, np.bincount(pledge, minlength=pledges), self.ballots, method)
        self.total = float(self.pledges.total.sum())
        self.squares = float((good_by_pledge.data**2).sum())

    def random(self, seed: int) -> tuple[float, Floats, Floats]:
        """A cold start: the mean of the choices, intercepts 0, factors of a small spread."""
        draws = np.random.default_rng(seed).normal(0, self.method.start_sd, len(self.pledges.count))
        mean = self.total / (max(self.ballots, 1) * (1 + self.method.ridge_intercept))
        return mean, np.zeros(len(draws)), np.where(self.pledges.count > 0, draws, 0.0)

    def finish(
        self, mean: float, intercept: Floats, factor: Floats, *, tolerance: float | None = None, leap: bool = True
    ) -> Fit:
        """Sweep from these pledges until the objective rests: voters, objective, pledges, mean. Fix the sign at the end.

        ``leap`` extrapolates (see Extrapolation). It pays near the goal, and is a hindrance far from it.
        """
        tolerance = self.method.tolerance if tolerance is None else tolerance
        size = len(self.pledges.count)
        c, g = np.zeros(size), np.zeros(size)
        c[: len(intercept)], g[: len(factor)] = intercept, factor
        b, f = np.zeros((2, len(self.voters.count)))
        lowest, sweeps, extrapolation = np.inf, 0, Extrapolation()
        while self.ballots and sweeps < self.method.most_sweeps:
            sweeps += 1
            b, f, fall, _ = self.voters.solve(mean, c, g)
            objective = self._objective(mean, c, g, fall)
            if abs(lowest - objective) <= tolerance:
                lowest = objective
                break
            if objective > lowest and extrapolation.leapt:
                c, g, mean = _unpack(extrapolation.undo())
                continue
            lowest = objective
            before = np.concatenate([c, g, [mean]])
            c, g, _, sums = self.pledges.solve(mean, b, f)
            explained = (self.voters.count * b).sum() + (self.pledges.count * c).sum() + (g * sums).sum()
            mean = (self.total - explained) / (self.ballots * (1 + self.method.ridge_intercept))
            if leap:
                c, g, mean = _unpack(extrapolation.next(before, np.concatenate([c, g, [mean]])))
        flip = -1.0 if np.count_nonzero(f > 0) > np.count_nonzero(f < 0) else 1.0
        return Fit(
            mean=float(mean),
            intercept=c,
            factor=flip * g,
            objective=float(lowest) if self.ballots else 0.0,
            sweeps=sweeps,
            ballots=self.ballots,
            voter_intercept=b,
            voter_factor=flip * f,
            pledge_ridge=self.pledges.ridge,
        )

    def _objective(self, mean: float, c: Floats, g: Floats, fall: float) -> float:
        """The objective from sums alone, with the voters at their best for these pledges."""
        n, side = self.ballots, self.pledges
        squares = self.squares - 2 * mean * self.total - 2 * (c * side.total).sum()
        squares += n * mean**2 + 2 * mean * (side.count * c).sum() + (side.count * c * c).sum()
        ridge = side.ridge[0] * (c * c).sum() + side.ridge[1] * (g * g).sum()
        return float((squares - fall + ridge) / n + self.method.ridge_intercept * mean**2)


def _unpack(state: Floats) -> tuple[Floats, Floats, float]:
    middle = len(state) // 2
    return state[:middle], state[middle:-1], float(state[-1])


def _first_look(
    voter: Integers, pledge: Integers, choice: Floats, voters: int, pledges: int, seed: int, method: ConsensusParameters
) -> Fit:
    """Solve, from several random starts, the ballots of the most active voters, who tell the camps best; return the best solution.

    It brings the sweeps over all ballots near their goal, where they are quick, for a tenth of the cost of finding the way with all.
    """
    count = np.bincount(voter, minlength=voters)
    busiest = np.argsort(-count, kind="stable")
    wanted = max(method.trial_share * len(voter), method.trial_ballots)
    taken = np.zeros(voters, dtype=bool)
    taken[busiest[: int(np.searchsorted(np.cumsum(count[busiest]), wanted)) + 1]] = True
    keep = taken[voter]
    problem = _Problem(voter[keep], pledge[keep], choice[keep], voters, pledges, method)
    starts = (problem.random(seed + number) for number in range(method.starts))
    solved = [problem.finish(*start, tolerance=method.trial_tolerance, leap=False) for start in starts]
    return min(solved, key=lambda one: one.objective)


def _both_ways(
    values: Floats, voter: Integers, pledge: Integers, voters: int, pledges: int
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """The values by pledge and by voter. SciPy sorts each row by column, so the order of the ballots leaves no trace."""
    places = (pledge.astype(np.int32), voter.astype(np.int32))
    by_pledge = sparse.csr_array((values, places), shape=(pledges, voters))
    by_pledge.sum_duplicates()
    return by_pledge, by_pledge.T.tocsr()


def _side(
    ballots: sparse.csr_array, choices: sparse.csr_array, count: Integers, n: int, method: ConsensusParameters
) -> _Side:
    with_ballots = max(int(np.count_nonzero(count)), 1)
    ridge = (method.ridge_intercept * n / with_ballots, method.ridge_factor * n / with_ballots)
    return _Side(ballots, choices, count.astype(np.float64), np.asarray(choices.sum(axis=1)), ridge)


def _two_by_two(
    count: Floats, sums: Floats, squares: Floats, rest: Floats, products: Floats, *, ridge: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Solve the normal equations of the module for each row. A row without ballots, or without any ridge, gives 0."""
    first, second = count + ridge[0], squares + ridge[1]
    determinant = first * second - sums * sums
    determinant = np.where(determinant > 0, determinant, np.inf)
    return (second * rest - sums * products) / determinant, (first * products - sums * rest) / determinant


def _arrays(voter: ArrayLike, pledge: ArrayLike, choice: ArrayLike) -> tuple[Integers, Integers, Floats]:
    """Ballots as arrays of one dimension."""
    u, i = np.atleast_1d(np.asarray(voter, dtype=np.int64)), np.atleast_1d(np.asarray(pledge, dtype=np.int64))
    return u, i, np.atleast_1d(np.asarray(choice, dtype=np.float64))


def checked(
    voter: ArrayLike, pledge: ArrayLike, choice: ArrayLike, voters: int, pledges: int
) -> tuple[Integers, Integers, Floats]:
    """Return voter, pledge and choice as arrays. Raises ValueError on a number out of range or columns of different length."""
    u, i, y = _arrays(voter, pledge, choice)
    if not len(u) == len(i) == len(y):
        raise ValueError("voter, pledge and choice must be of one length")
    if len(u) and not (u.min() >= 0 and u.max() < voters and i.min() >= 0 and i.max() < pledges):
        raise ValueError("a voter or pledge is out of range")
    if len(y) and not (y.min() >= 0 and y.max() <= 1):
        raise ValueError("a choice is between 0 and 1")
    return u, i, y
