"""SQLite: one contentless FTS5 table of bigrams for each kind of documents, filled by triggers."""

from secrets import token_hex
from typing import Any

from django.db import DatabaseError, connection, transaction

from tsushinbo.search.engine import keeping, texts
from tsushinbo.search.engine.contract import Hits, Wanted
from tsushinbo.search.grams import expression, tokens
from tsushinbo.search.models import DOCUMENTS, Document

# So many documents are filed in one transaction of a rebuild: some 30 ms in which others wait to write.
AT_ONCE = 200
# The row of FTS5's table of pages that says how they hang together, without which it opens no index, and what stands there of an empty one.
OUTLINE, EMPTY = 10, "x'00000000000000'"


def table(documents: type[Document]) -> str:
    """The FTS5 table of one kind."""
    return keeping.fts_table(documents._meta.db_table)


def keep_statistics_large() -> None:
    """Say of FTS5's tables of pages that they are large, whatever ANALYZE saw.

    Where it saw them while they were small, SQLite looks through all of an index to delete a few pages of it, at each step in which FTS5 joins
    pieces: 0.6 s among 430,000 documents, now and then for one that is written.
    """
    with connection.cursor() as cursor:
        if "sqlite_stat1" not in {
            row[0] for row in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }:
            return
        pages = [f"{table(documents)}_data" for documents in DOCUMENTS.values()]
        marks = ", ".join(["%s"] * len(pages))
        cursor.execute(f"DELETE FROM sqlite_stat1 WHERE tbl IN ({marks})", pages)  # noqa: S608 - only marks
        cursor.executemany("INSERT INTO sqlite_stat1 VALUES (%s, NULL, '1000000')", [(name,) for name in pages])
        # Reads the notes again, and makes none.
        cursor.execute("ANALYZE sqlite_schema")


