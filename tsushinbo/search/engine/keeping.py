"""What keeps the index of each kind of documents inside the database itself: made by a migration, and by the engine when it makes an index anew."""

from typing import Any

COLUMNS = ("title", "body", "names")


def fts_table(table: str) -> str:
    """SQLite: the FTS5 table of a table of documents."""
    return f"{table}_fts"


def fts_trigger_names(table: str, name: str = "") -> list[str]:
    """SQLite: the triggers that fill it. name: of the index, where it is another than that of the table."""
    return [f"{name or fts_table(table)}_{what}" for what in ("put", "take", "change")]


def fts_statements(table: str) -> list[str]:
    """SQLite: the FTS5 table of a table of documents, and the triggers that fill it. ``search_tokens`` is a function that each connection brings."""
    return [_virtual(fts_table(table)), *_triggers(table, fts_table(table))]


def _virtual(fts: str) -> str:
    return f"CREATE VIRTUAL TABLE {fts} USING fts5({', '.join(COLUMNS)}, facets, content='', tokenize='ascii')"


def _triggers(table: str, fts: str, *, up_to: str = "") -> list[str]:
    """up_to: the last document that is filed so far, as SQL; those after it are not touched. They come later, as they are then."""
    columns = ", ".join((*COLUMNS, "facets"))

    def row(which: str) -> str:
        return ", ".join((f"{which}.id", *(f"search_tokens({which}.{one})" for one in COLUMNS), f"{which}.facets"))

    def filed(which: str) -> str:
        return f"WHERE {which}.id <= {up_to}" if up_to else ""

    take = f"INSERT INTO {fts} ({fts}, rowid, {columns}) SELECT 'delete', {row('OLD')} {filed('OLD')};"
    put = f"INSERT INTO {fts} (rowid, {columns}) SELECT {row('NEW')} {filed('NEW')};"
    changed = " OR ".join(f"OLD.{one} IS NOT NEW.{one}" for one in ("id", *COLUMNS, "facets"))
    named = fts_trigger_names(table, fts)
    return [
        f"CREATE TRIGGER {named[0]} AFTER INSERT ON {table} BEGIN {put} END",
        f"CREATE TRIGGER {named[1]} AFTER DELETE ON {table} BEGIN {take} END",
        f"CREATE TRIGGER {named[2]} AFTER UPDATE ON {table} WHEN {changed} BEGIN {take} {put} END",
    ]


def fts_draft(table: str, run: str) -> list[str]:
    """SQLite: a second index beside the one in use, with triggers that keep it true as far as ``search_filed`` says ``run`` filled it.

    One that was left half filled, or that another run fills just now, is laid aside. For one transaction.
    """
    fts = f"{fts_table(table)}_draft"
    return [
        "CREATE TABLE IF NOT EXISTS search_filed (fts TEXT PRIMARY KEY, run TEXT NOT NULL, up_to INTEGER NOT NULL)",
        f"INSERT OR REPLACE INTO search_filed VALUES ('{fts}', '{run}', 0)",  # noqa: S608 - names of our own
        *(f"DROP TRIGGER IF EXISTS {name}" for name in fts_trigger_names(table, fts)),
        _virtual(fts),
        *_triggers(table, fts, up_to=f"(SELECT up_to FROM search_filed WHERE fts = '{fts}')"),  # noqa: S608
    ]


def fts_triggers_gone(table: str) -> list[str]:
    """SQLite: away with what fills the index in use and the second one, in the transaction in which one takes the place of the other."""
    names = (*fts_trigger_names(table), *fts_trigger_names(table, f"{fts_table(table)}_draft"))
    return [f"DROP TRIGGER IF EXISTS {name}" for name in names]


def fts_in_use(table: str) -> list[str]:
    """SQLite: what fills the index that was a second one until now."""
    fts = fts_table(table)
    return [f"DELETE FROM search_filed WHERE fts = '{fts}_draft'", *_triggers(table, fts)]  # noqa: S608 - names of our own


def bring_functions(connection: Any, **_: object) -> None:
    """Give a new connection to SQLite the function that the triggers call."""
    from tsushinbo.search.grams import tokens

    if connection.vendor == "sqlite":
        connection.connection.create_function("search_tokens", 1, tokens, deterministic=True)


# Bodies in BEGIN ATOMIC name the functions they call once and for all: pg_restore works the column out without a search_path to find them by.
# A pair as one integer: the two signs side by side, which no other pair of signs below U+10000 gives; in title and names once more with a mark.
GRAMS = """
CREATE FUNCTION search_codes(body text, mark bigint) RETURNS SETOF integer LANGUAGE sql IMMUTABLE PARALLEL SAFE BEGIN ATOMIC
    SELECT (((((CASE WHEN pair.single THEN 0 ELSE ascii(sign) END)::bigint << 16)
        # (CASE WHEN pair.single THEN ascii(sign) ELSE ascii(following) END)::bigint # mark) & 4294967295) - 2147483648)::integer
    FROM (SELECT sign, lead(sign) OVER (ORDER BY place) AS following
        FROM unnest(string_to_array(body, NULL)) WITH ORDINALITY AS signs (sign, place)) AS pairs,
        (VALUES (true), (false)) AS pair (single)
    WHERE sign <> ' ' AND (pair.single OR following <> ' ');
END
"""
WORDS = """
CREATE FUNCTION search_words(words text) RETURNS SETOF integer LANGUAGE sql IMMUTABLE PARALLEL SAFE BEGIN ATOMIC
    SELECT ('x' || substr(md5(word), 1, 8))::bit(32)::integer FROM unnest(string_to_array(words, ' ')) AS words (word) WHERE word <> '';
END
"""
FILED = """
CREATE FUNCTION search_grams(head text, body text, facets text) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT code), '{}') FROM (
        SELECT search_codes(head || ' ' || body, 0) AS code
        UNION ALL SELECT search_codes(head, 2147500032)
        UNION ALL SELECT search_words(facets)
    ) AS codes;
END
"""
FUNCTIONS = {
    "search_codes(text, bigint)": GRAMS,
    "search_words(text)": WORDS,
    "search_grams(text, text, text)": FILED,
}


# What the column is worked out as, from the columns of a document.
WORKED_OUT = "search_grams(title || ' ' || names, body, facets)"


def gin_statements(table: str) -> list[str]:
    """PostgreSQL: the column that the database works out from the texts of a document, and its index."""
    return [
        f"ALTER TABLE {table} ADD COLUMN grams integer[] GENERATED ALWAYS AS ({WORKED_OUT}) STORED",
        f"CREATE INDEX {table}_grams ON {table} USING gin (grams)",
    ]
