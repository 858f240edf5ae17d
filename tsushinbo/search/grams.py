"""Pairs of signs (bigrams): what the index of a text holds, and what stands in it for a key.

A key that stands in a text stands within one run of it, so it is there if its pairs are, one after the other. The last sign of a run is
filed by itself too: it keeps the pairs of two runs apart, and a key of one sign finds each sign as the beginning of a pair or as the last.
"""

from collections.abc import Iterator


def token(signs: str) -> str:
    """One or two signs as a word of FTS5: five hexadecimal digits each, so that no sign means anything to it or is cut out."""
    return "".join(f"{ord(sign):05x}" for sign in signs)


def tokens(text: str) -> str:
    """The words that are filed for a text of ``japanese.runs``, in their order."""
    return " ".join(map(token, _grams(text)))


def _grams(text: str) -> Iterator[str]:
    for run in text.split():
        for at in range(len(run) - 1):
            yield run[at : at + 2]
        yield run[-1]


def expression(key: str) -> str:
    """What FTS5 is asked for a key (at least one sign, no space): a phrase of its pairs, or the beginning of a word for a single sign."""
    if len(key) == 1:
        return f'"{token(key)}"*'
    return '"' + " ".join(token(key[at : at + 2]) for at in range(len(key) - 1)) + '"'
