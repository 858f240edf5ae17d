"""How alike two pledges are in their wording, however they are spelt: the overlap of their character pairs."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tsushinbo.japanese.folding import fold

# From here on two wordings may be the same promise. Of the 945 pairs of bundled pledges with one owner, whose texts share many a phrase and are
# all different promises, one has titles that are alike (0.41), and none has texts beyond 0.69.
TITLES_ALIKE = 0.4
TEXTS_ALIKE = 0.75
# Of a text only its beginning is compared, so that 5,000 pledges of a party take half a second, and that once in a process.
COMPARED = 160


class Wording(NamedTuple):
    """A pledge to compare with, by its key."""

    key: int
    title: str
    text: str


class Alike(NamedTuple):
    """One that is alike, 0 to 1."""

    key: int
    share: float


@lru_cache(maxsize=16_384)
def grams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a folded text; of a single character that itself."""
    folded = fold(text[:COMPARED])
    return frozenset(first + second for first, second in pairwise(folded)) or frozenset(folded)


class Shares:
    """Jaccard's share of a text with each of ``texts``: of all pairs in either, those in both. Nothing is like nothing.

    Example: 給食費を無償にします and 給食費を無償化します share 7 of 11 pairs, 0.64. Kept by pair, so that a list of 500 is compared with
    5,000 in a second.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        sets = [grams(text) for text in texts]
        self._sizes = np.array([len(one) for one in sets], dtype=np.int64)
        rows: dict[str, list[int]] = {}
        for number, one in enumerate(sets):
            for gram in one:
                rows.setdefault(gram, []).append(number)
        self._rows = {gram: np.array(numbers, dtype=np.int64) for gram, numbers in rows.items()}

    def of(self, text: str) -> NDArray[np.float64]:
        """The shares, in the order of the texts."""
        own = grams(text)
        found = [self._rows[gram] for gram in own if gram in self._rows]
        both = np.bincount(np.concatenate(found), minlength=self._sizes.size) if found else np.zeros(self._sizes.size)
        either = self._sizes + len(own) - both
        return np.divide(both, either, out=np.zeros(self._sizes.size), where=either > 0)


class Known:
    """The pledges of one owner, to compare others with."""

    def __init__(self, wordings: Sequence[Wording]) -> None:
        self._keys = [row.key for row in wordings]
        self._titles = Shares([row.title for row in wordings])
        self._texts = Shares([row.text for row in wordings])

    def alike(self, title: str, text: str, *, most: int) -> list[Alike]:
        """Those whose title or text is much like the given one, the most alike first, at most ``most``."""
        titles, texts = self._titles.of(title), self._texts.of(text)
        shares = np.maximum(titles, texts)
        found = np.flatnonzero((titles >= TITLES_ALIKE) | (texts >= TEXTS_ALIKE))
        best = sorted(found, key=lambda place: (-shares[place], self._keys[place]))
        return [Alike(self._keys[place], float(shares[place])) for place in best[:most]]
