"""PostgreSQL: one array of coded bigrams for each document, with a GIN index, and the texts beside it to be sure."""

from hashlib import md5
from itertools import pairwise

from tsushinbo.search.engine.contract import Hits, Wanted
from tsushinbo.search.models import Document

HEAD = 0x80004000


def codes(key: str, mark: int = 0) -> list[int]:
    """What the column ``grams`` holds of a text that a key stands in (``keeping.FUNCTIONS``): the pairs of a longer key, the sign of a short one."""
    pairs = [(0, ord(key))] if len(key) == 1 else [(ord(a), ord(b)) for a, b in pairwise(key)]
    return [(((a << 16) ^ b ^ mark) & 0xFFFFFFFF) - 0x80000000 for a, b in pairs]


def word_code(word: str) -> int:
    """What the column holds of a facet."""
    code = int(md5(word.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    return code - 0x100000000 if code >= 0x80000000 else code


class InvertedIndex:
    """The engine on PostgreSQL."""

    def hits(self, documents: type[Document], wanted: Wanted, *, cap: int, most: int) -> Hits:
        """See ``Engine``."""
        raise NotImplementedError

    def rebuild(self, documents: type[Document]) -> None:
        """See ``Engine``."""
        raise NotImplementedError

    def faults(self, documents: type[Document], sample: int) -> list[str]:
        """See ``Engine``."""
        raise NotImplementedError
