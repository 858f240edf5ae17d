"""What an engine is asked and what it answers; tests/search/test_contract.py holds every engine to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tsushinbo.search.models import Document


@dataclass(frozen=True)
class Wanted:
    """Which documents are wanted: for each of ``words`` (at least one) one of its spellings stands in the document, none of ``without`` does,
    and it bears all ``facets``.

    Spellings are folded and hold no space; they may stand in title, body or names, each word in another. Whoever asks bounds how many there
    are (``search.words``: 8 words, 100 signs): an engine makes three statements at most, each of which looks at a document once for each of them.
    """

    words: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hits:
    """Ids of documents, the newest (greatest) first. ``total``: how many there are, counted up to the cap.

    ``newest`` are those of all hits, ``head`` those that hold every word in title or names; each ends at the number asked for.
    """

    total: int
    newest: Sequence[int] = ()
    head: Sequence[int] = ()


class Engine(Protocol):
    """Answers from the index of one kind of documents at a time."""

    def hits(self, documents: type[Document], wanted: Wanted, *, cap: int, most: int) -> Hits:
        """Find what is wanted: the total up to ``cap``, and up to ``most`` ids of each order."""

    def rebuild(self, documents: type[Document]) -> None:
        """Make the index anew from the documents, while others read and write."""

    def faults(self, documents: type[Document], sample: int) -> list[str]:
        """What of the index is not as the documents say, one line each; ``sample`` documents are looked for one by one."""
