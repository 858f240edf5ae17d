"""Places in a ranking, and the range of places that the uncertainty of the values allows.

The highest value has place 1, equal values share a place, and the place after two firsts is 3. A range holds the middle 95% of the places
a member takes when every value is drawn anew from the normal law around it with its standard error.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from tsushinbo.scoring.method import METHOD, ScoreParameters
from tsushinbo.scoring.shares import Z

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Range = tuple[Integers, Integers]

# Draws made from one seed; values drawn, and members whose places are read off, at a time: memory, not meaning.
_CHUNK = 50
_CACHE = 1 << 17
_BLOCK = 1024
# The finest grid that values are counted on, as a power of two.
_FINEST = 14


def places(values: ArrayLike, times: Integers | None = None) -> Integers:
    """Return the place of each value, 1 for the highest; equal values share one. Example: 50, 70, 50, 40 gives 2, 1, 2, 4.

    ``times``: how many have each value, where that is not one.
    """
    values = np.asarray(values)
    order = descending(values)
    ranked = values[order]
    heads = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]])[: ranked.size])
    before = heads if times is None else (np.cumsum(times[order]) - times[order])[heads]
    result = np.empty(values.size, dtype=np.int64)
    result[order] = np.repeat(before, np.diff(np.append(heads, ranked.size))) + 1
    return result


def descending(values: NDArray[Any]) -> Integers:
    """Return the positions of the values from the highest to the lowest, equal ones in their order."""
    if not values.size or np.all(values[1:] <= values[:-1]):
        return np.arange(values.size)
    if values.dtype.kind == "i":
        return _falling(values)
    # Values of a run have six decimals: as whole numbers they sort in less than half the time.
    whole = np.rint(values * 1e6)
    if np.all(np.abs(whole) < 1 << 40) and np.array_equal(whole / 1e6, values):
        return _falling(whole.astype(np.int64))
    return np.argsort(-values, kind="stable").astype(np.int64)


def _falling(values: NDArray[np.integer[Any]]) -> Integers:
    """The same for whole numbers."""
    highest = values.max()
    if highest - values.min() < 1 << 16:
        # Numbers of 16 bits are sorted by radix.
        return np.argsort((highest - values).astype(np.uint16), kind="stable").astype(np.int64)
    bits = values.size.bit_length()
    if np.abs(values).max() < 1 << 62 - bits:
        # With their position behind, they sort quickest.
        keys = (-values.astype(np.int64) << bits) + np.arange(values.size)
        keys.sort()
        return keys & ((1 << bits) - 1)
    return np.argsort(-values, kind="stable").astype(np.int64)


def ranges_by_draws(
    values: ArrayLike,
    errors: ArrayLike,
    populations: Sequence[Integers],
    parameters: ScoreParameters = METHOD.scores,
    *,
    threads: int = 2,
) -> list[Range]:
    """Return, for each population, the lowest and the highest place of its members by seeded draws (2,000 by default).

    values, errors: shape (n,), the values and their standard errors. populations: for each, which of them are its members. All populations
    see the same draws (of all their members), which come in pairs of opposite signs. Memory is 2 bytes a draw and member. A draw counts its values on a
    grid instead of sorting them, at least 4 cells a member where there are few and one for two where there are many; within a cell, the middle place
    is taken. The same input gives the same places, whatever the number of threads.
    """
    everybody = np.unique(np.concatenate([np.zeros(0, np.int64), *populations]))
    value, error = (np.asarray(column, dtype=np.float64)[everybody] for column in (values, errors))
    drawn = [_Drawn.of(np.searchsorted(everybody, members), value.size, parameters.draws) for members in populations]
    results = []
    with ThreadPoolExecutor(threads) as pool:
        chunks = range(0, parameters.draws, _CHUNK)
        for done in pool.map(partial(_draw, value, error, drawn, parameters), chunks if value.size else ()):
            del done
        for one in drawn:
            blocks = list(pool.map(one.middle, range(0, one.members.size, _BLOCK)))
            low, high = (np.concatenate([np.zeros(0, np.int64), *(block[end] for block in blocks)]) for end in (0, 1))
            results.append(_around(places(value[one.members]), low, high))
    return results


@dataclass(frozen=True)
class _Drawn:
    """The places of one population's members: a row a member, a column a draw. ``shift`` makes the grid coarser for fewer members."""

    members: Integers
    whole: bool
    shift: int
    places: NDArray[np.unsignedinteger]

    @classmethod
    def of(cls, members: Integers, everybody: int, draws: int) -> "_Drawn":
        wanted = min(max(10, (4 * members.size).bit_length()), _FINEST)
        kind = np.uint16 if members.size < 2**16 else np.uint32
        return cls(members, members.size == everybody, _FINEST - wanted, np.empty((members.size, draws), dtype=kind))

    def count(self, cell: NDArray[np.intp]) -> NDArray[np.unsignedinteger]:
        """Return the places of some draws, a row each; ``cell`` is each value's cell on the finest grid, the highest last."""
        own = cell if self.whole else cell.take(self.members, axis=1)
        cells = 1 << (_FINEST - self.shift)
        # Every draw has a grid of its own, one after the other.
        own = (own >> self.shift) + np.arange(0, len(own) * cells, cells)[:, np.newaxis]
        count = np.bincount(own.ravel(), minlength=len(own) * cells).reshape(-1, cells)
        # One, the members in higher cells, and half of the others in the same one.
        place = self.members.size - np.cumsum(count, axis=1)
        place += (count + 1) >> 1
        return np.asarray(place.astype(self.places.dtype).ravel().take(own))

    def middle(self, start: int) -> Range:
        """Return the places that bound the middle 95% of the members of a block."""
        # A stable sort of numbers of 16 bits is a radix sort, four times as quick as finding the two places otherwise.
        block = np.sort(self.places[start : start + _BLOCK], axis=1, kind="stable")
        last = block.shape[1] - 1
        return block[:, floor(0.025 * last)].astype(np.int64), block[:, ceil(0.975 * last)].astype(np.int64)


