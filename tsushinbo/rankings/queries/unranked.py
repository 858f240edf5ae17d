"""Who has pledges but too few evaluations for a place."""

from functools import lru_cache

import numpy as np
from django.db.models import Case, Exists, OuterRef, Value, When
from django.http import Http404
from numpy.typing import NDArray

from tsushinbo.paging import Page
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import in_given_order
from tsushinbo.rankings.models import Kind, RankingRow
from tsushinbo.rankings.queries.known import Known, Listed

SIZE = 60
# Lists of ids kept by a process: 400 kB for 50,000 people.
KEPT = 8


def unranked_of(seen: Known, kind: Kind, population: str, number: int) -> Page[tuple[Politician, int]]:
    """Page ``number`` of the politicians with pledges and without a place, in 五十音 order, each with the count of their evaluations.

    The whole order is read once for each run in each process; a page then takes three queries. Raises Http404 beyond the last one.
    """
    having = seen.find(Kind.PLEDGES, population)
    ranked = seen.find(kind, population)
    ids = _ids(having.pk, ranked.pk if ranked else 0) if having else np.empty(0, dtype=np.int64)
    start = (number - 1) * SIZE
    if number > 1 and start >= ids.size:
        raise Http404("beyond the last page")
    shown = ids[start : start + SIZE].tolist()
    counts = _evaluations(seen.find(Kind.BALLOTS, population), shown)
    people = [(person, counts.get(person.pk, 0)) for person in in_given_order(shown)]
    return Page(rows=people, number=number, size=SIZE, total=int(ids.size), more_than_counted=False)


@lru_cache(maxsize=KEPT)
def _ids(having: int, ranked: int) -> NDArray[np.int64]:
    """The ids of who is in the ranking ``having`` and not in ``ranked``, in 五十音 order; who has no reading on record comes last."""
    placed = RankingRow.objects.filter(ranking=ranked, politician=OuterRef("politician"))
    rows = RankingRow.objects.filter(ranking=having, politician__isnull=False).exclude(Exists(placed))
    unread = Case(When(politician__kana="", then=Value(1)), default=Value(0))
    rows = rows.order_by(unread, "politician__kana", "politician__name", "politician")
    return np.fromiter(rows.values_list("politician", flat=True).iterator(), dtype=np.int64)


def _evaluations(ranking: Listed | None, politicians: list[int]) -> dict[int, int]:
    if ranking is None:
        return {}
    rows = RankingRow.objects.filter(ranking=ranking.pk, politician__in=politicians)
    return dict(rows.values_list("politician", "n"))


def forget() -> None:
    """Read the lists anew at the next call."""
    _ids.cache_clear()
