"""Filters of the lists: which boxes stand over each, and what they narrow it to."""

from collections.abc import Mapping

from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import ElectionFilter, years
from tsushinbo.filters import Field, Filters, choice, ids, order
from tsushinbo.people.models import Office, ParliamentaryGroup
from tsushinbo.people.queries import KANA_ROWS, PoliticianFilter, groups_with_members, parties_with_members, prefectures
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import PledgeFilter, elections_with_pledges, parties_with_pledges, policy_areas
from tsushinbo.site.queries import pledges as pledge_queries
from tsushinbo.site.queries import politicians as politician_queries


def politician_filters(params: Mapping[str, str]) -> Filters:
    """The boxes over the list of politicians, filled from the query string."""
    groups = ((group.pk, f"{group.name}（{_assembly(group)}）") for group in groups_with_members())
    filters = Filters(
        [
            choice("office", "職", "すべて", Office.choices),
            choice("prefecture", "都道府県", "全国", prefectures().values_list("code", "name")),
            choice("party", "政党", "すべて", ids(parties_with_members().values_list("pk", "name"))),
            choice("group", "会派", "すべて", ids(groups)),
            choice("pledges", "公約", "すべて", [("yes", "公約のある人")]),
            order(politician_queries.ORDERS),
            Field("row", "五十音", [("", "すべて"), *((row, row) for row in KANA_ROWS)], as_links=True),
        ]
    )
    filters.read(params)
    return filters


def _assembly(group: ParliamentaryGroup) -> str:
    houses = {Office.REPRESENTATIVES: "衆議院", Office.COUNCILLORS: "参議院"}
    return houses.get(Office(group.office)) or f"{group.area or ''}議会"


def wanted_politicians(filters: Filters) -> PoliticianFilter:
    """What the boxes narrow the list of politicians to."""
    return PoliticianFilter(
        office=filters.value("office"),
        prefecture=filters.value("prefecture"),
        party=filters.number("party"),
        group=filters.number("group"),
        kana_row=filters.value("row"),
    )


def pledge_filters(params: Mapping[str, str]) -> Filters:
    """The boxes over the list of pledges, filled from the query string."""
    filters = Filters(
        [
            choice("topic", "政策分野", "すべて", policy_areas().values_list("code", "name")),
            choice("status", "実施状況", "すべて", Pledge.Status.choices),
            choice("owner", "掲げた主体", "すべて", [("politician", "政治家"), ("party", "政党")]),
            choice("level", "国・地方", "すべて", Election.Level.choices),
            choice("prefecture", "都道府県", "全国", prefectures().values_list("code", "name")),
            choice("party", "政党", "すべて", ids(parties_with_pledges().values_list("pk", "name"))),
            choice("election", "選挙", "すべて", ids(elections_with_pledges().values_list("pk", "name"))),
            order(pledge_queries.ORDERS),
        ]
    )
    filters.read(params)
    return filters


def wanted_pledges(filters: Filters) -> PledgeFilter:
    """What the boxes narrow the list of pledges to."""
    return PledgeFilter(
        topic=filters.value("topic"),
        status=filters.value("status"),
        owner=filters.value("owner"),
        level=filters.value("level"),
        prefecture=filters.value("prefecture"),
        party=filters.number("party"),
        election=filters.number("election"),
    )


def election_filters(params: Mapping[str, str]) -> Filters:
    """The boxes over the list of elections, filled from the query string; 今後 and 過去 are offered as links."""
    filters = Filters(
        [
            choice("level", "国・地方", "すべて", Election.Level.choices),
            choice("office", "職", "すべて", Office.choices),
            choice("prefecture", "都道府県", "全国", prefectures().values_list("code", "name")),
            choice("kind", "種類", "すべて", Election.Kind.choices),
            choice("year", "年", "すべて", ((year, f"{year}年") for year in years())),
            Field("when", "時期", [("coming", "今後"), ("past", "過去")], narrows=False, as_links=True),
        ]
    )
    filters.read(params)
    return filters


def wanted_elections(filters: Filters) -> ElectionFilter:
    """What the boxes narrow the list of elections to."""
    return ElectionFilter(
        level=filters.value("level"),
        office=filters.value("office"),
        prefecture=filters.value("prefecture"),
        year=filters.value("year"),
        kind=filters.value("kind"),
    )
