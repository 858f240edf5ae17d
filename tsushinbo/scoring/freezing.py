"""Rows of a ranking in the order of their places, and how they stand when some keep an earlier value while a sudden change is looked at."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring import ranks
from tsushinbo.scoring.method import METHOD, ScoreParameters

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Standings:
    """A ranking, all columns of one length. ``subject`` is any number that tells rows apart, and orders equal values.

    error: standard error in the unit of the value, NaN for what is exact; n: how many opinions are behind the value.
    """

    subject: Integers
    value: Floats
    error: Floats
    n: Integers
    place: Integers
    place_low: Integers
    place_high: Integers
    frozen: NDArray[np.bool_]

    def rows(self, order: Integers) -> "Standings":
        """These rows, in this order."""
        return replace(self, **{field.name: getattr(self, field.name)[order] for field in fields(self)})


@dataclass(frozen=True)
class Earlier:
    """Values that some subjects had in an earlier run."""

    subject: Integers
    value: Floats
    error: Floats
    n: Integers


def freeze(standings: Standings, earlier: Earlier, parameters: ScoreParameters = METHOD.scores) -> Standings:
    """Give who stood there before the earlier value back, and make the places of all anew.

    Who is in ``earlier`` but not ranked any more stays out, who is new stays as worked out now. Places and their ranges follow from the values
    that are left, ranges without draws (see ranks.ranges_expected). With nobody to freeze the standings are returned as they are.
    Example: values 70, 60, 50 of subjects 1, 2, 3; subject 3 had 65 before: now 70, 65, 60 of 1, 3, 2, and subject 3 is frozen.
    """
    order = np.argsort(earlier.subject, kind="stable")
    known = earlier.subject[order]
    at = np.minimum(np.searchsorted(known, standings.subject), max(known.size - 1, 0))
    kept = np.zeros(standings.subject.size, dtype=bool)
    if known.size:
        kept = known[at] == standings.subject
    if not kept.any():
        return standings
    before = order[at[kept]]
    value, error, n = standings.value.copy(), standings.error.copy(), standings.n.copy()
    value[kept], error[kept], n[kept] = earlier.value[before], earlier.error[before], earlier.n[before]
    changed = replace(standings, value=value, error=error, n=n, frozen=standings.frozen | kept)
    changed = changed.rows(np.lexsort((standings.subject, -value)))
    low, high = ranks.ranges_expected(changed.value, changed.error, parameters)
    return replace(changed, place=ranks.places(changed.value), place_low=low, place_high=high)
