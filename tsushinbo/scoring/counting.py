"""Counting ballots anew from the ballots themselves, in chunks of any size and order: the kept tallies must be equal to these."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tsushinbo.scoring.method import SHARES

Integers = NDArray[np.int64]

# What a ballot says of a reason: the positive word, the negative one, or nothing.
YES, NO, SILENT = 1, 0, -1


class BallotCount:
    """Counts of ballots by pledge, filled chunk by chunk.

    ``counts`` has shape (9, pledges): good, bad, clear, unclear, feasible, infeasible, sincere, insincere, other, in the order of ``pledges``.
    Memory is that table and one chunk; a chunk costs O(its ballots) plus, when its pledges are in disorder, a search for each.
    """

    NAMES = ("good", "bad", "clear", "unclear", "feasible", "infeasible", "sincere", "insincere", "other")

    def __init__(self, pledges: ArrayLike) -> None:
        """Count for these pledges: ids in rising order, none twice; raises ValueError otherwise."""
        self.pledges = np.asarray(pledges, dtype=np.int64)
        if np.any(np.diff(self.pledges) <= 0):
            raise ValueError("pledges to count for must be in rising order, none twice")
        self.counts: Integers = np.zeros((len(self.NAMES), self.pledges.size), dtype=np.int64)

    def add(self, pledge: ArrayLike, choice: ArrayLike, reasons: ArrayLike, other: ArrayLike) -> None:
        """Count a chunk of ballots.

        pledge: ids, shape (ballots,). choice: 1 GOOD, 0 BAD. reasons: shape (3, ballots), for clarity, feasibility and sincerity 1 the
        positive word, 0 the negative one, -1 nothing said. other: 1 where a free reason was given. Raises ValueError for an unknown
        pledge or value; then nothing of the chunk is counted.
        """
        ids = np.asarray(pledge, dtype=np.int64)
        said = np.stack(
            [np.asarray(column, dtype=np.int8) for column in (choice, *np.asarray(reasons, dtype=np.int8), other)]
        )
        if said.shape != (len(SHARES) + 1, ids.size) or (ids.size and (said.min() < SILENT or said.max() > YES)):
            raise ValueError("a ballot says yes (1), no (0) or nothing (-1)")
        if np.any(said[[0, -1]] == SILENT):
            raise ValueError("a ballot is GOOD or BAD, and has another reason or not")
        if not ids.size:
            return
        if np.any(np.diff(ids) < 0):
            order = np.argsort(ids, kind="stable")
            ids, said = ids[order], said[:, order]
        starts = np.flatnonzero(np.diff(ids, prepend=ids[0] - 1))
        found = np.searchsorted(self.pledges, ids[starts])
        known = found < self.pledges.size
        if not known.all() or np.any(self.pledges[found] != ids[starts]):
            raise ValueError("a ballot is on a pledge that is not counted for")
        # Two counts of one reason in one sum: yes in the low half of a number, no in the high half.
        for number, column in enumerate(said[:-1]):
            both = np.add.reduceat(_HALVES[column], starts)
            self.counts[2 * number, found] += both & _LOW
            self.counts[2 * number + 1, found] += both >> 32
        self.counts[-1, found] += np.add.reduceat(said[-1].astype(np.int64), starts)


_LOW = 2**32 - 1
# Indexed by no, yes and (from the end) nothing.
_HALVES = np.array([1 << 32, 1, 0], dtype=np.int64)
