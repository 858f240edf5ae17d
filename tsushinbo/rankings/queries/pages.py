"""Pages of a ranking. A page is read by the positions of its rows, so the last one is as near as the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404
from django.utils import timezone
from numpy.typing import NDArray

from tsushinbo import addresses
from tsushinbo.evaluations.models import PledgeConsensus
from tsushinbo.paging import Page
from tsushinbo.people.models import Office
from tsushinbo.people.queries import OF_TERM, Named
from tsushinbo.prepared import Prepared, in_places, places
from tsushinbo.rankings.models import Kind, Population, RankingPart, RankingRow
from tsushinbo.rankings.queries.known import Listed

# A page of a narrowed ranking lies within one block: RankingPart.BLOCK is a multiple.
SIZE = 25
# Lists of positions that several facets share, kept by a process: 100 kB each where a million pledges are narrowed to a topic and a year.
KEPT = 16
PLEDGE_KINDS = frozenset(kind for kind in Kind if kind.startswith("pledge-"))

# What is read of every row, then the id of its subject and what is written of it.
COLUMNS = ("position", "place", "place_low", "place_high", "value", "low", "high", "n", "frozen")
TERM = tuple(f"politician__terms__{name}" for name in OF_TERM)
PERSON = ("politician", "politician__name", "politician__family_name", "politician__given_name", "politician__kana", *TERM)  # fmt: skip
PARTY = ("party", "party__name")
PLEDGE = (
    "pledge", "pledge__title", "pledge__published", "pledge__status", "pledge__overdue", "pledge__withdrawn",
    "pledge__policy_area__name", "pledge__politician__name", "pledge__party__name",
)  # fmt: skip
# The term that says a person's office comes first, by the same rule as in people.queries.current_terms.
OFFICE_ORDER = Case(*(When(politician__terms__office=office.value, then=Value(n)) for n, office in enumerate(Office)))
TERM_ORDER = ("-politician__terms__running", "-politician__terms__starts_on", OFFICE_ORDER, "politician__terms__key")


@dataclass(slots=True)
class Person:
    """A politician in a ranking: office, seat and party in ``known_as``."""

    pk: int
    name: str
    known_as: str

    @property
    def address(self) -> str:
        """The report card."""
        return addresses.page("site:politician", self.pk)


@dataclass(slots=True)
class PartyNamed:
    """A party in a ranking."""

    pk: int
    name: str

    @property
    def address(self) -> str:
        """The page of the party."""
        return addresses.page("site:party", self.pk)


@dataclass(slots=True)
class PledgeNamed:
    """A pledge in a ranking, with whose it is, its topic and its status. bridging: 「立場をこえた支持」, told where that is ranked."""

    pk: int
    name: str
    published: bool
    status: str
    overdue: bool
    withdrawn: bool
    topic: str
    owner: str
    bridging: bool = False

    @property
    def address(self) -> str:
        """The page of the pledge."""
        return addresses.page("site:pledge", self.pk)


@dataclass(slots=True)
class Row:
    """One row: where it stands, the value that says so, and of whom or what it speaks."""

    subject: Person | PartyNamed | PledgeNamed
    position: int
    place: int
    place_low: int
    place_high: int
    value: float
    low: float | None
    high: float | None
    n: int
    frozen: bool


def page_of(ranking: Listed, narrowing: Mapping[str, str], number: int) -> Page[Row]:
    """Page ``number`` of a ranking. narrowing: values by facet, as RankingPart writes them; all of them must hold.

    One query for the rows with all that is written of them, one for each facet, and one for what is agreed on. Raises Http404 beyond the last page.
    """
    start = (number - 1) * SIZE
    positions: Sequence[int]
    if narrowing:
        positions, total = _narrowed(ranking, narrowing, start)
    else:
        total = ranking.members
        positions = range(start + 1, min(start + SIZE, total) + 1)
    if number > 1 and start >= total:
        raise Http404("beyond the last page")
    return Page(rows=_rows(ranking, positions), number=number, size=SIZE, total=total, more_than_counted=False)


def _narrowed(ranking: Listed, narrowing: Mapping[str, str], start: int) -> tuple[list[int], int]:
    """The positions of a page of a narrowed ranking, and how many rows it has in all."""
    if len(narrowing) == 1:
        ((facet, value),) = narrowing.items()
        number, within = divmod(start, RankingPart.BLOCK)
        found = _fetch(_BLOCK, {RANKING: ranking.pk, FACET: facet, VALUE: value, NUMBER: number})
        return (_positions(found[0][1])[within : within + SIZE].tolist(), found[0][0]) if found else ([], 0)
    shared = _shared(ranking.pk, ranking.members, tuple(sorted(narrowing.items())))
    return shared[start : start + SIZE].tolist(), int(shared.size)


@lru_cache(maxsize=KEPT)
def _shared(ranking: int, members: int, narrowing: tuple[tuple[str, str], ...]) -> NDArray[np.int32]:
    """The positions that several facets share. Who leafs through them has each page of the one list: a run's rankings never change."""
    wanted = [_fetch(_BLOCKS, {RANKING: ranking, FACET: facet, VALUE: value}) for facet, value in narrowing]
    # As the wide numbers that NumPy indexes with: it would make them of the others each time.
    parts = [_positions(b"".join(block for _, block in blocks)).astype(np.intp) for blocks in wanted]
    # From the smallest on: of it stays what has a mark in each of the others.
    shared, *others = sorted(parts, key=len)
    for other in others:
        marks = np.zeros(members + 1, dtype=bool)
        marks[other] = True
        shared = shared[marks[shared]]
    return shared.astype(np.int32)


