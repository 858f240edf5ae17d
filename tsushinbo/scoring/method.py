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
    tolerance: float = 1e-8
    most_sweeps: int = 400
    # The starts are tried on the ballots of the most active voters: this share of all, and at least so many.
    trial_share: float = 0.1
    trial_ballots: int = 20_000
    trial_tolerance: float = 1e-5
    # Who has fewer ballots is not used: their camp cannot be told.
    voter_ballots: int = 5
    # The gate of the site: median ballots of the voters used, |Spearman| of the pledge factors between two halves of them.
    median_ballots: float = 10.0
    stable: float = 0.6
    # The gate of the pledge: ballots in all, and voters of each side.
    pledge_ballots: int = 5
    voters_a_side: int = 5
    # 「立場をこえた支持」 asks for a factor no larger than this, in root mean squares over the pledges.
    undivided: float = 1.0


@dataclass(frozen=True)
class Method:
    """The published method: its version and its parameters by subject. Change a value, and the version changes with it."""

    version: str = "2026.1"
    consensus: ConsensusParameters = ConsensusParameters()

    def parameters(self) -> dict[str, Any]:
        """Return everything as plain dictionaries and numbers, as a run records it."""
        return asdict(self)


METHOD = Method()
