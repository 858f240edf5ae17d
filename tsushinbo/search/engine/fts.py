"""SQLite: one contentless FTS5 table of bigrams for each kind of documents, filled by triggers."""

from typing import Any

from django.db import connection, transaction

from tsushinbo.search.engine import keeping, texts
from tsushinbo.search.engine.contract import Hits, Wanted
from tsushinbo.search.grams import expression, token, tokens
from tsushinbo.search.models import Document

# So many documents are filed in one transaction of a rebuild: some 30 ms in which others wait to write.
AT_ONCE = 200


def table(documents: type[Document]) -> str:
    """The FTS5 table of one kind."""
    return keeping.fts_table(documents._meta.db_table)


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
        asked, looked_for = seen.split(wanted, head=head) if seen else (wanted, None)
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

        Triggers file in both what changes meanwhile, in the second as far as it is filled. One that was cut off is begun anew.
        """
        name, fts = documents._meta.db_table, table(documents)
        with transaction.atomic():
            self._run([*keeping.fts_draft_gone(name), *keeping.fts_draft(name)])
        done = 0
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                rows = cursor.execute(
                    f"SELECT id, title, body, names, facets FROM {name} WHERE id > %s ORDER BY id LIMIT %s",  # noqa: S608
                    (done, AT_ONCE),
                ).fetchall()
                if not rows:
                    self._run([*keeping.fts_swap(name)])
                    break
                put = f"INSERT INTO {fts}_draft (rowid, title, body, names, facets) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608
                cursor.executemany(put, [(one[0], *map(tokens, one[1:4]), one[4]) for one in rows])
                done = rows[-1][0]
                cursor.execute("UPDATE search_filed SET up_to = %s", (done,))
        # Joins the pieces that the filling left, a few pages at a time, so that nobody waits long to write.
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                before = cursor.execute("SELECT total_changes()").fetchone()[0]
                cursor.execute(f"INSERT INTO {fts} ({fts}, rank) VALUES ('merge', -500)")  # noqa: S608
                if cursor.execute("SELECT total_changes()").fetchone()[0] - before < 2:
                    break

    def _run(self, statements: list[str]) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def faults(self, documents: type[Document], sample: int) -> list[str]:
        """See ``Engine``."""
        name, fts = documents._meta.db_table, table(documents)
        with connection.cursor() as cursor:
            there = {
                row[0] for row in cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", (f"{fts}%",))
            }
            if wanting := [one for one in (fts, *keeping.fts_trigger_names(name)) if one not in there]:
                return [f"{', '.join(wanting)} is missing"]
            documented = cursor.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            filed = cursor.execute(f"SELECT count(*) FROM {fts}_docsize").fetchone()[0]  # noqa: S608
            if documented != filed:
                return [f"{name} has {documented} rows, and {filed} are filed"]
            rows = cursor.execute(
                f"SELECT id, title, body FROM {name} ORDER BY random() LIMIT %s",  # noqa: S608
                (sample,),
            ).fetchall()
            find = f"SELECT count(*) FROM {fts} WHERE {fts} MATCH %s AND rowid = %s"  # noqa: S608
            lost = 0
            for pk, title, body in rows:
                for text in filter(None, (title, body)):
                    run = text.split()[-1]
                    asked = f'"{" ".join([*(token(run[at : at + 2]) for at in range(len(run) - 1)), token(run[-1])])}"'
                    if not cursor.execute(find, (asked, pk)).fetchone()[0]:
                        lost += 1
                        break
        return [f"{lost} of {len(rows)} rows of {name} are not found by their own texts"] if lost else []


def match(wanted: Wanted, *, head: bool = False) -> str:
    """What FTS5 is asked; every word of it is made of ASCII letters and digits, so nobody can write an operator into it."""
    words = [" OR ".join(map(expression, spellings)) for spellings in wanted.words]
    where = "{title names} : " if head else "{title body names} : "
    asked = " AND ".join([*(f"({where}({word}))" for word in words), *(f"facets : {facet}" for facet in wanted.facets)])
    if wanted.without:
        asked = f"({asked}) NOT ({' OR '.join(map(expression, wanted.without))})"
    return asked