def _positions(block: bytes | memoryview) -> NDArray[np.int32]:
    return np.frombuffer(block, dtype="<i4")


def _rows(ranking: Listed, positions: Sequence[int]) -> list[Row]:
    """The rows at these positions, in their order. One whose subject was deleted since the run is gone."""
    if not positions:
        return []
    if ranking.kind in PLEDGE_KINDS:
        rows = _read(PLEDGE, ranking, positions)
        agreed = _bridging(ranking, [row[9] for row in rows]) if ranking.kind == Kind.PLEDGE_CONSENSUS else frozenset()
        return [Row(_pledge(agreed, *row[9:]), *row[:9]) for row in rows]
    if ranking.population == Population.PARTY:
        return [Row(PartyNamed(*row[9:]), *row[:9]) for row in _read(PARTY, ranking, positions)]
    return [Row(person, *row) for row, person in _people(ranking, positions)]


def people_at(ranking: Listed, positions: Sequence[int]) -> list[Person]:
    """The people at these positions of a ranking, no more than a page of them, in the order of ``positions``."""
    found = {row[0]: person for row, person in _people(ranking, positions)} if positions else {}
    return [found[position] for position in positions if position in found]


def counts_of(ranking: Listed, politicians: Sequence[int]) -> dict[int, int]:
    """How many are behind the value of these politicians, no more than a page of them, where they have a row of a ranking."""
    return dict(_asked(_COUNTS, ranking.pk, politicians)) if politicians else {}


def _people(ranking: Listed, positions: Sequence[int]) -> list[tuple[tuple[Any, ...], Person]]:
    today = timezone.localdate().isoformat()
    rows: dict[int, tuple[Any, ...]] = {}
    for row in _read(PERSON, ranking, positions):
        rows.setdefault(row[0], row)
    return [(row[:9], _person(Named.from_row(today, *row[9:]))) for row in rows.values()]


def _read(subject: tuple[str, ...], ranking: Listed, positions: Sequence[int]) -> list[tuple[Any, ...]]:
    """Read rows with the columns of their subject; a person has a row for each term, the one to name them by first."""
    return _asked(subject, ranking.pk, positions)


def _asked(what: tuple[str, ...], of: int, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
    """Ask for rows of a ranking, or of a run, by up to a page of numbers."""
    return _fetch(what, {RANKING: of, **in_places(PLACES, numbers)})


# What stands in the statements for what is asked: the ranking, or the run, then numbers. No row stands at position 0, and nobody has that id.
RANKING, PLACES = -1, places(SIZE)
NUMBER, FACET, VALUE = 2_000_000_000, "the facet", "the value"
_BLOCK, _BLOCKS, _COUNTS = ("size", "positions", "of one number"), ("size", "positions"), ("politician", "n")
_BRIDGING = ("pledge",)


def _fetch(what: tuple[str, ...], asked: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
    """Run one of the statements with what is asked in its places."""
    return _statement(what).rows(asked)


@cache
def _statement(what: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: _found(what))


def _found(what: tuple[str, ...]) -> QuerySet[Any, Any]:
    if what in {_BLOCK, _BLOCKS}:
        parts = RankingPart.objects.filter(ranking=RANKING, facet=FACET, value=VALUE)
        return (parts.filter(number=NUMBER) if what == _BLOCK else parts.order_by("number")).values_list(*_BLOCKS)
    if what == _COUNTS:
        return RankingRow.objects.filter(ranking=RANKING, politician__in=PLACES).values_list(*_COUNTS)
    if what == _BRIDGING:
        agreed = PledgeConsensus.objects.filter(run=RANKING, bridging=True, pledge__in=PLACES)
        return agreed.values_list(*_BRIDGING)
    rows = RankingRow.objects.filter(ranking=RANKING, position__in=PLACES)
    order = TERM_ORDER if what == PERSON else ()
    return rows.order_by("position", *order).values_list(*COLUMNS, *what)


def _person(named: Named) -> Person:
    return Person(named.pk, named.spaced_name, "・".join(filter(None, (named.introduced, named.seat, named.side))))


def _bridging(ranking: Listed, pledges: Sequence[int]) -> frozenset[int]:
    """Those of these pledges, no more than a page of them, that are 「立場をこえた支持」."""
    return frozenset(pk for (pk,) in _asked(_BRIDGING, ranking.run, pledges))


def _pledge(
    agreed: frozenset[int], pk: int, title: str, published: bool, status: str, overdue: bool, withdrawn: bool, topic: str, politician: str | None, party: str | None
) -> PledgeNamed:  # fmt: skip
    name = title if published else "公開をやめた公約"
    return PledgeNamed(
        pk=pk,
        name=name,
        published=bool(published),
        status=status,
        overdue=bool(overdue),
        withdrawn=bool(withdrawn),
        topic=topic,
        owner=politician or party or "",
        bridging=pk in agreed,
    )


def forget() -> None:
    """Read what several facets share anew at the next call."""
    _shared.cache_clear()
