"""Counting ballots anew from the ballots themselves, in chunks of any size and order: the kept tallies must be equal to these."""

from itertools import product
from threading import Lock

import numpy as np
from numpy.typing import ArrayLike, NDArray

Integers = NDArray[np.int64]

# What a ballot says of a reason: the positive word, the negative one, or nothing.
YES, NO, SILENT = 1, 0, -1


class BallotCount:
    """Counts of ballots by pledge, filled chunk by chunk.

    ``counts`` has shape (9, pledges): good, bad, clear, unclear, feasible, infeasible, sincere, insincere, other, in the order of ``pledges``.
    Memory is that table and one chunk; a chunk costs O(its ballots) plus, when its pledges are in disorder, sorting them. Several threads may add
    chunks at a time: the counts are whole numbers, so it does not matter who is first.
    """

    NAMES = ("good", "bad", "clear", "unclear", "feasible", "infeasible", "sincere", "insincere", "other")

    def __init__(self, pledges: ArrayLike) -> None:
        """Count for these pledges: ids in rising order, none twice; raises ValueError otherwise."""
        self.pledges = np.asarray(pledges, dtype=np.int64)
        if np.any(np.diff(self.pledges) <= 0):
            raise ValueError("pledges to count for must be in rising order, none twice")
        self.counts: Integers = np.zeros((len(self.NAMES), self.pledges.size), dtype=np.int64)
        self._adding = Lock()

    def add(self, pledge: ArrayLike, choice: ArrayLike, reasons: ArrayLike, other: ArrayLike) -> None:
        """Count a chunk of ballots.

        pledge: ids, shape (ballots,). choice: 1 GOOD, 0 BAD. reasons: shape (3, ballots), for clarity, feasibility and sincerity 1 the
        positive word, 0 the negative one, -1 nothing said. other: 1 where a free reason was given. Raises ValueError for an unknown
        pledge or value; then nothing of the chunk is counted.
        """
        ids = np.asarray(pledge, dtype=np.int64)
        said = [np.asarray(column, dtype=np.int8) for column in (choice, *np.asarray(reasons, dtype=np.int8), other)]
        if [column.shape for column in said] != [ids.shape] * 5:
            raise ValueError("every ballot has a pledge, a choice, three reasons and the other one")
        if not ids.size:
            return
        lowest = (NO, SILENT, SILENT, SILENT, NO)
        if any(column.min() < low or column.max() > YES for column, low in zip(said, lowest, strict=True)):
            raise ValueError("a ballot says yes (1) or no (0), and of a reason perhaps nothing (-1)")
        # Each ballot is one of 108 codes.
        code = said[0] + 2 * (said[1] + 1) + 6 * (said[2] + 1) + 18 * (said[3] + 1) + 54 * said[4]
        if np.any(ids[1:] < ids[:-1]):
            order = np.argsort(ids, kind="stable")
            ids, code = ids[order], code[order]
        starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
        found = np.searchsorted(self.pledges, ids[starts])
        if found[-1] == self.pledges.size or np.any(self.pledges[found] != ids[starts]):
            raise ValueError("a ballot is on a pledge that is not counted for")
        self._add(code, starts, found)

    def _add(self, code: NDArray[np.int8], starts: Integers, found: Integers) -> None:
        """Count codes whose runs of one pledge begin at ``starts``, in pieces in which no count outgrows 16 bits."""
        for start in range(0, code.size, _PIECE):
            stop = min(start + _PIECE, code.size)
            first, last = np.searchsorted(starts, (start, stop - 1), side="right")
            runs = np.maximum(starts[first - 1 : last] - start, 0)
            where, piece = found[first - 1 : last], code[start:stop]
            added = np.empty((len(self.NAMES), where.size), dtype=np.int64)
            for columns, table in _ADDS:
                sums = np.add.reduceat(table[piece], runs)
                for field, column in enumerate(columns):
                    added[column] = sums >> 16 * field & 0xFFFF
            # Who is not for it is against it.
            added[1] = np.diff(runs, append=stop - start) - added[0]
            with self._adding:
                self.counts[:, where] += added


_PIECE = (1 << 16) - 1


def _table(columns: tuple[int, ...]) -> Integers:
    """What each code adds to up to four counts, 16 bits each. Codes run through choice first, other last."""
    table = np.zeros(108, dtype=np.int64)
    for code, (other, *reasons, choice) in enumerate(product((NO, YES), *[(SILENT, NO, YES)] * 3, (NO, YES))):
        sincerity, feasibility, clarity = reasons
        adds = [choice == YES, choice == NO]
        for reason in (clarity, feasibility, sincerity):
            adds += [reason == YES, reason == NO]
        adds.append(other == YES)
        table[code] = sum(adds[column] << 16 * field for field, column in enumerate(columns))
    return table


_ADDS = [(columns, _table(columns)) for columns in ((0, 2, 3, 4), (5, 6, 7, 8))]
