"""Pairs of signs (bigrams): what the index of a text holds, and what stands in it for a key.

A key that stands in a text stands within one run of it, so it is there if its pairs are, one after the other. The last sign of a run is
filed by itself too: it keeps the pairs of two runs apart, and a key of one sign finds each sign as the beginning of a pair or as the last.
"""

from operator import add


class _Codes(dict[str, str]):
    """Signs as FTS5 gets them: worked out once, as a text of some hundred signs is filed in some hundred words."""

    def __missing__(self, sign: str) -> str:
        self[sign] = code = f"{ord(sign):05x}"
        return code


_CODES = _Codes()


def token(signs: str) -> str:
    """One or two signs as a word of FTS5: five hexadecimal digits each, so that no sign means anything to it or is cut out."""
    return "".join(_CODES[sign] for sign in signs)


def tokens(text: str) -> str:
    """The words that are filed for a text of ``japanese.runs``, in their order: each pair of a run, and its last sign."""
    words: list[str] = []
    for run in text.split():
        codes = [_CODES[sign] for sign in run]
        words += map(add, codes, [*codes[1:], ""])
    return " ".join(words)


def expression(key: str) -> str:
    """What FTS5 is asked for a key (at least one sign, no space): a phrase of its pairs, or the beginning of a word for a single sign."""
    if len(key) == 1:
        return f'"{token(key)}"*'
    return '"' + " ".join(token(key[at : at + 2]) for at in range(len(key) - 1)) + '"'
