"""Where the words of a query stand in a text as it is written."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from tsushinbo.japanese.folding import fold

# Signs that are folded by what stands before or after them.
_BY_CONTEXT = frozenset("々〻ゝゞヽヾヶケゖ")
# A letter with the marks that belong to it: ﾊ and ﾞ are one.
_WRITTEN = re.compile(".[ﾞﾟ\u3099\u309a]*", re.DOTALL)
AROUND = 40

_folded_sign = lru_cache(8_192)(fold)


def spans(text: str, keys: Collection[str]) -> list[tuple[int, int]]:
    """From–to of every place where a folded key stands in ``text``, in order; touching places are one."""
    folded, places = _aligned(text)
    found = sorted(place for key in keys for place in _places(folded, key))
    joined: list[tuple[int, int]] = []
    for start, end in ((places[start][0], places[end - 1][1]) for start, end in found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def pieces(text: str, keys: Collection[str]) -> list[tuple[str, bool]]:
    """``text`` cut into what matches a key and what does not."""
    cut, at = [], 0
    for start, end in spans(text, keys):
        cut += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(piece, hit) for piece, hit in (*cut, (text[at:], False)) if piece]


def snippet(text: str, keys: Collection[str]) -> str:
    """The part of a long text around the first match, with … where it was cut; "" when nothing matches."""
    found = spans(text, keys)
    if not found:
        return ""
    start, end = max(0, found[0][0] - AROUND), min(len(text), found[0][1] + 2 * AROUND)
    return ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")


def _aligned(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded text, and for each of its signs from where to where in ``text`` it was written."""
    folded, places = [], []
    for found in _WRITTEN.finditer(text):
        start, end = found.span()
        became = _folded_sign(found[0])
        if found[0] in _BY_CONTEXT and start:
            before = len(_folded_sign(text[start - 1]))
            became = fold(text[start - 1 : end + 1])[before : before + 1]
        folded.append(became)
        places += [(start, end)] * len(became)
    return "".join(folded), places


def _places(folded: str, key: str) -> Iterator[tuple[int, int]]:
    at = folded.find(key)
    while at >= 0:
        yield at, at + len(key)
        at = folded.find(key, at + len(key))
