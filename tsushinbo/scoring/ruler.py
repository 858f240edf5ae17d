"""What a run measured of everybody, and so all that is needed to place one pledge or one owner between two runs."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring import composite
from tsushinbo.scoring.assessments import RatingPrior
from tsushinbo.scoring.betabinomial import SharePrior
from tsushinbo.scoring.composite import Estimate, Judged, Prior, Sums
from tsushinbo.scoring.deviation import Scale, Unplaced
from tsushinbo.scoring.method import DIMENSIONS, KINDS, METHOD, SHARES, ScoreParameters
from tsushinbo.scoring.shares import Z
from tsushinbo.scoring.tallies import Tallies

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Totals:
    """Owners with their six dimensions and T, one row an owner.

    ``pledges`` counts all, ``judged`` those with a ballot or an assessment, ``evaluations`` ballots and assessments on them.
    """

    estimates: tuple[Estimate, ...]
    value: Floats
    error: Floats
    pledges: Integers
    judged: Integers
    evaluations: Integers

    def members(self, parameters: ScoreParameters = METHOD.scores) -> NDArray[np.bool_]:
        """Who has enough evaluations on enough pledges to be compared."""
        enough = self.evaluations >= parameters.least_evaluations
        return np.asarray(enough & (self.judged >= parameters.least_pledges))


@dataclass(frozen=True)
class Mark:
    """One row of a pledge's table: 得点 of 100, 偏差値 with its 95% interval, 平均点, 件数.

    Below the minimum ``points`` and ``deviation`` are not for showing.
    """

    dimension: str
    points: float
    n: int
    mean: float
    deviation: float | None
    interval: tuple[float, float] | None
    reason: Unplaced | None
    missing: int

    @property
    def shown(self) -> bool:
        """Whether there are enough to show a value."""
        return not self.missing


@dataclass(frozen=True)
class Ruler:
    """Priors and ρ of each dimension, R, the scale of each population, and of the pledges in each dimension. It travels as JSON."""

    version: str
    priors: dict[str, Prior]
    resemblance: dict[str, float]
    correlation: tuple[tuple[float, ...], ...]
    populations: dict[str, Scale]
    pledges: dict[str, Scale]

    def totals(
        self, tallies: Tallies, owner: Integers, owners: int, parameters: ScoreParameters = METHOD.scores
    ) -> Totals:
        """Return T of ``owners`` owners from their pledges, on this ruler. ``owner`` is each pledge's position among them."""
        pledges = np.bincount(owner, minlength=owners)
        estimates = []
        for number, dimension in enumerate(DIMENSIONS):
            prior = self.priors[dimension]
            sums = Sums.of(Judged.of(prior, tallies, owner, number), prior, owners, parameters)
            estimates.append(composite.estimate(sums, prior, self.resemblance[dimension], pledges))
        return assemble(estimates, np.array(self.correlation), tallies, owner, parameters)

    def mark(self, dimension: str, total: int, n: int, parameters: ScoreParameters = METHOD.scores) -> Mark:
        """Return a pledge's row in one dimension. total: positive ballots or the sum of the ratings, of ``n``. O(1)."""
        scale = self.pledges[dimension]
        value, variance = (float(column) for column in self.priors[dimension].posterior(total, n))
        points, reach = round(value, composite.DIGITS), Z * variance**0.5
        low, deviation, high = (float(place) for place in scale.place([points - reach, points, points + reach]))
        return Mark(
            dimension=dimension,
            points=points,
            n=n,
            mean=scale.mean if scale.members else self.priors[dimension].centre,
            deviation=None if scale.reason else deviation,
            interval=None if scale.reason else (low, high),
            reason=scale.reason,
            missing=max(0, parameters.least_shown - n),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain dictionaries, lists and numbers; floats survive JSON exactly."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Ruler":
        """Read back what ``as_dict`` gave, also after JSON."""
        priors: dict[str, Prior] = {
            name: SharePrior(**prior) if name in SHARES else RatingPrior(**prior)
            for name, prior in kept["priors"].items()
        }
        return cls(
            version=kept["version"],
            priors=priors,
            resemblance=dict(kept["resemblance"]),
            correlation=tuple(tuple(row) for row in kept["correlation"]),
            populations={name: Scale(**scale) for name, scale in kept["populations"].items()},
            pledges={name: Scale(**scale) for name, scale in kept["pledges"].items()},
        )


def assemble(
    estimates: list[Estimate],
    correlation: Floats,
    tallies: Tallies,
    owner: Integers,
    parameters: ScoreParameters = METHOD.scores,
) -> Totals:
    """Put the dimensions of all owners together."""
    owners = estimates[0].value.size
    evaluations = tallies.evaluations
    value, error = composite.total(estimates, correlation, parameters)
    return Totals(
        estimates=tuple(estimates),
        value=value,
        error=error,
        pledges=np.bincount(owner, minlength=owners),
        judged=np.bincount(owner[evaluations > 0], minlength=owners),
        evaluations=np.bincount(owner, evaluations, owners).astype(np.int64),
    )


def populations_of(kind: str, parameters: ScoreParameters = METHOD.scores) -> list[str]:
    """The populations an owner of this kind (one of KINDS) is compared within, in their published order."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")
    return [name for name, kinds in parameters.populations if kind in kinds]


def interval(value: float, error: float) -> tuple[float, float]:
    """The 95% interval of a value on the scale of 0 to 100."""
    return max(0.0, value - Z * error), min(100.0, value + Z * error)
