"""What holding is asked to reach: the two tables that were measured of the first prototype of the method.

METHOD is the table the method was published with, HELD_OUT the one on seeds that no threshold was set on. The scenes were drawn like those of
tests.scoring.scenes (300 politicians, 6 pledges each, 78,000 ballots) by another generator. Throwaway keys were not measured.
"""

from dataclasses import dataclass
from math import isnan, nan

from tests.scoring.scenes import Outcome


@dataclass(frozen=True)
class Size:
    """The size of an attack or a crowd: a share of all voters, or of the targets' own ballots."""

    share: float
    of: str

    def __str__(self) -> str:
        return f"{self.share:.0%} of {self.of}"


@dataclass(frozen=True)
class Held:
    """Of an attack: places of 300 that a target loses without holding and with it, precision and recall of what is held. NaN: nothing was held."""

    lost: float
    lost_with_holding: float
    precision: float
    recall: float

    def met(self, found: Outcome) -> bool:
        """Whether the outcome is at or better.

        Precision (not asked where nothing was held then, and reached where nothing is held now) and recall to the two decimals of the tables. Of the places less than one more, or no
        larger a part of what is lost without holding: the attacks of the two generators are not equally strong.
        """
        precise = isnan(self.precision) or isnan(found.precision) or round(found.precision, 2) >= self.precision
        left, part = abs(found.lost_with_holding), abs(found.lost_with_holding / found.lost)
        return (
            precise
            and round(found.recall, 2) >= self.recall
            and (left < abs(self.lost_with_holding) + 1 or part <= abs(self.lost_with_holding / self.lost))
        )

    def __str__(self) -> str:
        precision = "-" if isnan(self.precision) else f"{self.precision:.2f}"
        return f"{precision} {self.recall:.2f} {self.lost:g}→{self.lost_with_holding:g}"


@dataclass(frozen=True)
class Spared:
    """Of an honest crowd: the share that is held, at most."""

    held: float

    def met(self, found: Outcome) -> bool:
        """Whether the outcome is at or better."""
        return round(found.crowd_held, 2) <= self.held

    def __str__(self) -> str:
        return f"{self.held:.0%}"


FIVE, TWENTY = Size(0.05, "ballots"), Size(0.2, "ballots")
SIZES = [
    *(Size(share, "voters") for share in (0.01, 0.05, 0.2)),
    *(Size(share, "ballots") for share in (0.01, 0.05, 0.2, 1.0)),
]

type Asked = dict[tuple[str, Size], Held | Spared]


def _table(rows: dict[str, list[Held | Spared | None]]) -> Asked:
    return {
        (style, size): wanted
        for style, row in rows.items()
        for size, wanted in zip(SIZES, row, strict=True)
        if wanted is not None
    }


METHOD = _table(
    {
        "naive": [
            Held(195, 0, 1, 1), Held(218, 0, 1, 1), Held(222, 0, 1, 1),
            None, Held(36, 0, 1, 1), Held(108, 0, 1, 1), None,
        ],
        "mixed": [
            Held(186, 0, 1, 1), Held(217, 0, 1, 1), Held(222, 0, 1, 1),
            None, Held(41, 17, 1, 0.27), Held(109, 0, 1, 1), None,
        ],
        "stealth": [
            Held(170, 12, 1, 0.87), Held(212, 0, 1, 1), Held(222, 220, 1, 0.25),
            None, Held(40, 40, nan, 0), Held(108, 15, 1, 0.85), None,
        ],
        "crowd": [Spared(0.04), Spared(0.19), Spared(0.62), None, Spared(0), Spared(0), None],
    }
)  # fmt: skip
HELD_OUT = _table(
    {
        "naive": [
            Held(177, 0, 1, 1), Held(226, 0, 1, 1), Held(229, 0, 1, 1),
            Held(4, 4, nan, 0), Held(21, 5.5, 1, 0.76), Held(88, 0, 1, 1), Held(223, 0, 1, 1),
        ],
        "mixed": [
            Held(162, 0.3, 1, 0.99), Held(223, -0.1, 1, 1), Held(229, 0.8, 1, 1),
            Held(4, 4, nan, 0), Held(21, 11, 1, 0.25), Held(87, 2.1, 1, 0.95), Held(223, 0.2, 1, 1),
        ],
        "stealth": [
            Held(134, 20.6, 1, 0.79), Held(213, -0.5, 1, 1), Held(229, 1.5, 1, 1),
            Held(4, 4, nan, 0), Held(20, 20, nan, 0), Held(89, 24, 1, 0.71), Held(223, -0.2, 1, 1),
        ],
        "crowd": [Spared(0.18), Spared(0.30), Spared(0.63), Spared(0), Spared(0), Spared(0), Spared(0.18)],
    }
)  # fmt: skip

# The same shares cost METHOD's nine targets (three scenes) more places than its own fifteen held-out ones, and than ours. With these shares of their
# ballots ours lose as many places as METHOD's did, so that two tables speak of one damage.
AS_STRONG = {
    ("naive", FIVE): 0.085, ("mixed", FIVE): 0.10, ("stealth", FIVE): 0.10,
    ("naive", TWENTY): 0.27, ("mixed", TWENTY): 0.27, ("stealth", TWENTY): 0.27,
}  # fmt: skip
# Detection of 78,000 ballots took so many seconds.
SECONDS = (0.3, 0.5)
