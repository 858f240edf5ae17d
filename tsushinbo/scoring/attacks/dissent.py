"""How many honest voters of one mind there must be, told by those who disagree.

A crowd disagrees with itself, a campaign does not. Of honest voters with k ballots on the same few politicians, the number that goes one
way follows a beta-binomial law, so those who are of two minds, or of the other mind, tell how many are of one. Only what is in excess
of it can be a campaign.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit, gammaln

from tsushinbo.scoring.method import AttackParameters

type Floats = NDArray[np.float64]
type Integers = NDArray[np.integer]

# Where the share and its likeness within a voter are looked for.
_SHARES = np.linspace(0.04, 0.96, 24)
_LIKENESS = np.array([0.02, 0.05, 0.08, 0.12, 0.17, 0.23, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])


def is_one_sided(agreeing: Integers, ballots: Integers, method: AttackParameters) -> NDArray[np.bool_]:
    """Whether (nearly) all of a voter's ballots agree with a pattern."""
    return agreeing >= method.one_sided * ballots - 1e-9


def chance_of_one_mind(share: Floats, likeness: float, most: int, method: AttackParameters) -> Floats:
    """The chance that an honest voter with k ballots is one-sided; shape (shares, most + 1), k from 0.

    Beta-binomial: each voter has an own share, drawn from a beta law with mean ``share`` and a correlation of ``likeness`` between two ballots
    of a voter, so that α + β = 1/likeness - 1.
    """
    alpha, beta = _alpha_beta(share, likeness)
    chances = np.zeros((len(share), most + 1))
    for k in range(1, most + 1):
        m = np.arange(k + 1)
        m = m[is_one_sided(m, np.full(k + 1, k), method)]
        chances[:, k] = np.exp(_log_beta_binomial(m, np.full(len(m), k), alpha[:, None], beta[:, None])).sum(axis=1)
    return chances


def likeness_of_site(
    ballots: Integers,
    share: Floats,
    all_for: NDArray[np.bool_],
    all_against: NDArray[np.bool_],
    method: AttackParameters,
) -> float:
    """How alike two ballots of an honest voter are on this site, told by how many voters are of one mind.

    ballots, share: of each concentrated voter, the ballots and the usual share of 支持; all_for, all_against: who is of one mind.
    For each of the two directions the likeness that explains their number; of the two the smaller, since a campaign adds to one of them.
    """
    most = method.most_ballots
    k = np.minimum(ballots, most)
    places = np.clip(np.rint((share - 0.04) / 0.04).astype(int), 0, len(_SHARES) - 1)
    times = np.bincount(places * (most + 1) + k, minlength=len(_SHARES) * (most + 1)).reshape(len(_SHARES), most + 1)
    answers = []
    for seen, flip in ((np.count_nonzero(all_for), False), (np.count_nonzero(all_against), True)):
        expected = []
        for likeness in _LIKENESS:
            chance = chance_of_one_mind(1 - _SHARES if flip else _SHARES, float(likeness), most, method)
            expected.append(float((chance * times).sum()))
        answers.append(float(np.interp(seen, expected, _LIKENESS)))
    return float(np.clip(min(answers), *method.likeness_bounds))


def honest_of_one_mind(
    agreeing: Integers,
    ballots: Integers,
    part: float,
    unseen: float,
    share: float,
    likeness: float,
    method: AttackParameters,
) -> float:
    """How many honest one-sided voters to expect beside the others, given here.

    agreeing, ballots: shape (n,), of the voters who are not one-sided in the pattern's sense: of two minds, or of the other one. Each counts as ``part`` of a
    voter. share: the pattern's usual share; likeness: that of the site. For each of a grid of laws its likelihood, given that
    none of these is one-sided, times a prior around the two; for each the number is Σ chance/(1 - chance) over the voters, and ``unseen`` more who might have been there. The
    answer is the number that is not exceeded with a probability of ``method.caution``.
    """
    most = min(int(ballots.max(initial=method.focus_ballots)), method.most_ballots)
    k = np.minimum(ballots, most)
    m = np.rint(agreeing * k / np.maximum(ballots, 1)).astype(np.int64)
    pairs, counts = np.unique(np.column_stack([k, m]), axis=0, return_counts=True)
    k, m = pairs.T
    times = part * counts
    typical = np.array([method.focus_ballots]) if not len(k) else k
    apart = _logit(_SHARES) - _logit(np.clip(share, 0.02, 0.98))
    # Rather more of the pattern's mind than usual than less: two camps would else pass for one camp and a campaign.
    about = -(apart**2) / (2 * np.where(apart > 0, method.share_spread, method.share_spread_below) ** 2)
    logs, expected = [], []
    for one in _LIKENESS:
        chance = chance_of_one_mind(_SHARES, float(one), most, method)
        alpha, beta = _alpha_beta(_SHARES, float(one))
        log = _log_beta_binomial(m, k, alpha[:, None], beta[:, None]) - np.log1p(-chance[:, k])
        prior = about - (np.log(one / likeness)) ** 2 / (2 * method.likeness_spread**2)
        logs.append((log * times).sum(axis=1) + prior)
        odds = chance / (1 - chance)
        expected.append((odds[:, k] * times).sum(axis=1) + unseen * odds[:, typical].mean(axis=1))
    log, number = np.array(logs).ravel(), np.array(expected).ravel()
    weight = np.exp(log - log.max())
    order = np.argsort(number, kind="stable")
    reached = np.searchsorted(np.cumsum(weight[order]) / weight.sum(), method.caution)
    return float(number[order][min(int(reached), len(number) - 1)])


def chance_of_campaign(
    agreeing: Integers, ballots: Integers, odds: float, share: float, likeness: float, method: AttackParameters
) -> Floats:
    """The posterior chance that a voter is one of a campaign's who agrees with it in so many of so many ballots.

    odds: of a voter there being one of the campaign's. Of the campaign's ballots the share ``method.obedience`` agree, of an honest voter's those
    of the beta-binomial law.
    """
    k = np.minimum(ballots, method.most_ballots)
    m = np.rint(agreeing * k / np.maximum(ballots, 1)).astype(np.int64)
    alpha, beta = _alpha_beta(np.full(1, min(max(share, 0.02), 0.98)), likeness)
    of_campaign = _log_ways(m, k) + m * np.log(method.obedience) + (k - m) * np.log1p(-method.obedience)
    chance: Floats = expit(np.log(max(odds, 1e-9)) + of_campaign - _log_beta_binomial(m, k, alpha, beta))
    return chance


def _alpha_beta(share: Floats, likeness: float) -> tuple[Floats, Floats]:
    together = 1 / likeness - 1
    return share * together, (1 - share) * together


def _log_beta_binomial(m: Integers, k: Integers, alpha: Floats, beta: Floats) -> Floats:
    """Log of the chance of m of k, shape of alpha broadcast with m."""
    log: Floats = _log_ways(m, k) + betaln(m + alpha, k - m + beta) - betaln(alpha, beta)
    return log


def _log_ways(m: Integers, k: Integers) -> Floats:
    """Log of the number of ways to choose m of k."""
    n, x = k.astype(np.float64), m.astype(np.float64)
    log: Floats = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return log


def _logit(share: Floats | float) -> Floats:
    x = np.asarray(share, dtype=np.float64)
    logit: Floats = np.log(x) - np.log1p(-x)
    return logit
