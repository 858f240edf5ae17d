"""What keeps the index of each kind of documents inside the database itself: made by a migration, and by the engine when it makes an index anew."""

from typing import Any

COLUMNS = ("title", "body", "names")


def fts_statements(table: str) -> list[str]:
    """SQLite: the FTS5 table of a table of documents, and the triggers that fill it. ``search_tokens`` is a function that each connection brings."""
    fts = f"{table}_fts"
    return [
        f"CREATE VIRTUAL TABLE {fts} USING fts5({', '.join(COLUMNS)}, facets, content='', tokenize='ascii')",
        *fts_triggers(table),
    ]


def fts_triggers(table: str) -> list[str]:
    """SQLite: the triggers alone."""
    fts = f"{table}_fts"
    columns = ", ".join((*COLUMNS, "facets"))

    def row(which: str) -> str:
        return ", ".join((f"{which}.id", *(f"search_tokens({which}.{one})" for one in COLUMNS), f"{which}.facets"))

    take = f"INSERT INTO {fts} ({fts}, rowid, {columns}) VALUES ('delete', {row('OLD')});"  # noqa: S608 - names of tables of models
    put = f"INSERT INTO {fts} (rowid, {columns}) VALUES ({row('NEW')});"  # noqa: S608
    changed = " OR ".join(f"OLD.{one} IS NOT NEW.{one}" for one in ("id", *COLUMNS, "facets"))
    return [
        f"CREATE TRIGGER {fts}_put AFTER INSERT ON {table} BEGIN {put} END",
        f"CREATE TRIGGER {fts}_take AFTER DELETE ON {table} BEGIN {take} END",
        f"CREATE TRIGGER {fts}_change AFTER UPDATE ON {table} WHEN {changed} BEGIN {take} {put} END",
    ]


def bring_functions(connection: Any, **_: object) -> None:
    """Give a new connection to SQLite the function that the triggers call."""
    from tsushinbo.search.grams import tokens

    if connection.vendor == "sqlite":
        connection.connection.create_function("search_tokens", 1, tokens, deterministic=True)


# A pair as one integer: the two signs side by side, which no other pair of signs below U+10000 gives; in title and names once more with a mark.
GRAMS = """
CREATE FUNCTION search_codes(body text, mark bigint) RETURNS SETOF integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (((((CASE WHEN pair.single THEN 0 ELSE ascii(sign) END)::bigint << 16)
        # (CASE WHEN pair.single THEN ascii(sign) ELSE ascii(following) END)::bigint # mark) & 4294967295) - 2147483648)::integer
    FROM (SELECT sign, lead(sign) OVER (ORDER BY place) AS following
        FROM unnest(string_to_array(body, NULL)) WITH ORDINALITY AS signs (sign, place)) AS pairs,
        (VALUES (true), (false)) AS pair (single)
    WHERE sign <> ' ' AND (pair.single OR following <> ' ')
$$
"""
WORDS = """
CREATE FUNCTION search_words(words text) RETURNS SETOF integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ('x' || substr(md5(word), 1, 8))::bit(32)::integer FROM unnest(string_to_array(words, ' ')) AS words (word) WHERE word <> ''
$$
"""
FILED = """
CREATE FUNCTION search_grams(head text, body text, facets text) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT code), '{}') FROM (
        SELECT search_codes(head || ' ' || body, 0) AS code
        UNION ALL SELECT search_codes(head, 2147500032)
        UNION ALL SELECT search_words(facets)
    ) AS codes
$$
"""
FUNCTIONS = {
    "search_codes(text, bigint)": GRAMS,
    "search_words(text)": WORDS,
    "search_grams(text, text, text)": FILED,
}


def gin_statements(table: str) -> list[str]:
    """PostgreSQL: the column that the database works out from the texts of a document, and its index."""
    made = "search_grams(title || ' ' || names, body, facets)"
    return [
        f"ALTER TABLE {table} ADD COLUMN grams integer[] GENERATED ALWAYS AS ({made}) STORED",
        f"CREATE INDEX {table}_grams ON {table} USING gin (grams)",
    ]
