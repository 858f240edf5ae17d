"""The list of politicians in each of its orders."""

from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from tsushinbo.people.models import Politician
from tsushinbo.people.queries import PoliticianFilter, by_kana, narrowed
from tsushinbo.pledges.queries import published
from tsushinbo.site.queries.totals import counts_to_order_by

ORDERS = {"kana": "五十音", "new": "新着", "pledges": "公約数", "ballots": "評価数"}


def politician_list(
    wanted: PoliticianFilter, *, with_pledges: bool, order: str, last: Collection[int] = ()
) -> QuerySet[Politician, int] | Sequence[int]:
    """The ids of the politicians that fit, in the order asked for.

    公約数 and 評価数 follow the counts of the current run; equal counts stay in 五十音 order, and those who come ``last`` too.
    """
    politicians = narrowed(wanted)
    if with_pledges:
        politicians = politicians.filter(Exists(published().filter(politician=OuterRef("pk"))))
    if order == "new":
        return politicians.order_by("-created_at", "pk").values_list("pk", flat=True)
    ids = by_kana(politicians).values_list("pk", flat=True)
    if order == "kana":
        return ids
    counts, last = counts_to_order_by(order), frozenset(last)
    return sorted(ids, key=lambda pk: 1 if pk in last else -counts.get(pk, 0))
