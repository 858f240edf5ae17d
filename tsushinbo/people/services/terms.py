"""Writes of terms (任期), and who holds office by them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from tsushinbo.people.models import Office, Politician, Term
from tsushinbo.sources.keeping import Outcome, keep

DIET = (Office.REPRESENTATIVES, Office.COUNCILLORS)
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
    runs.
    """
    running = _running({row.politician_id for row in rows})
    for row in rows:
        terms = running[row.politician_id, _place(row.office, row.area_id)]
        if row.running:
            terms[row.key] = row.starts_on
        else:
            terms.pop(row.key, None)
    told = [_ended(row) if row.running and _is_followed(row, running) else row for row in rows]
    outcomes = keep(Term.objects.all(), told, key=("key",), at=at, unknown_keeps=UNKNOWN_KEEPS)
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
