"""Where the words of a query stand in a text as it is written."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice

from tsushinbo.japanese.folding import fold
from tsushinbo.japanese.runs import LAST_LONG, cut

# Signs that are folded by what stands before or after them.
_BY_CONTEXT = frozenset("々〻ゝゞヽヾヶケゖ")
# A letter with the marks that belong to it: ﾊ and ﾞ are one.
_WRITTEN = re.compile(".[ﾞﾟ\u3099\u309a]*", re.DOTALL)
AROUND, PARTS = 40, 2

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
    """The parts of a long text around the first match of each key, two at most; "" when nothing matches, … where it was cut."""
    folded, places = _aligned(text)
    first = [at for key in keys for at in islice(_places(folded, key), 1)]
    windows: list[tuple[int, int]] = []
    for start, end in sorted((places[start][0], places[end - 1][1]) for start, end in first):
        if windows and start < windows[-1][1]:
            windows[-1] = (windows[-1][0], max(windows[-1][1], end))
        elif len(windows) < PARTS:
            windows.append((max(0, start - AROUND), min(len(text), end + 2 * AROUND)))
    shown, at = "", 0
    for start, end in windows:
        shown += ("…" if start > at else "") + " ".join(text[max(start, at) : end].split())
        at = end
    return shown + ("…" if windows and at < len(text) else "")


def _aligned(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The runs of the text as the search compares them, and for each of their signs from where to where in ``text`` it was written."""
    folded = ""
    places: list[tuple[int, int]] = []
    for begin, part in cut(text):
        # No key has a space: none is marked across a cut.
        run, within = _run(part) if part else ("", [])
        folded += f"{run} "
        places += [*((begin + start, begin + end) for start, end in within), (begin, begin)]
    return folded, places


def _run(text: str) -> tuple[str, list[tuple[int, int]]]:
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    for found in _WRITTEN.finditer(text):
        start, end = found.span()
        became = _folded_sign(found[0])
        if found[0] in _BY_CONTEXT and start:
            before = len(_folded_sign(text[start - 1]))
            became = fold(text[start - 1 : end + 1])[before : before + 1]
        folded.append(became)
        places += [(start, end)] * len(became)
    run = "".join(folded)
    for long in reversed(list(LAST_LONG.finditer(run))):
        # The mark that is left out belongs to the sign before it.
        start, end = long.span()
        places[start - 1 : end] = [(places[start - 1][0], places[end - 1][1])]
        run = run[:start] + run[end:]
    return run, places


def _places(folded: str, key: str) -> Iterator[tuple[int, int]]:
    at = folded.find(key)
    while at >= 0:
        yield at, at + len(key)
        at = folded.find(key, at + len(key))
