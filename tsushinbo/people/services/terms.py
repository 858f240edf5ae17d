"""Writes of terms (任期), and who holds office by them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from tsushinbo.people.facts import NO, TERM_COLUMNS, YES, term_key
from tsushinbo.people.models import Office, Politician, Term
from tsushinbo.people.services.corrections import Corrections, corrections_of, hear, move_corrections
from tsushinbo.sources.keeping import Outcome, keep

DIET = (Office.REPRESENTATIVES, Office.COUNCILLORS)
# The key of a term that a member proposed begins so; a source that lists the same term takes its place.
PROPOSED = "proposal:"
# Empty in a source means unknown there; another source may know.
UNKNOWN_KEEPS = ("role", "backing", "party_id", "group_id", "times_elected", "starts_on", "source_title", "source_url")


class TermRow(NamedTuple):
    """A term as a source states it."""

    key: str
    politician_id: int
    office: str
    running: bool
    area_id: str | None
    prefecture_id: str | None
    constituency_id: int | None
    tier: str
    party_id: int | None
    group_id: int | None
    role: str
    backing: str
    times_elected: int | None
    starts_on: str
    ends_on: str
    source_title: str
    source_url: str
    dataset_id: int | None
    as_of: str


@transaction.atomic
def keep_terms(rows: Sequence[TermRow], *, at: datetime) -> list[Outcome]:
    """Make the terms on record equal to ``rows``, each by its key, and keep ``holds_office`` in step.

    Nobody sits twice in one place, or in both Houses of the Diet (日本国憲法 48条): of several running terms only the one that began last
    runs. What was corrected stays so. A term that a member proposed gives way to the same one of a source, which is told what it does not know.
    """
    politicians = {row.politician_id for row in rows}
    running = _running(politicians)
    rows = _in_place_of_proposed(rows, running)
    corrections = corrections_of(politicians)
    for row in rows if corrections else ():
        _listen(row, corrections.get(row.politician_id, {}))
    return _keep(rows, running, corrections, at)


@transaction.atomic
def restate_terms(keys: Collection[str], *, at: datetime) -> None:
    """Bring terms on record into step with their corrections."""
    rows = [TermRow._make(row) for row in Term.objects.filter(key__in=keys).values_list(*TermRow._fields)]
    politicians = {row.politician_id for row in rows}
    _keep(rows, _running(politicians), corrections_of(politicians), at)


def _keep(
    rows: Sequence[TermRow],
    running: dict[tuple[int, str], dict[str, str]],
    corrections: dict[int, Corrections],
    at: datetime,
) -> list[Outcome]:
    rows = [_corrected(row, corrections.get(row.politician_id, {})) for row in rows] if corrections else rows
    for row in rows:
        terms = running[row.politician_id, _place(row.office, row.area_id)]
        if row.running:
            terms[row.key] = row.starts_on
        else:
            terms.pop(row.key, None)
    told = [_ended(row) if row.running and _is_followed(row, running) else row for row in rows]
    outcomes = keep(Term.objects.all(), told, key=("key",), at=at, unknown_keeps=UNKNOWN_KEEPS)
    if corrections:
        _empty(rows, corrections)
    given = {row.key for row in rows}
    over = [
        key
        for terms in running.values()
        if len(terms) > 1
        for key, starts_on in terms.items()
        if key not in given and any(later > starts_on for later in terms.values())
    ]
    Term.objects.filter(key__in=over).update(running=False, ends_on="")
    restate_offices({row.politician_id for row in rows}, at=at)
    return outcomes


def _corrected(row: TermRow, corrections: Corrections) -> TermRow:
    """The term with its corrections."""
    changes: dict[str, Any] = {
        column: _read(column, correction.value)
        for column in TERM_COLUMNS
        if (correction := corrections.get(term_key(row.key, column)))
    }
    if row.running and changes.get("running") is False and "ends_on" not in changes:
        changes["ends_on"] = ""  # the legal end is not the day it ended
    return row._replace(**changes) if changes else row


def _listen(row: TermRow, corrections: Corrections) -> None:
    """Remember what the source says of corrected columns now."""
    for column in TERM_COLUMNS:
        correction = corrections.get(term_key(row.key, column))
        said = said_of(row, column)
        if correction is not None and (said or column not in UNKNOWN_KEEPS):
            hear(correction, correction.value if said.split(" ")[0] == correction.value else said)


def said_of(row: TermRow, column: str) -> str:
    """What a source says of a column, as a correction remembers it.

    Of ``running`` the day on which the source was looked at is part of it: one that was looked at again and still differs is put before
    the operator.
    """
    if column == "running":
        return f"{YES if row.running else NO} {row.as_of}".strip()
    value = getattr(row, column)
    return "" if value is None else str(value)


def _read(column: str, value: str) -> object:
    if column == "running":
        return value == YES
    if column in {"party_id", "times_elected"}:
        return int(value) if value else None
    return value


def _empty(rows: Sequence[TermRow], corrections: dict[int, Corrections]) -> None:
    """Erase what was corrected to nothing; from a source nothing means unknown, and erases nothing."""
    for row in rows:
        own = corrections.get(row.politician_id, {})
        gone = {
            column: _read(column, "")
            for column in TERM_COLUMNS
            if (correction := own.get(term_key(row.key, column))) and not correction.value
        }
        if gone:
            Term.objects.filter(key=row.key).update(**gone)


def _in_place_of_proposed(rows: Sequence[TermRow], running: dict[tuple[int, str], dict[str, str]]) -> Sequence[TermRow]:
    """The rows, with what a proposed term knew that is the same as one of them; that term goes, and what was corrected of it holds for the row."""
    proposed: dict[str, str] = {}
    for row in rows:
        if row.running and not row.key.startswith(PROPOSED):
            for key, starts_on in running[row.politician_id, _place(row.office, row.area_id)].items():
                if key.startswith(PROPOSED) and (
                    starts_on.startswith(row.starts_on) or row.starts_on.startswith(starts_on)
                ):
                    proposed[row.key] = key
    if not proposed:
        return rows
    stored = Term.objects.filter(key__in=proposed.values()).values_list(*TermRow._fields)
    known = {row.key: row for row in map(TermRow._make, stored)}
    filled = []
    for row in rows:
        other = known.get(proposed.get(row.key, ""))
        if other is not None:
            running[row.politician_id, _place(row.office, row.area_id)].pop(other.key, None)
            spare = {name: getattr(other, name) for name in UNKNOWN_KEEPS if getattr(row, name) in ("", None)}
            row = row._replace(**spare)
            facts = {term_key(other.key, column): term_key(row.key, column) for column in TERM_COLUMNS}
            move_corrections(politician_id=row.politician_id, facts=facts)
        filled.append(row)
    Term.objects.filter(key__in=known).delete()
    return filled


def _place(office: str, area: str | None) -> str:
    """Where a seat is: the Diet as a whole, or an office of an area."""
    return "diet" if office in DIET else f"{office} {area}"


def _running(politicians: Collection[int]) -> dict[tuple[int, str], dict[str, str]]:
    """The running terms of each politician in each place: key and first day."""
    terms: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    found = Term.objects.filter(politician__in=politicians, running=True).order_by()
    for politician, office, area, key, starts_on in found.values_list(
        "politician", "office", "area", "key", "starts_on"
    ):
        terms[politician, _place(office, area)][key] = starts_on
    return terms


def _is_followed(row: TermRow, running: dict[tuple[int, str], dict[str, str]]) -> bool:
    others = running[row.politician_id, _place(row.office, row.area_id)]
    return len(others) > 1 and any(key != row.key and later > row.starts_on for key, later in others.items())


def _ended(row: TermRow) -> TermRow:
    """The term as one that is over; its legal end is no longer the day it ended."""
    return row._replace(running=False, ends_on="")


@transaction.atomic
def restate_offices(politicians: Collection[int], *, at: datetime) -> None:
    """Make ``holds_office`` of these politicians say whether they have a running term."""
    people = dict(Politician.objects.filter(pk__in=politicians).values_list("pk", "holds_office"))
    serving = set(
        Term.objects.filter(politician__in=people, running=True).order_by().values_list("politician", flat=True)
    )
    for holds in (True, False):
        wrong = [pk for pk, stated in people.items() if stated != holds and (pk in serving) == holds]
        if wrong:
            Politician.objects.filter(pk__in=wrong).update(holds_office=holds, changed_at=at)
