"""Reading what is ranked, in plain SQL: Django would take longer to write an IN of hundreds than the database to answer it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tsushinbo.evaluations.models import Tally
from tsushinbo.search.models import DOCUMENTS, Kind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that may be shown. ``judged``: how many ballots its pledge has."""

    document: int
    subject: Any
    title: str
    names: str
    judged: int = 0


def read(kind: Kind, ids: Iterable[int]) -> list[Candidate]:
    """The documents with these ids, the newest first."""
    if not (chosen := _listed(ids)):
        return []
    columns, joined = "d.id, d.subject_id, d.title, d.names", ""
    if kind == Kind.PLEDGES:
        columns += ", COALESCE(t.good + t.bad, 0)"
        joined = f"LEFT JOIN {Tally._meta.db_table} t ON t.pledge_id = d.subject_id"
    rows = _ask(f"SELECT {columns} FROM {_table(kind)} d {joined} WHERE d.id IN ({chosen}) ORDER BY d.id DESC")  # noqa: S608
    return [Candidate(*row) for row in rows]


def subjects(kind: Kind, ids: Collection[int]) -> list[Any]:
    """What the documents with these ids are of, in the order of the ids."""
    if not (chosen := _listed(ids)):
        return []
    found = dict(_ask(f"SELECT id, subject_id FROM {_table(kind)} WHERE id IN ({chosen})"))  # noqa: S608
    return [found[pk] for pk in ids if pk in found]


def _listed(ids: Iterable[int]) -> str:
    """Ids as SQL; they come from the engine, and are numbers or nothing."""
    return ", ".join(str(int(pk)) for pk in ids)


def _table(kind: Kind) -> str:
    return DOCUMENTS[kind]._meta.db_table


def _ask(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
