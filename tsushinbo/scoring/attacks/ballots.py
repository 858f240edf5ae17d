"""The ballots as detection sees them: columns, and nothing that points at a person."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Integers = NDArray[np.integer]
type Flags = NDArray[np.bool_]

DAY = 86_400
# Japan's day begins 9 hours before that of UTC; the key of networks changes with it.
JAPAN = 9 * 3600
NO_NETWORK = -1


def packed(*columns: tuple[Integers, int]) -> NDArray[np.int64]:
    """One number for each row of several columns, sorted as they would be: to sort by all of them at once.

    Each column comes with its size: its numbers are from 0 to below it. Raises ValueError where the product does not fit 63 bits.
    """
    product, key = 1, np.zeros(len(columns[0][0]), dtype=np.int64)
    for column, size in columns:
        product *= max(size, 1)
        key *= max(size, 1)
        key += column
    if product >= 1 << 63:
        raise ValueError("too many different rows for one number of 64 bits")
    return key


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The different numbers, sorted. By sorting: for columns of packed numbers it is quicker than NumPy's hash table."""
    numbers = np.sort(numbers)
    new = np.ones(len(numbers), dtype=bool)
    new[1:] = numbers[1:] != numbers[:-1]
    return numbers[new]


@dataclass(frozen=True)
class Ballots:
    """Current ballots, one a voter and pledge, in any order.

    voter, pledge: shape (n,), numbers from 0. choice: True for 支持. at: seconds since 1970, when it was cast or changed last. network: a number for the network
    prefix, NO_NETWORK where unknown; two numbers say something only when they are of the same day. politician_of: shape (pledges,), the owner of each
    pledge. first_at: shape (voters,), when the voter's first ballot ever was cast, maybe before the ballots given here.
    """

    voter: Integers
    pledge: Integers
    choice: Flags
    at: Integers
    network: Integers
    politician_of: Integers
    first_at: Integers

    def __post_init__(self) -> None:
        n = len(self.voter)
        if {len(self.pledge), len(self.choice), len(self.at), len(self.network)} - {n}:
            raise ValueError("the columns of ballots must be of one length")
        if n and not (self.voter.min() >= 0 and self.voter.max() < len(self.first_at)):
            raise ValueError("a voter is out of range")
        if n and not (self.pledge.min() >= 0 and self.pledge.max() < len(self.politician_of)):
            raise ValueError("a pledge is out of range")

    def __len__(self) -> int:
        return len(self.voter)

    @property
    def voters(self) -> int:
        """How many voters there may be."""
        return len(self.first_at)

    @cached_property
    def politicians(self) -> int:
        """How many politicians there may be."""
        return int(self.politician_of.max()) + 1 if len(self.politician_of) else 0

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The order by voter and pledge: the only one there is, since no voter has two ballots on a pledge."""
        pair = packed((self.voter, self.voters), (self.pledge, len(self.politician_of)))
        order = np.argsort(pair)
        if (np.diff(pair[order]) == 0).any():
            raise ValueError("a voter has two ballots on one pledge")
        return order

    def take(self, rows: Integers | Flags) -> "Ballots":
        """Return the ballots of a mask or of row numbers."""
        return Ballots(
            self.voter[rows],
            self.pledge[rows],
            self.choice[rows],
            self.at[rows],
            self.network[rows],
            self.politician_of,
            self.first_at,
        )
