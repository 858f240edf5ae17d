"""PostgreSQL: one array of coded bigrams for each document, with a GIN index, and the texts beside it to be sure."""

from hashlib import md5
from itertools import pairwise
from typing import Any

from django.db import connection

from tsushinbo.search.engine.contract import Hits, Wanted
from tsushinbo.search.engine.keeping import gin_statements
from tsushinbo.search.models import Document

# Signs of title and names are filed once more with this mark (``keeping.FUNCTIONS``).
HEAD = 0x80004000
AT_ONCE = 2_000


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
        table = documents._meta.db_table
        where, values = _condition(wanted, head=False)
        with connection.cursor() as cursor:
            counted = f"SELECT count(*) FROM (SELECT FROM {table} WHERE {where} LIMIT %s) AS counted"  # noqa: S608 - name of a model's table
            cursor.execute(counted, [*values, cap])
            total = cursor.fetchone()[0]
            if not total or not most:
                return Hits(total)
            newest = f"SELECT id FROM {table} WHERE {{}} ORDER BY id DESC LIMIT %s"  # noqa: S608
            cursor.execute(newest.format(where), [*values, most])
            found = [row[0] for row in cursor.fetchall()]
            where, values = _condition(wanted, head=True)
            cursor.execute(newest.format(where), [*values, most])
            return Hits(total, found, [row[0] for row in cursor.fetchall()])

    def rebuild(self, documents: type[Document]) -> None:
        """See ``Engine``. The column is worked out anew where it is missing; the index is made beside the old one."""
        table = documents._meta.db_table
        with connection.cursor() as cursor:
            missing = _missing(table)
            if "column" in missing:
                for statement in gin_statements(table):
                    cursor.execute(statement)
                return
            if "index" in missing:
                cursor.execute(f"DROP INDEX IF EXISTS {table}_grams")
                cursor.execute(gin_statements(table)[1])
                return
            # One reader's transaction, as a test's, forbids CONCURRENTLY; there nobody else waits.
            how = "" if connection.in_atomic_block else " CONCURRENTLY"
            cursor.execute(f"REINDEX INDEX{how} {table}_grams")

    def faults(self, documents: type[Document], sample: int) -> list[str]:
        """See ``Engine``."""
        table = documents._meta.db_table
        if missing := _missing(table):
            return [f"{table} has no {' and no '.join(missing)} of bigrams"]
        wrong = f"""
            SELECT count(*) FROM (SELECT * FROM {table} ORDER BY id DESC LIMIT %s) AS newest
            WHERE grams IS DISTINCT FROM search_grams(title || ' ' || names, body, facets)
        """  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(wrong, [sample])
            count = cursor.fetchone()[0]
        return [f"{count} rows of {table} are not filed as their texts say"] if count else []


def _condition(wanted: Wanted, *, head: bool) -> tuple[str, list[Any]]:
    """What a document must fulfil. Pairs that stand somewhere in the text are no proof for a longer key: it is looked for in the text too."""
    mark, columns = (HEAD, ("title", "names")) if head else (0, ("title", "body", "names"))
    all_codes = [word_code(facet) for facet in wanted.facets]
    parts: list[str] = []
    values: list[Any] = []
    checks: list[str] = []
    checked: list[Any] = []
    for spellings in wanted.words:
        if len(spellings) == 1:
            all_codes += codes(spellings[0], mark)
            if not _certain(spellings[0]):
                checks.append(_stands(columns))
                checked += [spellings[0]] * len(columns)
            continue
        parts.append(" OR ".join(f"(grams @> %s::integer[] AND {_stands(columns)})" for _ in spellings))
        for spelling in spellings:
            values += [codes(spelling, mark), *[spelling] * len(columns)]
    if all_codes:
        parts.insert(0, "grams @> %s::integer[]")
        values.insert(0, all_codes)
    parts += checks
    values += checked
    for key in wanted.without:
        parts.append(f"NOT {_stands(('title', 'body', 'names'))}")
        values += [key] * 3
    return " AND ".join(f"({part})" for part in parts), values


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
