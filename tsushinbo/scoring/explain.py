"""The whole computation of one politician or party, as a plain dictionary that a reader can check with pencil and paper.

Every number of a report card is in it, with all that it is made of: counts, parameters, and each step in between. Nothing is computed
here a second time: the steps come from the functions that a run uses.
"""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.composite import Judged, Sums, column, weights
from tsushinbo.scoring.method import DIMENSIONS, METHOD, SHARES, Method
from tsushinbo.scoring.ruler import Ruler, Totals, interval, populations_of
from tsushinbo.scoring.shares import Z, wilson
from tsushinbo.scoring.tallies import Tallies


def explain(ruler: Ruler, tallies: Tallies, kind: str, method: Method = METHOD) -> dict[str, Any]:
    """Return the computation of the owner of these pledges, on the ruler of a run.

    tallies: all published pledges of one owner, judged or not. kind: one of KINDS. The result holds only dictionaries, lists, strings, numbers
    and None. With the ruler and the tallies of a run it gives that run's numbers; with newer tallies, today's on the same ruler.
    """
    parameters = method.scores
    tallies = tallies.ordered()
    nobody_else = np.zeros(tallies.pledge.size, dtype=np.int64)
    totals = ruler.totals(tallies, nobody_else, 1, parameters)
    dimensions = [_dimension(ruler, tallies, totals, number, method) for number in range(len(DIMENSIONS))]
    value, error = float(totals.value[0]), float(totals.error[0])
    evaluations, judged = int(totals.evaluations[0]), int(totals.judged[0])
    member = bool(totals.members(parameters)[0])
    return {
        "version": ruler.version,
        "kind": kind,
        "pledges": int(totals.pledges[0]),
        "judged_pledges": judged,
        "ballots": int(tallies.ballots.sum()),
        "assessments": int(tallies.assessments.sum()),
        "evaluations": evaluations,
        "dimensions": dimensions,
        "correlation": [list(row) for row in ruler.correlation],
        "total": {
            "formula": "Σ weight · value; error √(ΣΣ R · weight · error · weight · error)",
            "terms": [one["weight"] * one["value"] for one in dimensions],
            "value": value,
            "error": error,
            "interval": list(interval(value, error)),
        },
        "compared": member,
        "missing_evaluations": max(0, parameters.least_evaluations - evaluations),
        "missing_pledges": max(0, parameters.least_pledges - judged),
        "populations": [_population(ruler, name, value, error, member) for name in populations_of(kind, parameters)],
    }


def _dimension(ruler: Ruler, tallies: Tallies, totals: Totals, number: int, method: Method) -> dict[str, Any]:
    """One dimension: the prior, each judged pledge, and how they become the owner's value."""
    name, parameters = DIMENSIONS[number], method.scores
    prior, estimate = ruler.priors[name], totals.estimates[number]
    one = Judged.of(prior, tallies, np.zeros(tallies.pledge.size, dtype=np.int64), number)
    sums = Sums.of(one, prior, 1, parameters)
    counted = [int(total) for total in column(tallies, number)[0][one.rows]]
    reliability, chance, weight = prior.reliability(one.n), prior.chance(one.value, one.n), weights(one.n, parameters)
    variance = prior.variance(one.value, one.n)
    is_share = number < len(SHARES)
    # Rows have the names that the formulas of the documents use.
    pledges = [
        {
            "pledge": int(tallies.pledge[one.rows[i]]),
            "positive" if is_share else "sum": counted[i],
            "n": int(one.n[i]),
            **_raw(counted[i], int(one.n[i]), is_share, parameters.least_shown),
            "reliability": float(reliability[i]),
            "value": float(one.value[i]),
            "variance": float(variance[i]),
            "chance": float(chance[i]),
            "weight": float(weight[i]),
        }
        for i in range(one.rows.size)
    ]
    value, error, n = float(estimate.value[0]), float(estimate.error[0]), int(estimate.n[0])
    return {
        "name": name,
        "weight": parameters.weights[number],
        "prior": {
            **asdict(prior),
            "centre": prior.centre,
            "centre_variance": prior.centre_variance,
            "between": prior.between,
            "widening": prior.widening,
        },
        "resemblance": ruler.resemblance[name],
        "pledges": pledges,
        "sums": {key: _plain(column) for key, column in asdict(sums).items()},
        "stretch": float(estimate.stretch[0]),
        "hidden": float(estimate.hidden[0]),
        "chance": float(estimate.chance[0]),
        "n": n,
        "value": value,
        "error": error,
        "interval": list(interval(value, error)),
        "shown": n >= parameters.least_shown,
        "missing": max(0, parameters.least_shown - n),
    }


def _raw(total: int, n: int, is_share: bool, least: int) -> dict[str, Any]:
    """What the pledge's own page shows: the plain share with its Wilson interval, or the plain mean; None below the minimum."""
    if n < least:
        return {"raw": None, "raw_interval": None}
    if is_share:
        low, high = wilson(total, n)
        return {"raw": 100 * total / n, "raw_interval": [100 * low, 100 * high]}
    return {"raw": total / n, "raw_interval": None}


def _plain(column: NDArray[Any]) -> float | int:
    """The only row of a column."""
    number: float | int = column[0].item()
    return number


def _population(ruler: Ruler, name: str, value: float, error: float, member: bool) -> dict[str, Any]:
    """The scale of a population and where the owner stands on it, where both allow it."""
    scale = ruler.populations[name]
    placed = member and scale.reason is None
    ends = scale.place([value - Z * error, value + Z * error])
    return {
        "name": name,
        **asdict(scale),
        "reliability": scale.reliability,
        "reason": scale.reason.value if scale.reason else None,
        "deviation": float(scale.place(value)) if placed else None,
        "interval": [float(end) for end in ends] if placed else None,
    }
