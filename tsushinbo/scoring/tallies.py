"""The counts that everything is computed from, as columns: one row a pledge, one row an owner."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.method import KINDS, PARTY, RATINGS, SHARES

Integers = NDArray[np.int64]
_IS_PARTY = KINDS.index(PARTY)


@dataclass(frozen=True)
class Owners:
    """Politicians and parties: their id and, as a position in KINDS, their office. A party's id may equal a politician's."""

    id: Integers
    kind: Integers

    def __post_init__(self) -> None:
        if self.id.shape != self.kind.shape or self.id.ndim != 1:
            raise ValueError("owners need one id and one kind each")
        if self.kind.size and not (self.kind.min() >= 0 and self.kind.max() < len(KINDS)):
            raise ValueError(f"the kind of an owner is a position in {', '.join(KINDS)}")

    @property
    def key(self) -> Integers:
        """One number for each owner, parties apart from politicians."""
        return owner_key(self.id, self.kind == _IS_PARTY)

    def ordered(self) -> "Owners":
        """The same owners by id, politicians first. Raises ValueError when one is given twice."""
        order = np.lexsort((self.id, self.kind == _IS_PARTY))
        owners = Owners(self.id[order], self.kind[order])
        if np.any(np.diff(owners.key) == 0):
            raise ValueError("an owner is given twice")
        return owners

    def find(self, keys: Integers) -> Integers:
        """Return where in these owners each key is. Raises ValueError for an unknown one."""
        own = self.key
        order = np.argsort(own, kind="stable")
        found = (
            order[np.minimum(np.searchsorted(own[order], keys), max(own.size - 1, 0))]
            if own.size
            else np.zeros(0, np.int64)
        )
        if keys.size and (not own.size or np.any(own[found] != keys)):
            raise ValueError("a pledge's owner is not among the owners")
        return np.asarray(found, dtype=np.int64)


def owner_key(ids: Integers, party: NDArray[np.bool_]) -> Integers:
    """Write (id, party or not) as one number: ids have fewer than 62 bits."""
    return np.asarray(ids * 2 + party, dtype=np.int64)


@dataclass(frozen=True)
class Tallies:
    """Counts of each pledge; whole numbers, all columns of one length.

    positive, n: shape (4, pledges), in the order of SHARES: how many ballots say 支持 (明確, 現実的, 誠実) of how many that speak of it.
    ratings, total, squares: shape (2, pledges), in the order of RATINGS: how many current assessments, their sum and the sum of their squares.
    """

    pledge: Integers
    owner: Integers
    party: NDArray[np.bool_]
    positive: Integers
    n: Integers
    ratings: Integers
    total: Integers
    squares: Integers

    def __post_init__(self) -> None:
        size = self.pledge.shape
        shapes = {self.owner.shape, self.party.shape, *(column.shape[1:] for column in (self.positive, self.n))}
        shapes |= {column.shape[1:] for column in (self.ratings, self.total, self.squares)}
        if len(size) != 1 or shapes != {size} or len(self.n) != len(SHARES) or len(self.ratings) != len(RATINGS):
            raise ValueError("tallies need one row a pledge in every column")
        if np.any(self.positive < 0) or np.any(self.positive > self.n) or np.any(self.n > self.n[0]):
            raise ValueError("tallies need 0 <= positive <= n, and no more reasons than ballots")
        if np.any(self.ratings < 0) or np.any(self.total < 0) or np.any(self.total > 100 * self.ratings):
            raise ValueError("the ratings of a pledge are between 0 and 100")

    @classmethod
    def from_counts(
        cls, *, pledge: Integers, owner: Integers, party: NDArray[np.bool_], counts: Integers, assessed: Integers
    ) -> "Tallies":
        """Build from the columns that are kept of each pledge.

        counts: good, bad, clear, unclear, feasible, infeasible, sincere, insincere; shape (8, pledges), what follows is left aside.
        assessed: for progress, then for achievement, how many, sum, sum of squares; shape (6, pledges).
        """
        positive, negative = counts[0:8:2], counts[1:8:2]
        return cls(pledge, owner, party, positive, positive + negative, assessed[0::3], assessed[1::3], assessed[2::3])

    @property
    def owner_key(self) -> Integers:
        """Each pledge's owner as one number, as in Owners.key."""
        return owner_key(self.owner, self.party)

    @property
    def ballots(self) -> Integers:
        """All ballots of each pledge, GOOD and BAD together."""
        return np.asarray(self.n[0], dtype=np.int64)

    @property
    def assessments(self) -> Integers:
        """People who assessed each pledge: most give both ratings, so the larger count."""
        return np.asarray(self.ratings.max(axis=0), dtype=np.int64)

    @property
    def evaluations(self) -> Integers:
        """Ballots and assessments of each pledge."""
        return self.ballots + self.assessments

    def ordered(self) -> "Tallies":
        """The same rows by pledge. Raises ValueError when one is given twice."""
        step = np.diff(self.pledge)
        if np.all(step > 0):
            return self
        order = np.argsort(self.pledge, kind="stable")
        if np.any(np.diff(self.pledge[order]) == 0):
            raise ValueError("a pledge is given twice")
        return self.of(order)

    def of(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Tallies":
        """Only these rows."""
        return replace(self, **{field.name: getattr(self, field.name)[..., rows] for field in fields(self)})

    def columns(self) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """Every column with its name."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)


def digest(tallies: Tallies, owners: Owners, method: str) -> str:
    """Return the SHA-256 of ordered input, as hexadecimal digits, after ``method``.

    Each column comes with its name and shape, as whole numbers of the fewest bytes (1, 2, 4 or 8) that hold all of them, little end first.
    """
    sha = hashlib.sha256(method.encode())
    for name, column in (*tallies.columns(), ("owners", owners.id), ("kinds", owners.kind)):
        kind = _narrowest(column)
        sha.update(f"\n{name} {column.shape} {kind}\n".encode())
        sha.update(np.ascontiguousarray(column, dtype=kind).data)
    return sha.hexdigest()


def _narrowest(column: NDArray[np.generic]) -> str:
    """The narrowest whole number that holds every value: most counts are small, and a digest takes its time by the byte."""
    low, high = (int(column.min()), int(column.max())) if column.size else (0, 0)
    fits = (kind for kind in ("<i1", "<i2", "<i4") if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
    return next(fits, "<i8")
