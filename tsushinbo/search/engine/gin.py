"""PostgreSQL: one array of coded bigrams for each document, with a GIN index, and the texts beside it to be sure."""

from dataclasses import dataclass
from hashlib import md5
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from tsushinbo.search.engine.contract import Hits, Wanted
from tsushinbo.search.engine.keeping import WORKED_OUT, gin_statements
from tsushinbo.search.models import Document

# Signs of title and names are filed once more with this mark (``keeping.FUNCTIONS``).
HEAD = 0x80004000
AT_ONCE = 2_000
# How common something is says a look at so many of the newest documents.
NEWEST = 500
# That a row is not filed as its texts say: the functions of the database changed, or somebody wrote around it.
WRONG = f"grams IS DISTINCT FROM {WORKED_OUT}"


def codes(key: str, mark: int = 0) -> list[int]:
    """What the column ``grams`` holds of a text that a key stands in (``keeping.FUNCTIONS``): the pairs of a longer key, the sign of a short one."""
    pairs = [(0, ord(key))] if len(key) == 1 else [(ord(a), ord(b)) for a, b in pairwise(key)]
    return [(((a << 16) ^ b ^ mark) & 0xFFFFFFFF) - 0x80000000 for a, b in pairs]


def word_code(word: str) -> int:
    """What the column holds of a facet."""
    code = int(md5(word.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    return code - 0x100000000 if code >= 0x80000000 else code


@dataclass(frozen=True, slots=True)
class Seen:
    """Which share (0-1) of the newest documents is wanted, and by their head. ``newest`` is the id of the newest: about as many documents there are."""

    share: float
    share_in_head: float
    newest: int

    def is_soon(self, most: int, *, head: bool) -> bool:
        """Whether a walk over the newest documents meets ``most`` that are wanted before the index has brought all: a document costs about the same."""
        share = self.share_in_head if head else self.share
        return share * share * self.newest > most


class InvertedIndex:
    """The engine on PostgreSQL."""

    def hits(self, documents: type[Document], wanted: Wanted, *, cap: int, most: int) -> Hits:
        """See ``Engine``."""
        seen = _look(documents._meta.db_table, wanted)
        found = self._ids(documents, wanted, seen, max(cap, most))
        return Hits(
            total=min(len(found), cap),
            newest=found[:most],
            head=self._ids(documents, wanted, seen, most, head=True) if found and most else (),
        )

    def _ids(
        self, documents: type[Document], wanted: Wanted, seen: Seen, most: int, *, head: bool = False
    ) -> list[int]:
        where, values = _condition(wanted, head=head)
        table = documents._meta.db_table
        # OFFSET 0 leaves PostgreSQL no choice. It takes each word that is not among the most frequent for as frequent as the last of these, and the
        # pairs of one word for independent, so it would walk over all of a million, or fetch a third of them from the index.
        if seen.is_soon(most, head=head):
            found = f"SELECT id FROM (SELECT * FROM {table} ORDER BY id DESC OFFSET 0) AS newest WHERE {where}"  # noqa: S608 - name of a model's table
        else:
            found = f"SELECT id FROM (SELECT id FROM {table} WHERE {where} OFFSET 0) AS found"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"{found} ORDER BY id DESC LIMIT %s", [*values, most])
            return [row[0] for row in cursor.fetchall()]

    def rebuild(self, documents: type[Document]) -> None:
        """See ``Engine``. The column is worked out anew where it is not as the texts say; the index is made beside the old one.

        Only a missing column is made while all others wait: a lock on the table, some 50 s for 200,000 documents.
        """
        table = documents._meta.db_table
        missing = _missing(table)
        with connection.cursor() as cursor:
            if "column" in missing:
                for statement in gin_statements(table):
                    cursor.execute(statement)
                return
            last: int | None = 0
            while last is not None:
                last = self._work_out(table, last)
            # A transaction, as that of a test, forbids CONCURRENTLY.
            beside = "" if connection.in_atomic_block else " CONCURRENTLY"
            # What a REINDEX that was cut off left.
            for left in (f"{table}_grams_ccnew", f"{table}_grams_ccold"):
                cursor.execute(f"DROP INDEX{beside} IF EXISTS {left}")
            if "index" in missing:
                cursor.execute(f"DROP INDEX{beside} IF EXISTS {table}_grams")
                cursor.execute(gin_statements(table)[1].replace(" INDEX", f" INDEX{beside}", 1))
            else:
                cursor.execute(f"REINDEX INDEX{beside} {table}_grams")

    def _work_out(self, table: str, after: int) -> int | None:
        """See that the column of some documents is as their texts say; return the last of them, None where there are no more."""
        some = f"SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT {AT_ONCE}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                    WITH wrong AS (UPDATE {table} SET facets = facets WHERE id IN ({some}) AND {WRONG})
                    SELECT max(id) FROM ({some}) AS looked_at
                """,  # noqa: S608
                [after, after],
            )
            last: int | None = cursor.fetchone()[0]
        return last

    def faults(self, documents: type[Document], sample: int) -> list[str]:
        """See ``Engine``."""
        table = documents._meta.db_table
        if missing := _missing(table):
            return [f"{table} has no {' and no '.join(missing)} of bigrams"]
        chosen = (
            f"SELECT id, grams, {WRONG} FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY random() LIMIT %s)"  # noqa: S608
        )
        # OFFSET 0 keeps PostgreSQL from looking at the one document instead of the index.
        find = f"""
            SELECT EXISTS (SELECT FROM (SELECT id FROM {table} WHERE grams @> %s OFFSET 0) AS found WHERE id = %s)
                OR NOT EXISTS (SELECT FROM {table} WHERE id = %s AND grams = %s)
        """  # noqa: S608
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")
            cursor.execute(chosen, [sample])
            rows = cursor.fetchall()
            wrong = sum(differs for _, _, differs in rows)
            lost = 0
            for pk, grams, _ in rows:
                cursor.execute(find, [grams, pk, pk, grams])
                lost += not cursor.fetchone()[0]
            cursor.execute("SET LOCAL enable_seqscan = on")
            cursor.execute("SET LOCAL enable_indexscan = on")
        found = [
            (wrong, "are not filed as their texts say"),
            (lost, "are not found by the index"),
        ]
        return [f"{count} of {len(rows)} rows of {table} {what}" for count, what in found if count]


def _condition(wanted: Wanted, *, head: bool) -> tuple[str, list[Any]]:
    """What a document must fulfil. Pairs that stand somewhere in the text are no proof for a longer key: it is looked for in the text too."""
    mark, columns = (HEAD, ("title", "names")) if head else (0, ("title", "body", "names"))
    every = [word_code(facet) for facet in wanted.facets]
    parts: list[str] = []
    values: list[Any] = []
    for spellings in wanted.words:
        if len(spellings) == 1:
            every += codes(spellings[0], mark)
        else:
            parts.append(" OR ".join("grams @> %s::integer[]" for _ in spellings))
            values += [codes(spelling, mark) for spelling in spellings]
    if every:
        parts.insert(0, "grams @> %s::integer[]")
        values.insert(0, every)
    for spellings in wanted.words:
        if not all(map(_certain, spellings)):
            parts.append(" OR ".join(_stands(columns) for _ in spellings))
            values += [spelling for spelling in spellings for _ in columns]
    for key in wanted.without:
        parts.append(f"NOT {_stands(('title', 'body', 'names'))}")
        values += [key] * 3
    return " AND ".join(f"({part})" for part in parts), values


def _look(table: str, wanted: Wanted) -> Seen:
    """See how common what is wanted is among the newest documents."""
    (anywhere, values), (in_head, values_in_head) = (_condition(wanted, head=head) for head in (False, True))
    newest = f"SELECT * FROM {table} ORDER BY id DESC LIMIT {NEWEST}"  # noqa: S608 - name of a model's table
    shares = ", ".join(f"avg(({part})::integer)::float" for part in (anywhere, in_head))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id), {shares} FROM ({newest}) AS newest", [*values, *values_in_head])  # noqa: S608
        last, share, share_in_head = cursor.fetchone()
    return Seen(share or 0.0, share_in_head or 0.0, last or 0)


def _certain(key: str) -> bool:
    """Whether the code of a key is that of no other: one or two signs of the basic plane."""
    return len(key) <= 2 and max(key) < "\U00010000"


def _stands(columns: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"strpos({column}, %s) > 0" for column in columns) + ")"


def _missing(table: str) -> list[str]:
    """What of column and index is not there, or not usable."""
    asked = """
        SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'grams' AND NOT attisdropped),
            EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid)
    """
    with connection.cursor() as cursor:
        cursor.execute(asked, [table, f"{table}_grams"])
        column, index = cursor.fetchone()
    return [name for name, there in (("column", column), ("index", index)) if not there]
