"""Triggers on the tables that documents are made of. They write into ``search_change`` in the transaction of the change.

So no way to change a row passes the search by, and no other room knows of it. Django makes a table of SQLite anew when a migration changes
it, and loses its triggers: they are put back after every ``migrate``, and all rows of such a table are looked at again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.migrations import AlterField, Migration


@dataclass(frozen=True)
class Watched:
    """One table: ``what`` its rows are called in Change, the column that is the key, the columns that matter, and what its rows are looked at
    in the order of.
    """

    table: str
    what: str
    key: str
    columns: tuple[str, ...]
    order: str = "id"

    @property
    def trigger(self) -> str:
        """The beginning of the names of its triggers."""
        return f"search_watches_{self.table}"


TEXTS = ("title", "text", "deadline", "numeric_target", "funding", "authority", "target")
WATCHED = (
    Watched("people_politician", "politician", "id", ("name", "merged_into_id")),
    Watched("people_politicianname", "politician", "politician_id", ("politician_id", "kind", "folded")),
    Watched(
        "people_term", "politician", "politician_id",
        ("politician_id", "office", "running", "area_id", "prefecture_id", "party_id"),
    ),
    Watched("people_party", "party", "id", ("name", "short_name")),
    Watched("people_area", "area", "code", ("name", "kana", "county", "prefecture_id"), order="code"),
    Watched("elections_election", "election", "id", ("level", "area_id")),
    Watched(
        "pledges_pledge", "pledge", "id",
        (*TEXTS, "published", "politician_id", "party_id", "election_id", "policy_area_id", "status", "created_at"),
        order="created_at",
    ),
    Watched(
        "activities_activityreport", "report", "id",
        ("title", "body", "points", "state", "publish_at", "politician_id", "pledge_id"),
        order="publish_at",
    ),
    Watched("books_book", "book", "isbn", ("title", "creators", "publisher"), order="added_at"),
    Watched("books_booklink", "book", "book_id", ("state", "book_id", "pledge_id", "report_id")),
)  # fmt: skip


def _sqlite(one: Watched) -> list[str]:
    def note(row: str, condition: str = "") -> str:
        where = f"{row}.{one.key} IS NOT NULL{condition}"
        # The times of Django's own columns in SQLite.
        return (
            "INSERT INTO search_change (what, key, at) "
            f"SELECT '{one.what}', {row}.{one.key}, strftime('%Y-%m-%d %H:%M:%f000', 'now') WHERE {where};"
        )

    moved = note("OLD", f" AND OLD.{one.key} IS NOT NEW.{one.key}")
    columns = ", ".join(one.columns)
    return [
        f"CREATE TRIGGER {one.trigger}_new AFTER INSERT ON {one.table} BEGIN {note('NEW')} END",
        f"CREATE TRIGGER {one.trigger}_gone AFTER DELETE ON {one.table} BEGIN {note('OLD')} END",
        f"CREATE TRIGGER {one.trigger}_other AFTER UPDATE OF {columns} ON {one.table} BEGIN {note('NEW')} {moved} END",
    ]


# How PostgreSQL tells of which columns a trigger looks at.
_UPDATED = re.compile("UPDATE OF (.+?) ON ")
_FUNCTION = """
CREATE OR REPLACE FUNCTION search_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text;
    was text;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        key := to_jsonb(NEW) ->> TG_ARGV[1];
    END IF;
    IF TG_OP <> 'INSERT' THEN
        was := to_jsonb(OLD) ->> TG_ARGV[1];
    END IF;
    IF key IS NOT NULL THEN
        INSERT INTO search_change (what, key, at) VALUES (TG_ARGV[0], key, now());
    END IF;
    IF was IS DISTINCT FROM key AND was IS NOT NULL THEN
        INSERT INTO search_change (what, key, at) VALUES (TG_ARGV[0], was, now());
    END IF;
    RETURN NULL;
END $$
"""


def _postgresql(one: Watched) -> list[str]:
    columns = ", ".join(one.columns)
    return [
        f"CREATE TRIGGER {one.trigger} AFTER INSERT OR DELETE OR UPDATE OF {columns} ON {one.table} "
        f"FOR EACH ROW EXECUTE FUNCTION search_note('{one.what}', '{one.key}')"
    ]


def missing() -> list[Watched]:
    """The tables that are not watched as they should be: a trigger is not there, or looks at other columns than by now matter."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
            there = {row[0] for row in cursor.fetchall()}
            return [one for one in WATCHED if not set(_sqlite(one)) <= there]
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE starts_with(tgname, 'search_watches_')"
        )
        looks_at = {name: _UPDATED.search(definition) for name, definition in cursor.fetchall()}
    return [one for one in WATCHED if not (found := looks_at.get(one.trigger)) or found[1] != ", ".join(one.columns)]


def watch(**_: Any) -> None:
    """Watch what is not watched, and let the worker look at all rows of it. For ``post_migrate``: where tables are missing, nothing is done."""
    tables = set(connection.introspection.table_names())
    if not {"search_change", *(one.table for one in WATCHED)} <= tables:
        return
    wanting = missing()
    queued = set[str]()
    for one in wanting:
        # One that was cut off between triggers and rows would never look at the rows.
        with transaction.atomic(), connection.cursor() as cursor:
            _stop(cursor, one)
            if connection.vendor == "postgresql":
                cursor.execute(_FUNCTION)
            for statement in _sqlite(one) if connection.vendor == "sqlite" else _postgresql(one):
                cursor.execute(statement)
            # The table of politicians names all whose names and terms are watched too, and pledges are looked at with their elections.
            if one.what in queued or (one.what == "election" and WATCHED[0] in wanting):
                continue
            queued.add(one.what)
            now = "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')" if connection.vendor == "sqlite" else "now()"
            # The documents get their ids in this order.
            cursor.execute(
                f"INSERT INTO search_change (what, key, at) SELECT %s, CAST({one.key} AS varchar(20)), {now} FROM {one.table} "  # noqa: S608
                f"WHERE {one.key} IS NOT NULL GROUP BY {one.key} ORDER BY min({one.order}), {one.key}",
                [one.what],
            )


def let_go(plan: Iterable[tuple[Migration, bool]] = (), **_: Any) -> None:
    """Stop watching what migrations are about to change; ``watch`` begins anew after them. For ``pre_migrate``.

    PostgreSQL does not change the type of a column that a trigger names. And where the search itself is taken back, its triggers would make
    every write to the tables of others fail.
    """
    steps = list(plan)
    altered = {
        f"{migration.app_label}_{change.model_name_lower}"
        for migration, _ in steps
        for change in migration.operations
        if isinstance(change, AlterField)
    }
    taken_back = any(backwards and migration.app_label == "search" for migration, backwards in steps)
    with connection.cursor() as cursor:
        for one in WATCHED:
            if taken_back or one.table in altered:
                _stop(cursor, one)


def _stop(cursor: Any, one: Watched) -> None:
    if connection.vendor == "sqlite":
        for what in ("new", "gone", "other"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {one.trigger}_{what}")
    else:
        cursor.execute(f"DROP TRIGGER IF EXISTS {one.trigger} ON {one.table}")
