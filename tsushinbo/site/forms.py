"""Filters of lists: from the query string to values, with a message for what is not understood."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tsushinbo import addresses
from tsushinbo.elections.models import Election
from tsushinbo.people.models import Office, ParliamentaryGroup
from tsushinbo.people.queries import KANA_ROWS, PoliticianFilter, groups_with_members, parties_with_members, prefectures
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import PledgeFilter, elections_with_pledges, parties_with_pledges, policy_areas
from tsushinbo.site.queries import pledges as pledge_queries
from tsushinbo.site.queries import politicians as politician_queries


@dataclass
class Field:
    """One select box: what may be chosen and what was. ``as_links``: the page offers the options as links instead."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str = ""
    narrows: bool = True
    as_links: bool = False


@dataclass
class Filters:
    """The select boxes of a list. ``refused`` names those whose value was not among the options and is left out."""

    fields: list[Field]
    refused: list[str] = field(default_factory=list)

    def read(self, params: Mapping[str, str]) -> None:
        """Take the values out of a query string."""
        for one in self.fields:
            asked = params.get(one.name, "")
            if asked in {value for value, _ in one.options}:
                one.chosen = asked
            elif asked:
                self.refused.append(one.label)
            if not one.chosen and not one.narrows:
                one.chosen = one.options[0][0]

    def value(self, name: str) -> str | None:
        """The value chosen in a box, None when it does not narrow."""
        return next(one.chosen for one in self.fields if one.name == name) or None

    def number(self, name: str) -> int | None:
        """The id chosen in a box."""
        chosen = self.value(name)
        return None if chosen is None else addresses.decode(chosen)

    @property
    def active(self) -> list[tuple[str, str, str]]:
        """The boxes that narrow the list now: name, label and the word chosen."""
        return [
            (one.name, one.label, dict(one.options)[one.chosen]) for one in self.fields if one.narrows and one.chosen
        ]


def _choice(name: str, label: str, everything: str, options: Iterable[tuple[str, str]]) -> Field:
    return Field(name, label, [("", everything), *((str(value), str(word)) for value, word in options)])


def _order(orders: Mapping[str, str]) -> Field:
    return Field("order", "並び順", [(value, f"{word}順") for value, word in orders.items()], narrows=False)


def _ids(rows: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(addresses.encode(pk), word) for pk, word in rows]


def politician_filters(params: Mapping[str, str]) -> Filters:
    """The boxes over the list of politicians, filled from the query string."""
    groups = ((group.pk, f"{group.name}（{_assembly(group)}）") for group in groups_with_members())
    filters = Filters(
        [
            _choice("office", "職", "すべて", Office.choices),
            _choice("prefecture", "都道府県", "全国", prefectures().values_list("code", "name")),
            _choice("party", "政党", "すべて", _ids(parties_with_members().values_list("pk", "name"))),
            _choice("group", "会派", "すべて", _ids(groups)),
            _choice("pledges", "公約", "すべて", [("yes", "公約のある人")]),
            _order(politician_queries.ORDERS),
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
            _choice("topic", "政策分野", "すべて", policy_areas().values_list("code", "name")),
            _choice("status", "実施状況", "すべて", Pledge.Status.choices),
            _choice("owner", "掲げた主体", "すべて", [("politician", "政治家"), ("party", "政党")]),
            _choice("level", "国・地方", "すべて", Election.Level.choices),
            _choice("prefecture", "都道府県", "全国", prefectures().values_list("code", "name")),
            _choice("party", "政党", "すべて", _ids(parties_with_pledges().values_list("pk", "name"))),
            _choice("election", "選挙", "すべて", _ids(elections_with_pledges().values_list("pk", "name"))),
            _order(pledge_queries.ORDERS),
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
