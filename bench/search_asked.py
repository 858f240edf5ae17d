"""What the search is asked in the bench, and three ways to answer it: the site's own, the index asked directly, and a look through all texts."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from bench.search_corpus import vocabulary
from tsushinbo.search import views, words
from tsushinbo.search.engine import Wanted, engine
from tsushinbo.search.engine.fts import match
from tsushinbo.search.engine.gin import HEAD, codes
from tsushinbo.search.models import DOCUMENTS, Kind
from tsushinbo.search.queries import COUNTED, EVERYTHING, FIRST_PAGE, find
from tsushinbo.search.queries.finding import wanted

Answer = Callable[[str], Any]
COLUMNS = ("title", "body", "names")
HEAD_COLUMNS = ("title", "names")
# More than there are of anything.
ALL = 1_000_000_000


def queries() -> dict[str, list[str]]:
    """Forty-two queries in six classes: frequent words, words of the middle, rare ones, and pairs of these."""
    drawn, _ = vocabulary()
    two, three, five = ([one for one in drawn if len(one) == many] for many in (2, 3, 5))
    middle = [one for one in two if one not in drawn[:80]]
    return {
        "1 sign": ["税", "子", "谷", "東", "民", "市"],
        "2 signs, frequent": two[:9],
        "2 signs, rarer": middle[200:2_900:300],
        "3 signs": [*three[:4], *three[40:120:40]],
        "5 signs": five[:360:60],
        "two words": [f"{a} {b}" for a, b in zip(two[:6], [*middle[10:40:10], *three[:3]], strict=True)],
    }


def page(typed: str) -> Any:
    """The whole search part of a first page as the view has it: the query read, all kinds found, counted and ranked, the rows that are shown read."""
    asked = words.read(typed)
    return [views._group(kind, asked, EVERYTHING, "relevance", None) for kind in Kind]


def of_pledges(typed: str) -> int:
    """The index of pledges alone, asked directly."""
    return _directly(Kind.PLEDGES, typed)


def of_all_kinds(typed: str) -> int:
    """The index of each kind, asked directly."""
    return sum(_directly(kind, typed) for kind in Kind)


def look_through(typed: str) -> int:
    """How many documents of all kinds hold what is wanted, by a look at each."""
    return sum(_ask(f"SELECT count(*) {_through(kind, typed)}", _looked_for(kind, typed))[0][0] for kind in Kind)


def differences(typed: str) -> list[str]:
    """Where the engine's total or ids are others than a look through all texts finds, of any kind; and where the page's count of pledges is."""
    wrong = []
    for kind in Kind:
        held = _ask(f"SELECT id {_through(kind, typed)} ORDER BY id DESC", _looked_for(kind, typed))
        hits = engine().hits(DOCUMENTS[kind], wanted(kind, words.read(typed)), cap=ALL, most=ALL)
        if list(hits.newest) != [row[0] for row in held] or hits.total != len(held):
            wrong.append(f"{typed}, {kind.value}: {hits.total} instead of {len(held)}")
        found = find(kind, words.read(typed)) if kind == Kind.PLEDGES else None
        if found and (found.total, found.more) != (min(len(held), COUNTED), len(held) > COUNTED):
            wrong.append(f"{typed}, {kind.value}: counted {found.total}")
    return wrong


def _directly(kind: Kind, typed: str) -> int:
    """What a page needs of one index, without Django and without ranking: ids counted to 1,001, the newest 200 of those in title or name, and
    the titles and names of these and of the newest 200. Return how many texts were read.
    """
    table, asked = DOCUMENTS[kind]._meta.db_table, wanted(kind, words.read(typed))
    which = _gin if connection.vendor == "postgresql" else _fts
    ids = _ask(*which(table, asked, COUNTED + 1, head=False))
    if not ids:
        return 0
    head = _ask(*which(table, asked, FIRST_PAGE, head=True))
    chosen = ", ".join(str(pk) for pk in {*(row[0] for row in ids[:FIRST_PAGE]), *(row[0] for row in head)})
    return len(_ask(f"SELECT id, subject_id, title, names FROM {table} WHERE id IN ({chosen})"))


def _fts(table: str, asked: Wanted, most: int, *, head: bool) -> tuple[str, list[Any]]:
    fts = f"{table}_fts"
    return f"SELECT rowid FROM {fts} WHERE {fts} MATCH ? ORDER BY rowid DESC LIMIT ?", [match(asked, head=head), most]


def _gin(table: str, asked: Wanted, most: int, *, head: bool) -> tuple[str, list[Any]]:
    """As the measurements ask it: the array for the pairs, the texts where pairs prove nothing."""
    parts, values = [], []
    for spellings in asked.words:
        parts.append(" OR ".join("grams @> %s::integer[]" for _ in spellings))
        values += [codes(key, HEAD if head else 0) for key in spellings]
        if any(len(key) > 2 for key in spellings):
            part, sought = _stands(spellings, HEAD_COLUMNS if head else COLUMNS)
            parts.append(part)
            values += sought
    where = " AND ".join(f"({part})" for part in parts)
    return f"SELECT id FROM {table} WHERE {where} ORDER BY id DESC LIMIT %s", [*values, most]


def _through(kind: Kind, typed: str) -> str:
    asked = wanted(kind, words.read(typed))
    return (
        f"FROM {DOCUMENTS[kind]._meta.db_table} WHERE {' AND '.join(_stands(one, COLUMNS)[0] for one in asked.words)}"
    )


def _looked_for(kind: Kind, typed: str) -> list[str]:
    return [key for one in wanted(kind, words.read(typed)).words for key in _stands(one, COLUMNS)[1]]


def _stands(spellings: Iterable[str], columns: tuple[str, ...]) -> tuple[str, list[str]]:
    in_it = "strpos({}, %s) > 0" if connection.vendor == "postgresql" else "instr({}, ?) > 0"
    looked = [(in_it.format(column), key) for key in spellings for column in columns]
    return f"({' OR '.join(part for part, _ in looked)})", [key for _, key in looked]


def _ask(sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    """Ask the database's own connection; Django's is around it, so both find the same pages in memory."""
    connection.ensure_connection()
    own: Any = connection.connection
    if connection.vendor == "sqlite":
        return list(own.execute(sql, tuple(values)).fetchall())
    with own.cursor() as cursor:
        return list(cursor.execute(sql, tuple(values) or None).fetchall())
