"""Reading what is ranked, in plain SQL: Django would take longer to write an IN of hundreds than the database to answer it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.utils import timezone

from tsushinbo.elections.queries import held_people
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.models import Tally
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge
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
    columns, joined, params = "d.id, d.subject_id, d.title, d.names", "", ()
    if kind == Kind.PLEDGES:
        judged, joined, params = _judged(timezone.now())
        columns += f", {judged}"
    rows = _ask(f"SELECT {columns} FROM {_table(kind)} d {joined} WHERE d.id IN ({chosen}) ORDER BY d.id DESC", params)  # noqa: S608
    return [Candidate(*row) for row in rows]


def _judged(at: datetime) -> tuple[str, str, tuple[Any, ...]]:
    """How many ballots a pledge has, as a column with its joins and values: none of who stands in an election, so that no order tells of them."""
    tally, joined = "COALESCE(t.good + t.bad, 0)", f"LEFT JOIN {Tally._meta.db_table} t ON t.pledge_id = d.subject_id"
    held = held_people(Rule.SUPPORT, at)
    if held is None:
        return tally, joined, ()
    standing, params = held.query.sql_with_params()
    joined += f" LEFT JOIN {Pledge._meta.db_table} g ON g.id = d.subject_id"
    return f"CASE WHEN g.politician_id IN ({standing}) THEN 0 ELSE {tally} END", joined, params


@dataclass(frozen=True, slots=True)
class Person:
    """A politician who may be shown, with the parts of the name as they are written."""

    subject: int
    title: str
    names: str
    offices: str
    facets: str
    holds_office: bool
    kana: str
    name: str
    family: str
    family_kana: str
    given: str
    given_kana: str


def people(column: Literal["id", "subject_id"], keys: Iterable[int]) -> list[Person]:
    """The documents of politicians with these ids, or of these politicians."""
    if not (chosen := _listed(keys)):
        return []
    columns = ", ".join(
        f"p.{one}" for one in ("holds_office", "kana", "name", "family_name", "family_kana", "given_name", "given_kana")
    )
    joined = f"{_table(Kind.POLITICIANS)} d JOIN {Politician._meta.db_table} p ON p.id = d.subject_id"
    rows = _ask(
        f"SELECT d.subject_id, d.title, d.names, d.body, d.facets, {columns} FROM {joined} WHERE d.{column} IN ({chosen})"  # noqa: S608
    )
    return [Person(*row) for row in rows]


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


def _ask(sql: str, params: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return list(cursor.fetchall())
