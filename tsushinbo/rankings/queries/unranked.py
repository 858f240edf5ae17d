"""Who has pledges but too few evaluations for a place."""

from functools import lru_cache

import numpy as np
from django.db.models import Case, Exists, OuterRef, Value, When
from django.http import Http404
from numpy.typing import NDArray

from tsushinbo.paging import Page
from tsushinbo.rankings.models import Kind, Population, RankingRow
from tsushinbo.rankings.queries.known import Known
from tsushinbo.rankings.queries.pages import SIZE, Person, counts_of, people_at

# Lists of positions kept by a process: 200 kB for 50,000 people.
KEPT = 8


def unranked_of(seen: Known, kind: Kind, population: Population, number: int) -> Page[tuple[Person, int]]:
    """Page ``number`` of the politicians with pledges and without a place, in 五十音 order, each with the count of their evaluations.

    Everybody with pledges is in the ranking by their number; who of them is in no row of ``kind`` is read once for each run in each process,
    and a page then takes two queries. Raises Http404 beyond the last one.
    """
    having, ranked = seen.find(Kind.PLEDGES, population), seen.find(kind, population)
    positions = _positions(having.pk, ranked.pk if ranked else 0) if having else np.empty(0, dtype=np.int32)
    start = (number - 1) * SIZE
    if number > 1 and start >= positions.size:
        raise Http404("beyond the last page")
    people = people_at(having, positions[start : start + SIZE].tolist()) if having else []
    counted = seen.find(Kind.BALLOTS, population)
    counts = counts_of(counted, [person.pk for person in people]) if counted else {}
    rows = [(person, counts.get(person.pk, 0)) for person in people]
    return Page(rows=rows, number=number, size=SIZE, total=int(positions.size), more_than_counted=False)


@lru_cache(maxsize=KEPT)
def _positions(having: int, ranked: int) -> NDArray[np.int32]:
    """The positions in the ranking ``having`` of who is not in ``ranked``, in 五十音 order; who has no reading on record comes last."""
    placed = RankingRow.objects.filter(ranking=ranked, politician=OuterRef("politician"))
    rows = RankingRow.objects.filter(ranking=having, politician__isnull=False).exclude(Exists(placed))
    unread = Case(When(politician__kana="", then=Value(1)), default=Value(0))
    rows = rows.order_by(unread, "politician__kana", "politician__name", "politician")
    return np.fromiter(rows.values_list("position", flat=True).iterator(), dtype=np.int32)


def forget() -> None:
    """Read the lists anew at the next call."""
    _positions.cache_clear()
