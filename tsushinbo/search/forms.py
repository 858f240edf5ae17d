"""The boxes over what was found: which there are, and what they narrow a search to."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from tsushinbo.activities.queries import published as published_reports
from tsushinbo.filters import Field, Filters, choice, ids, order
from tsushinbo.kept import Kept
from tsushinbo.people.models import Office
from tsushinbo.people.queries import parties_with_members, prefectures
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import parties_with_pledges, policy_areas, published
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import Narrowing
from tsushinbo.search.queries.narrowing import APPLIES

# Names that change with an import only, and the year in which the oldest text was published.
SECONDS = 600
ORDERS = {"relevance": "合う", "new": "新しい"}


@dataclass(frozen=True)
class _Offered:
    """Options that come from tables, as (value, word)."""

    parties: list[tuple[str, str]]
    prefectures: list[tuple[str, str]]
    topics: list[tuple[str, str]]
    first_year: int


def _read() -> _Offered:
    now = timezone.now()
    oldest = (
        published().order_by("created_at").values_list("created_at", flat=True).first(),
        published_reports(now).order_by("publish_at").values_list("publish_at", flat=True).first(),
    )
    return _Offered(
        parties=ids((parties_with_members() | parties_with_pledges()).order_by("name").values_list("pk", "name")),
        prefectures=list(prefectures().values_list("code", "name")),
        topics=list(policy_areas().values_list("code", "name")),
        first_year=min(timezone.localtime(time or now).year for time in oldest),
    )


_offered = Kept(_read, SECONDS)
forget = _offered.forget


def search_filters(params: Mapping[str, str]) -> Filters:
    """The boxes, filled from the query string. The kinds are links with their counts instead of a box."""
    offered, this_year = _offered.get(), timezone.localdate().year
    years = [(str(year), f"{year}年") for year in range(this_year, offered.first_year - 1, -1)]
    filters = Filters(
        [
            Field("type", "種類", [("", "すべて"), *((kind.value, kind.label) for kind in Kind)], as_links=True),
            choice("office", "職", "すべて", Office.choices),
            choice("party", "政党", "すべて", offered.parties),
            choice("prefecture", "都道府県", "全国", offered.prefectures),
            choice("topic", "政策分野", "すべて", offered.topics),
            choice("status", "実施状況", "すべて", Pledge.Status.choices),
            choice("year", "公開の時期", "すべて", years),
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


@dataclass(frozen=True)
class LeftOut:
    """The kinds that are not searched, and the boxes to blame: those kinds have nothing of the sort."""

    kinds: list[Kind]
    boxes: list[str]


def left_out(filters: Filters, narrowing: Narrowing) -> LeftOut:
    """What a search leaves out because of what was chosen."""
    kinds = [kind for kind in Kind if not narrowing.applies_to(kind)]
    missing = {name for kind in kinds for name in narrowing.chosen - APPLIES[kind]}
    return LeftOut(kinds, [label for name, label, _ in filters.active if name in missing])