def _draw(values: Floats, errors: Floats, drawn: list[_Drawn], parameters: ScoreParameters, start: int) -> None:
    """Make the draws from ``start`` on. Each chunk has a seed of its own, so threads cannot change it."""
    random = np.random.Generator(np.random.SFC64(np.random.SeedSequence([parameters.draws_seed, start])))
    low, high = float(np.min(values - 6 * errors)), float(np.max(values + 6 * errors))
    last = (1 << _FINEST) - 1
    scale = last / (high - low) if high > low else 0.0
    middle, noise = (values - low) * scale, errors * scale
    stop = min(start + _CHUNK, parameters.draws)
    together = max(1, min(_CHUNK, _CACHE // values.size) // 2)
    for first in range(start, stop, 2 * together):
        last_draw = min(first + 2 * together, stop)
        away = random.standard_normal((-(-(last_draw - first) // 2), values.size)) * noise
        value = np.concatenate([middle + away, middle - away])[: last_draw - first]
        cell = np.clip(value, 0, last).astype(np.intp)
        for one in drawn:
            one.places[:, first:last_draw] = one.count(cell).T


def _around(place: Integers, low: Integers, high: Integers) -> Range:
    """Widen each range to hold the place itself: a value drawn hard towards the mean may rank where few of its draws do."""
    return np.minimum(low, place), np.maximum(high, place)


def ranges_expected(
    values: ArrayLike, errors: ArrayLike, parameters: ScoreParameters = METHOD.scores, times: Integers | None = None
) -> Range:
    """Return the lowest and the highest place of each value without draws: what endless draws would give, but for a rounding.

    With G(t) the expected number of values above t, G(t) = Σ Φ((value - t)/error), the 95% range of a value is from 1 + G(value + 1.96 e) to
    1 + G(value - 1.96 e) without itself. The others vary too: with the variance V = Σ Φ(1 - Φ) of their number and the density D = -dG/dt,
    e² = error² + V/D². G and V are sums over cells of value and classes of error: O(n), and a convolution for each class.
    ``times``: how many members have each value and error, where that is not one.
    """
    value, error = np.asarray(values, dtype=np.float64), np.maximum(np.asarray(errors, dtype=np.float64), 1e-9)
    members = value.size if times is None else int(times.sum())
    if members < 2:
        return np.ones(value.size, np.int64), np.ones(value.size, np.int64)
    grid = _Crowd(value, error, times, parameters)
    variance, density = grid.variance(value), np.maximum(grid.density(value), 1e-12)
    # The density cannot carry a value past all others.
    reach = Z * np.sqrt(error**2 + np.minimum(variance / density**2, np.ptp(value) ** 2))
    # Rounded to the nearest place, itself left out.
    itself = ndtr(-reach / error)
    low = np.floor(1.5 + grid.above(value + reach) - itself)
    high = np.ceil(0.5 + grid.above(value - reach) - (1 - itself))
    ends = (np.clip(end, 1, members).astype(np.int64) for end in (low, high))
    return _around(places(value, times), *ends)


class _Crowd:
    """How many of many uncertain values lie above any point, on a grid."""

    def __init__(self, values: Floats, errors: Floats, times: Integers | None, parameters: ScoreParameters) -> None:
        cells, classes = parameters.grid_cells, parameters.grid_classes
        margin = 4 * float(errors.max())
        self.low, high = float(values.min()) - margin, float(values.max()) + margin
        self.step = (high - self.low) / cells
        logs = np.log(errors)
        least, width = float(logs.min()), max(float(np.ptp(logs)) / classes, 1e-12)
        group = np.minimum(((logs - least) / width).astype(np.intp), classes - 1)
        cell = np.minimum(((values - self.low) / self.step).astype(np.intp), cells - 1)
        counts = np.bincount(group * cells + cell, times, cells * classes).astype(np.float64).reshape(classes, cells)
        used = np.flatnonzero(counts.any(axis=1))
        # At the edge between cells j - 1 and j, from the middle of cell i: (i + 1/2 - j) steps.
        away = (np.arange(-cells, cells) + 0.5) * self.step
        chance = ndtr(away / np.exp(least + (used[:, np.newaxis] + 0.5) * width))
        self.edges, self.variances = _slide(counts[used], chance, chance * (1 - chance))

    def _read(self, table: Floats, at: Floats) -> Floats:
        return np.interp((at - self.low) / self.step, np.arange(table.size), table)

    def above(self, at: Floats) -> Floats:
        """The expected number of values above each point."""
        return self._read(self.edges, at)

    def variance(self, at: Floats) -> Floats:
        """The variance of that number."""
        return self._read(self.variances, at)

    def density(self, at: Floats) -> Floats:
        """How many values are expected in a unit around each point."""
        return self._read(-np.gradient(self.edges, self.step), at)


def _slide(counts: Floats, *kernels: Floats) -> list[Floats]:
    """Return, for each of ``kernels``, Σ over classes and i of counts[i] · kernel[cells + i - j], for each edge j from 0 to ``cells``.

    By Fourier's transform. Twice the cells are enough: what goes round comes back before the first edge.
    """
    cells = counts.shape[1]
    size = 2 * cells
    turned = np.fft.rfft(counts[:, ::-1], size)
    sums = ((turned * np.fft.rfft(kernel, size)).sum(axis=0) for kernel in kernels)
    return [np.asarray(np.fft.irfft(one, size)[cells - 1 : 2 * cells][::-1]) for one in sums]
