"""How far a visitor and a politician agree (一致度), from what both answered to the same statements. docs/decisions/0027-voting-advice.md says why so."""

from collections.abc import Sequence
from dataclasses import dataclass

# A place on the scale: 0 反対 … 2 どちらともいえない … 4 賛成. The farthest two can be apart:
WIDTH = 4
# Fewer statements than this that both answered show no value: 「比べられる設問が足りません」.
MINIMUM = 5
# What a statement that the visitor marked counts for; every other counts for 1.
DOUBLE = 2

type Places = Sequence[int | None]


@dataclass(frozen=True)
class Agreement:
    """An agreement in whole numbers, so that any program works out the same.

    points: the agreement on the statements that both answered, ``WIDTH`` for each in full, times its weight. most: the points of full agreement on
    these. missing: the points of full agreement on those that the visitor alone answered. compared, answered: how many statements both answered,
    and the visitor.
    """

    points: int
    most: int
    missing: int
    compared: int
    answered: int

    @property
    def shown(self) -> bool:
        """Whether there are enough statements to show a value."""
        return self.compared >= MINIMUM

    @property
    def percent(self) -> int:
        """The agreement on the statements that both answered, 0 to 100, halves rounded up; 0 where there is none."""
        return _percent(self.points, self.most)

    @property
    def low(self) -> int:
        """The same if the politician disagreed in full wherever no answer is known: what the order goes by, so that silence never lifts anybody."""
        return _percent(self.points, self.most + self.missing)

    @property
    def high(self) -> int:
        """The same if the politician agreed in full there."""
        return _percent(self.points + self.missing, self.most + self.missing)


def agreement(mine: Places, theirs: Places, weights: Sequence[int] | None = None) -> Agreement:
    """Compare two people's places, statement by statement, by the city-block distance.

    mine, theirs: a place for each statement, None where it was skipped or not answered. weights: 1 or DOUBLE for each statement, all 1 if left
    out. A statement that the visitor skipped counts nowhere. Raises ValueError for lengths that differ and for places or weights that are none.
    Example: 4, 3, 0 against 4, 1, None with the first counted double gives 10 of 12 points and 4 missing: 83%, between 63 and 88.
    """
    weights = [1] * len(mine) if weights is None else weights
    points = most = missing = compared = answered = 0
    for my_place, their_place, weight in zip(mine, theirs, weights, strict=True):
        _must_be_on_scale(my_place, their_place, weight)
        if my_place is None:
            continue
        answered += 1
        full = weight * WIDTH
        if their_place is None:
            missing += full
            continue
        compared += 1
        most += full
        points += full - weight * abs(my_place - their_place)
    return Agreement(points, most, missing, compared, answered)


def _must_be_on_scale(my_place: int | None, their_place: int | None, weight: int) -> None:
    for place in (my_place, their_place):
        if place is not None and not 0 <= place <= WIDTH:
            raise ValueError(f"a place lies between 0 and {WIDTH}, not at {place}")
    if weight not in {1, DOUBLE}:
        raise ValueError(f"a statement counts for 1 or {DOUBLE}, not for {weight}")


def _percent(part: int, whole: int) -> int:
    # Half up in whole numbers: Python rounds halves to even, JavaScript up.
    return (200 * part + whole) // (2 * whole) if whole else 0
