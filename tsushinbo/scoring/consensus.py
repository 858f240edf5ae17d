"""What people agree on who otherwise disagree, 「立場をこえた支持」: what may be shown of the factor model (see factors), and when.

Below some ten ballots a voter the factor is noise, and c is worse than a plain share. So nothing is shown unless the voters have enough ballots and two
halves of them see alike what divides; and of a pledge nothing unless both camps have judged it.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tsushinbo.scoring.factors import Fit, checked, fit
from tsushinbo.scoring.method import METHOD, ConsensusParameters

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Consensus:
    """What a run keeps of each pledge, arrays of shape (pledges,), and why it may be shown or not.

    ``open`` is the gate of the site: enough ballots a voter, and a factor that two halves of the voters find alike. ``shown`` is the gate
    of the pledge, always closed when the site's is. ``bridging`` marks 「立場をこえた支持」: shown, little divided, and supported on both
    sides. ``low_support`` is the smaller of the posterior supports of the two sides.
    """

    open: bool
    median_ballots: float
    stability: float
    voters: int
    fit: Fit = field(repr=False)
    shown: Flags
    bridging: Flags
    low_support: Floats

    @property
    def intercept(self) -> Floats:
        """c of each pledge: support beyond the camps, to order by where shown."""
        return self.fit.intercept


def consensus(
    voter: ArrayLike,
    pledge: ArrayLike,
    choice: ArrayLike,
    *,
    voters: int,
    pledges: int,
    prior: tuple[float, float] = (1.0, 1.0),
    stable: float | None = None,
    method: ConsensusParameters = METHOD.consensus,
) -> Consensus:
    """Fit the ballots and decide what may be shown of it.

    voter, pledge: shape (n,), numbers from 0 below ``voters`` and ``pledges``, no pair twice; choice: 1 or 0. Their order does not matter.
    prior: α and β of the support of a pledge's side (see tsushinbo.scoring.betabinomial); the even prior leaves the side of one half as it is.
    stable: what ``stability_of_used`` gave, where it was asked before.
    Only voters with ``method.voter_ballots`` or more are used. Raises ValueError on a pair that is there twice or a number out of range.
    """
    u, i, y = checked(voter, pledge, choice, voters, pledges)
    used, median = typical_ballots(u, voters=voters, method=method)
    keep = used[u]
    u, i, y = u[keep], i[keep], y[keep]
    solved = fit(u, i, y, voters=voters, pledges=pledges, method=method)

    sides = []
    for side in (solved.voter_factor < 0, solved.voter_factor > 0):
        here = side[u]
        n = np.bincount(i[here], minlength=pledges)
        good = np.bincount(i[here], y[here], minlength=pledges)
        sides.append((n, (good + prior[0]) / (n + prior[0] + prior[1])))
    (n_left, support_left), (n_right, support_right) = sides

    if stable is None:
        stable = stability_of_used(voter, pledge, choice, voters=voters, pledges=pledges, method=method)
    gate = median >= method.median_ballots and stable >= method.stable
    enough = (n_left + n_right >= method.pledge_ballots) & (np.minimum(n_left, n_right) >= method.voters_a_side)
    shown = enough & gate
    low = np.minimum(support_left, support_right)
    spread = _root_mean_square(solved.factor[enough])
    divided = np.abs(solved.factor) > method.undivided * spread
    return Consensus(
        open=bool(gate),
        median_ballots=median,
        stability=stable,
        voters=int(used.sum()),
        fit=solved,
        shown=shown,
        bridging=shown & ~divided & (low >= 0.5),
        low_support=low,
    )


def typical_ballots(
    voter: ArrayLike, *, voters: int, method: ConsensusParameters = METHOD.consensus
) -> tuple[Flags, float]:
    """Return who has enough ballots to be used, shape (voters,), and the median of their ballots: below the gate's nothing need be fitted."""
    ballots_of = np.bincount(np.asarray(voter), minlength=voters)
    used = ballots_of >= method.voter_ballots
    return used, float(np.median(ballots_of[used])) if used.any() else 0.0


def stability_of_used(
    voter: ArrayLike,
    pledge: ArrayLike,
    choice: ArrayLike,
    *,
    voters: int,
    pledges: int,
    method: ConsensusParameters = METHOD.consensus,
) -> float:
    """Return the stability that decides on the gate of the site: that of the voters with enough ballots, 0 where their median is too low.

    It costs about half of ``consensus``, which is in vain where the gate stays closed.
    """
    u, i, y = checked(voter, pledge, choice, voters, pledges)
    used, median = typical_ballots(u, voters=voters, method=method)
    if median < method.median_ballots:
        return 0.0
    keep = used[u]
    return stability(u[keep], i[keep], y[keep], voters=voters, pledges=pledges, method=method)


def stability(
    voter: ArrayLike,
    pledge: ArrayLike,
    choice: ArrayLike,
    *,
    voters: int,
    pledges: int,
    method: ConsensusParameters = METHOD.consensus,
) -> float:
    """Return how alike two halves of the voters, drawn by the seed, see what divides: |Spearman| of the pledge factors, 0 to 1.

    Compared are the pledges with enough ballots in both halves; fewer than three of them give 0. Where the factor is noise it is near 0.
    """
    u, i, y = checked(voter, pledge, choice, voters, pledges)
    generator = np.random.default_rng(method.seed)
    first = generator.permutation(voters) < voters // 2
    factors, enough = [], np.ones(pledges, dtype=bool)
    for seed, half in enumerate((first[u], ~first[u]), start=method.seed + 1):
        solved = fit(u[half], i[half], y[half], voters=voters, pledges=pledges, seed=seed, method=method)
        factors.append(solved.factor)
        enough &= np.bincount(i[half], minlength=pledges) >= method.pledge_ballots
    if np.count_nonzero(enough) < 3:
        return 0.0
    return abs(_spearman(factors[0][enough], factors[1][enough]))


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt((values * values).mean())) if len(values) else 0.0


def _spearman(first: Floats, second: Floats) -> float:
    """Spearman's correlation of ranks, 0 where one of the two does not vary. Sums by NumPy: no dependence on threads."""
    a, b = _centred_ranks(first), _centred_ranks(second)
    size = np.sqrt((a * a).sum() * (b * b).sum())
    return float((a * b).sum() / size) if size > 0 else 0.0


def _centred_ranks(values: Floats) -> Floats:
    """Ranks with a mean of 0; equal values share the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranks - ranks.mean()
