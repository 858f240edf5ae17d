"""The boxes over what was found."""

from collections.abc import Mapping

from django.utils import timezone

from tsushinbo.filters import Filters, choice, ids, order
from tsushinbo.people.models import Office, Party
from tsushinbo.people.queries import prefectures
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import policy_areas
from tsushinbo.search.queries import Narrowing

# Nothing on the site is older; the years come from the rows themselves only at the cost of a look through all.
FIRST_YEAR = 2026
ORDERS = {"relevance": "合う", "new": "新しい"}


def search_filters(params: Mapping[str, str]) -> Filters:
    """The boxes, filled from the query string."""
    years = [(str(year), f"{year}年") for year in range(timezone.localdate().year, FIRST_YEAR - 1, -1)]
    filters = Filters(
        [
            choice("office", "職", "すべて", Office.choices),
            choice("party", "政党", "すべて", ids(Party.objects.order_by("name").values_list("pk", "name"))),
            choice("prefecture", "都道府県", "全国", prefectures().values_list("code", "name")),
            choice("topic", "政策分野", "すべて", policy_areas().values_list("code", "name")),
            choice("status", "実施状況", "すべて", Pledge.Status.choices),
            choice("year", "登録・公開した年", "すべて", years),
            order(ORDERS),
        ]
    )
    filters.read(params)
    return filters


def narrowing_of(filters: Filters) -> Narrowing:
    """What the boxes narrow a search to."""
    year = filters.value("year")
    return Narrowing(
        office=filters.value("office"),
        party=filters.number("party"),
        prefecture=filters.value("prefecture"),
        topic=filters.value("topic"),
        status=filters.value("status"),
        year=int(year) if year else None,
    )