class FullText:
    """The engine on SQLite.

    FTS5 puts the lists of all pairs that begin with a sign together before it answers for the sign alone, up to a second where the sign is in
    most of a million documents. Such a sign is looked for in the texts of the documents themselves, newest first: enough are found soon.
    """

    def hits(self, documents: type[Document], wanted: Wanted, *, cap: int, most: int) -> Hits:
        """See ``Engine``."""
        seen = texts.look(documents, wanted) if texts.has_single_signs(wanted) else None
        found = self._ids(documents, wanted, seen, max(cap, most))
        return Hits(
            total=min(len(found), cap),
            newest=found[:most],
            head=self._ids(documents, wanted, seen, most, head=True) if found and most else (),
        )

    def _ids(
        self, documents: type[Document], wanted: Wanted, seen: texts.Seen | None, most: int, *, head: bool = False
    ) -> list[int]:
        name, fts = documents._meta.db_table, table(documents)
        asked, looked_for = seen.split(wanted, most, head=head) if seen else (wanted, None)
        values: list[Any] = []
        where = ""
        if looked_for:
            where, values = texts.condition(looked_for, head=head)
        if not asked.words:
            sql = f"SELECT id FROM {name} WHERE {where} ORDER BY id DESC LIMIT %s"  # noqa: S608 - name of a model's table
        else:
            also = f"AND EXISTS (SELECT 1 FROM {name} WHERE id = {fts}.rowid AND {where})" if where else ""  # noqa: S608
            sql = f"SELECT rowid FROM {fts} WHERE {fts} MATCH %s {also} ORDER BY rowid DESC LIMIT %s"  # noqa: S608
            values.insert(0, match(asked, head=head))
        with connection.cursor() as cursor:
            return [row[0] for row in cursor.execute(sql, [*values, most])]

    def rebuild(self, documents: type[Document]) -> None:
        """See ``Engine``. A second index is filled beside the one in use, and takes its place in one step.

        Triggers file in both what changes meanwhile, in the second as far as it is filled. One that was cut off is begun anew; of two at a
        time the later goes on, and the earlier raises RuntimeError.
        """
        name, run = documents._meta.db_table, token_hex(8)
        keep_statistics_large()
        self._discard(f"{table(documents)}_old")
        with transaction.atomic():
            self._lay_aside(f"{table(documents)}_draft", f"{table(documents)}_old")
            self._run(keeping.fts_draft(name, run))
        self._discard(f"{table(documents)}_old")
        while self._file_more(documents, run):
            pass
        self._discard(f"{table(documents)}_old")
        # Joins the pieces that the filling left, a few pages at a time, so that nobody waits long to write.
        while self._changes(f"INSERT INTO {table(documents)} ({table(documents)}, rank) VALUES ('merge', -500)") > 1:  # noqa: S608
            pass

    def _file_more(self, documents: type[Document], run: str) -> bool:
        """File some more documents in the second index; False once it has taken the place of the first."""
        name, fts = documents._meta.db_table, table(documents)
        with transaction.atomic(), connection.cursor() as cursor:
            mine = "fts = %s AND run = %s"
            begun = cursor.execute(
                f"SELECT up_to FROM search_filed WHERE {mine}",  # noqa: S608
                (f"{fts}_draft", run),
            ).fetchone()
            if begun is None:
                raise RuntimeError(f"the index of {name} is made anew by somebody else since")
            rows = cursor.execute(
                f"SELECT id, title, body, names, facets FROM {name} WHERE id > %s ORDER BY id LIMIT %s",  # noqa: S608
                (*begun, AT_ONCE),
            ).fetchall()
            if not rows:
                self._lay_aside(fts, f"{fts}_old")
                self._run(keeping.fts_triggers_gone(name))
                self._rename(f"{fts}_draft", fts)
                self._run(keeping.fts_in_use(name))
                return False
            put = f"INSERT INTO {fts}_draft (rowid, title, body, names, facets) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608
            cursor.executemany(put, [(one[0], *map(tokens, one[1:4]), one[4]) for one in rows])
            cursor.execute(f"UPDATE search_filed SET up_to = %s WHERE {mine}", (rows[-1][0], f"{fts}_draft", run))  # noqa: S608
        return True

    def _lay_aside(self, fts: str, name: str) -> None:
        """Give an index another name, if it is there and its name is free; otherwise, or if FTS5 cannot open it, it goes at once."""
        if not self._is_there(fts):
            return
        try:
            with transaction.atomic():
                if not self._is_there(name):
                    self._rename(fts, name)
                    return
        except DatabaseError:
            pass
        self._drop(fts)

    def _discard(self, fts: str) -> None:
        """Away with an index that was laid aside: emptied first, some pages at a time, so that nobody waits long to write."""
        if self._is_there(fts):
            pages = f"SELECT id FROM {fts}_data WHERE id > {OUTLINE} LIMIT 1000"  # noqa: S608
            while self._changes(f"DELETE FROM {fts}_data WHERE id IN ({pages})"):  # noqa: S608
                pass
            self._drop(fts)

    def _drop(self, fts: str) -> None:
        self._run([f"INSERT OR REPLACE INTO {fts}_data VALUES ({OUTLINE}, {EMPTY})", f"DROP TABLE {fts}"])  # noqa: S608

    def _rename(self, fts: str, name: str) -> None:
        # Otherwise SQLite looks through all triggers first, and refuses for one of another kind whose index is missing.
        try:
            self._run(["PRAGMA legacy_alter_table = ON", f"ALTER TABLE {fts} RENAME TO {name}"])
        finally:
            self._run(["PRAGMA legacy_alter_table = OFF"])

    def _is_there(self, name: str) -> bool:
        with connection.cursor() as cursor:
            return bool(cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", (name,)).fetchone())

    def _changes(self, statement: str) -> int:
        """Run a statement in a transaction of its own; return how many rows of all tables it changed."""
        with transaction.atomic(), connection.cursor() as cursor:
            before: int = cursor.execute("SELECT total_changes()").fetchone()[0]
            cursor.execute(statement)
            after: int = cursor.execute("SELECT total_changes()").fetchone()[0]
        return after - before

    def _run(self, statements: list[str]) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def faults(self, documents: type[Document], sample: int) -> list[str]:
        """See ``Engine``."""
        name, fts = documents._meta.db_table, table(documents)
        if wanting := [one for one in (fts, *keeping.fts_trigger_names(name)) if not self._is_there(one)]:
            return [f"{', '.join(wanting)} is missing"]
        try:
            return self._differences(name, fts, sample)
        except DatabaseError as error:
            return [f"{fts} cannot be read: {error}"]

    def _differences(self, name: str, fts: str, sample: int) -> list[str]:
        with connection.cursor() as cursor:
            # In one statement, between which nobody writes.
            counts = f"SELECT (SELECT count(*) FROM {name}), (SELECT count(*) FROM {fts}_docsize)"  # noqa: S608
            documented, filed = cursor.execute(counts).fetchone()
            if documented != filed:
                return [f"{name} has {documented} rows, and {filed} are filed"]
            rows = cursor.execute(
                f"SELECT id, title, body FROM {name} WHERE id IN (SELECT id FROM {name} ORDER BY random() LIMIT %s)",  # noqa: S608
                (sample,),
            ).fetchall()
            find = f"""
                SELECT EXISTS (SELECT 1 FROM {fts} WHERE {fts} MATCH %s AND rowid = %s)
                    OR NOT EXISTS (SELECT 1 FROM {name} WHERE id = %s AND title = %s AND body = %s)
            """  # noqa: S608
            lost = 0
            for pk, title, body in rows:
                # The first and the last run of each text, whole.
                ends = [run for text in (title, body) if text for run in (text.split()[0], text.split()[-1])]
                asked = " AND ".join(f'"{tokens(run)}"' for run in ends)
                lost += bool(ends) and not cursor.execute(find, (asked, pk, pk, title, body)).fetchone()[0]
        return [f"{lost} of {len(rows)} rows of {name} are not found by their own texts"] if lost else []


def match(wanted: Wanted, *, head: bool = False) -> str:
    """What FTS5 is asked; every word of it is made of ASCII letters and digits, so nobody can write an operator into it."""
    words = [" OR ".join(map(expression, spellings)) for spellings in wanted.words]
    where = "{title names} : " if head else "{title body names} : "
    asked = " AND ".join([*(f"({where}({word}))" for word in words), *(f"facets : {facet}" for facet in wanted.facets)])
    if wanted.without:
        asked = f"({asked}) NOT ({' OR '.join(map(expression, wanted.without))})"
    return asked
