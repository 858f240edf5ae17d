"""SQLite: one contentless FTS5 table of bigrams for each kind of documents, filled by triggers."""

from django.db import connection

from tsushinbo.search.engine.contract import Hits, Wanted
from tsushinbo.search.grams import expression
from tsushinbo.search.models import Document


def table(documents: type[Document]) -> str:
    """The FTS5 table of one kind."""
    return f"{documents._meta.db_table}_fts"


class FullText:
    """The engine on SQLite."""

    def hits(self, documents: type[Document], wanted: Wanted, *, cap: int, most: int) -> Hits:
        """See ``Engine``."""
        name = table(documents)
        found = self._ids(name, match(wanted), max(cap, most))
        return Hits(
            total=min(len(found), cap),
            newest=found[:most],
            head=self._ids(name, match(wanted, head=True), most) if found else (),
        )

    def _ids(self, name: str, asked: str, most: int) -> list[int]:
        sql = f"SELECT rowid FROM {name} WHERE {name} MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608 - name of a model's table
        with connection.cursor() as cursor:
            return [row[0] for row in cursor.execute(sql, (asked, most))]

    def rebuild(self, documents: type[Document]) -> None:
        """See ``Engine``."""
        raise NotImplementedError

    def faults(self, documents: type[Document], sample: int) -> list[str]:
        """See ``Engine``."""
        raise NotImplementedError


def match(wanted: Wanted, *, head: bool = False) -> str:
    """What FTS5 is asked; every word of it is made of ASCII letters and digits, so nobody can write an operator into it."""
    words = [" OR ".join(map(expression, spellings)) for spellings in wanted.words]
    where = "{title names} : " if head else "{title body names} : "
    asked = " AND ".join([*(f"({where}({word}))" for word in words), *(f"facets : {facet}" for facet in wanted.facets)])
    if wanted.without:
        asked = f"({asked}) NOT ({' OR '.join(map(expression, wanted.without))})"
    return asked
