"""SQLite: looking for keys in the texts of documents themselves, where that is less work than the lists of the index."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from tsushinbo.search.engine.contract import Wanted
from tsushinbo.search.models import Document

# How common a sign is says a look at so many of the newest documents: some 1 ms.
NEWEST = 1_000
# A word of one sign is common from this share of them on. The index would bring more than a hundred thousand of a million.
COMMON = 0.1
# What SQLite takes for a document whose texts are looked through for a word, and for one that the index brings for a single sign, in nanoseconds: measured
# among a million. Only their relation matters.
LOOKED_AT, BROUGHT = 700, 90


@dataclass(frozen=True)
class Seen:
    """Shares (0-1) of the newest documents: of each word and each excluded key in the order of ``Wanted``, and of all that is wanted together.
    ``newest`` is the id of the newest: about as many documents there are.
    """

    words: list[float]
    without: list[float]
    all: float
    all_in_head: float
    newest: int

    def split(self, wanted: Wanted, most: int, *, head: bool) -> tuple[Wanted, Wanted | None]:
        """What the index is asked for the newest ``most``, and what is looked for in the texts; one of them may have no words."""
        share = self.all_in_head if head else self.all
        single = sum(seen for seen, word in zip(self.words, wanted.words, strict=True) if min(map(len, word)) == 1)
        looked_at = LOOKED_AT * (len(wanted.words) + len(wanted.without))
        if share and most / share * looked_at < single * self.newest * BROUGHT:
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
    # A word that is all that is wanted is looked for once.
    distinct = {(part, *values): values for part, values in parts}
    counts = ", ".join(["max(id)", *(f"avg({part})" for part, *_ in distinct)])
    newest = f"SELECT id, title, body, names, facets FROM {documents._meta.db_table} ORDER BY id DESC LIMIT {NEWEST}"  # noqa: S608 - name of a model's table
    with connection.cursor() as cursor:
        values = [value for some in distinct.values() for value in some]
        cursor.execute(f"SELECT {counts} FROM ({newest}) AS newest", values)  # noqa: S608
        last, *found = cursor.fetchone()
    seen = dict(zip(distinct, found, strict=True))
    shares = [seen[(part, *values)] or 0.0 for part, values in parts]
    words = len(wanted.words)
    return Seen(shares[:words], shares[words:-2], shares[-2], shares[-1], last or 0)


def condition(wanted: Wanted, *, head: bool) -> tuple[str, list[Any]]:
    """What the texts of a document must fulfil, as SQL, and its values."""
    parts = [_stands(word, head=head) for word in wanted.words]
    parts += [(f"NOT {part}", values) for part, values in (_stands((key,), head=False) for key in wanted.without)]
    parts += [("instr(' ' || facets || ' ', %s) > 0", [f" {facet} "]) for facet in wanted.facets]
    if len(parts) == 1:
        return parts[0]
    return f"({' AND '.join(part for part, _ in parts)})", [value for _, values in parts for value in values]


def _stands(spellings: tuple[str, ...], *, head: bool) -> tuple[str, list[Any]]:
    columns = ("title", "names") if head else ("title", "body", "names")
    looked = [(f"instr({column}, %s) > 0", key) for key in spellings for column in columns]
    return f"({' OR '.join(part for part, _ in looked)})", [key for _, key in looked]
