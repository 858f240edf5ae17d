"""Every parameter of the arithmetic in one place. A run records the version and these values, and so can be done again."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class ConsensusParameters:
    """Parameters of 「立場をこえた支持」: the factor model of tsushinbo.scoring.consensus and its gate."""

    # Ridge on the mean squares of intercepts and factors; five to one, as in the published model of Community Notes.
    ridge_intercept: float = 0.15
    ridge_factor: float = 0.03
    # Standard deviation of the random pledge factors at a cold start, how many starts, and where their draws begin.
    start_sd: float = 0.3
    starts: int = 3
    seed: int = 20260101
    # A fit ends when a sweep moves the objective by no more than this.
    tolerance: float = 1e-7
    most_sweeps: int = 400
    # The gate: the site, then the pledge.
    median_ballots: float = 10.0
    pledge_ballots: int = 5
    voters_a_side: int = 5
    stable: float = 0.6


@dataclass(frozen=True)
class Method:
    """The published method: its version and its parameters by subject. Change a value, and the version changes with it."""

    version: str = "2026.1"
    consensus: ConsensusParameters = ConsensusParameters()

    def parameters(self) -> dict[str, Any]:
        """Return everything as plain dictionaries and numbers, as a run records it."""
        return asdict(self)


METHOD = Method()
