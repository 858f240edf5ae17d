"""SQLite: looking for keys in the texts of documents themselves, where that is less work than the lists of the index."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from tsushinbo.search.engine.contract import Wanted
from tsushinbo.search.models import Document

# How common a sign is says a look at so many of the newest documents: some 3 ms.
NEWEST = 2_000
# A word of one sign is common from this share of them on. The index would bring more than a hundred thousand of a million.
COMMON = 0.1
# From these shares on the first 1,001 hits, or 200 in the head, are among the newest 20,000 documents or so.
SOON, SOON_IN_HEAD = 0.05, 0.01


@dataclass(frozen=True)
class Seen:
    """Shares (0-1) of the newest documents: of each word and each excluded key in the order of ``Wanted``, and of all that is wanted together."""

    words: list[float]
    without: list[float]
    all: float
    all_in_head: float

    def split(self, wanted: Wanted, *, head: bool) -> tuple[Wanted, Wanted | None]:
        """What the index is asked, and what is looked for in the texts; one of them may have no words."""
        if self.all_in_head >= SOON_IN_HEAD if head else self.all >= SOON:
            return Wanted(()), wanted
        common = {at for at, word in enumerate(wanted.words) if min(map(len, word)) == 1 and self.words[at] >= COMMON}
        if len(common) == len(wanted.words):
            common.remove(min(common, key=self.words.__getitem__))
        unwanted = {
            key for key, share in zip(wanted.without, self.without, strict=True) if len(key) == 1 and share >= COMMON
        }
        if not common and not unwanted:
            return wanted, None
        asked = replace(
            wanted,
            words=tuple(word for at, word in enumerate(wanted.words) if at not in common),
            without=tuple(key for key in wanted.without if key not in unwanted),
        )
        return asked, Wanted(tuple(wanted.words[at] for at in sorted(common)), tuple(unwanted))


def has_single_signs(wanted: Wanted) -> bool:
    """Whether a key has one sign only."""
    return any(len(key) == 1 for word in (*wanted.words, wanted.without) for key in word)


def look(documents: type[Document], wanted: Wanted) -> Seen:
    """See how common what is wanted is among the newest documents."""
    parts = [
        *(_stands(word, head=False) for word in wanted.words),
        *(_stands((key,), head=False) for key in wanted.without),
        condition(wanted, head=False),
        condition(wanted, head=True),
    ]
    counts = ", ".join(f"avg({part})" for part, _ in parts)
    newest = f"SELECT * FROM {documents._meta.db_table} ORDER BY id DESC LIMIT {NEWEST}"  # noqa: S608 - name of a model's table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts} FROM ({newest}) AS newest", [value for _, values in parts for value in values])  # noqa: S608
        shares = [share or 0.0 for share in cursor.fetchone()]
    words = len(wanted.words)
    return Seen(shares[:words], shares[words:-2], shares[-2], shares[-1])


def condition(wanted: Wanted, *, head: bool) -> tuple[str, list[Any]]:
    """What the texts of a document must fulfil, as SQL, and its values."""
    parts = [_stands(word, head=head) for word in wanted.words]
    parts += [(f"NOT {part}", values) for part, values in (_stands((key,), head=False) for key in wanted.without)]
    parts += [("instr(' ' || facets || ' ', %s) > 0", [f" {facet} "]) for facet in wanted.facets]
    return f"({' AND '.join(part for part, _ in parts)})", [value for _, values in parts for value in values]


def _stands(spellings: tuple[str, ...], *, head: bool) -> tuple[str, list[Any]]:
    columns = ("title", "names") if head else ("title", "body", "names")
    looked = [(f"instr({column}, %s) > 0", key) for key in spellings for column in columns]
    return f"({' OR '.join(part for part, _ in looked)})", [key for _, key in looked]
