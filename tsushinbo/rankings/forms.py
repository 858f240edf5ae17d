"""Filters of a ranking: who is compared, and what the table is narrowed to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from tsushinbo.activities.queries import ReportFilter
from tsushinbo.filters import Field, Filters, Options, choice, ids
from tsushinbo.people.models import Office
from tsushinbo.rankings.models import Facet, Kind, Population
from tsushinbo.rankings.queries.known import Known, Names, names
from tsushinbo.rankings.words import PEOPLE

# What ?office= chooses in a ranking of people: the population, which decides 偏差値 and places, and for the offices inside one what it is
# narrowed to.
OFFICES: dict[str, tuple[str, Population, Office | None]] = {
    "diet": ("国会議員", Population.DIET, None),
    "representatives": ("国会議員のうち衆議院議員", Population.DIET, Office.REPRESENTATIVES),
    "councillors": ("国会議員のうち参議院議員", Population.DIET, Office.COUNCILLORS),
    "executive": ("知事・市区町村長", Population.EXECUTIVE, None),
    "governor": ("知事・市区町村長のうち知事", Population.EXECUTIVE, Office.GOVERNOR),
    "mayor": ("知事・市区町村長のうち市区町村長", Population.EXECUTIVE, Office.MAYOR),
    "assembly": ("地方議員", Population.ASSEMBLY, None),
    "prefectural_assembly": ("都道府県議会議員", Population.PREFECTURAL_ASSEMBLY, None),
    "municipal_assembly": ("市区町村議会議員", Population.MUNICIPAL_ASSEMBLY, None),
    "party": ("政党", Population.PARTY, None),
}


OF_PEOPLE = choice("office", "比べる範囲", "政治家全体", [(value, word) for value, (word, _, _) in OFFICES.items()])
# A party makes no reports.
OF_REPORTS = replace(OF_PEOPLE, options=Options(one for one in OF_PEOPLE.options if one[0] != "party"))
OF_PLEDGES = choice("office", "掲げた人の職", "すべて", Office.choices)
OF_AUTHORS = choice("office", "職", "すべて", Office.choices)


@dataclass(frozen=True)
class Wanted:
    """What the boxes ask for: a population, and values of facets as RankingPart writes them."""

    population: Population
    narrowing: dict[str, str]


def ranking_filters(params: Mapping[str, str], kind: Kind, seen: Known | None) -> Filters:
    """The boxes over a ranking, filled from the query string. Parties and years are those that the current run has rows of."""
    of_people, of_pledges = _boxes(names(), seen.parties if seen else frozenset(), seen.years if seen else ())
    first = OF_PLEDGES if kind not in PEOPLE else OF_REPORTS if kind == Kind.ACTIVITIES else OF_PEOPLE
    filters = Filters([box.fresh() for box in (first, *of_people, *of_pledges)])
    filters.read(params)
    if kind in PEOPLE and filters.value("office") == Population.PARTY:
        _leave_out(filters, {box.name for box in of_people})
    return filters


def popular_filters(params: Mapping[str, str]) -> Filters:
    """The boxes over the reports that are talked about most. Parties are those that somebody in office belongs to."""
    called = names()
    of_people, _ = _boxes(called, called.serving, ())
    filters = Filters([box.fresh() for box in (OF_AUTHORS, *of_people)])
    filters.read(params)
    return filters


def wanted_reports(filters: Filters) -> ReportFilter:
    """What these boxes ask for."""
    return ReportFilter(
        office=filters.value("office"), prefecture=filters.value("prefecture"), party=filters.number("party")
    )


def _leave_out(filters: Filters, names: set[str]) -> None:
    """Parties stand in no prefecture and belong to no party: what was chosen of that does not narrow, and the page says so."""
    for box in filters.fields:
        if box.name in names and box.chosen:
            filters.refused.append(box.label)
            box.chosen = ""


def population_filter(params: Mapping[str, str]) -> Filters:
    """The one box over those without a place: whole populations only."""
    whole = [(value, word) for value, (word, _, office) in OFFICES.items() if office is None and value != "party"]
    filters = Filters([choice("office", "比べる範囲", "政治家全体", whole)])
    filters.read(params)
    return filters


@lru_cache(maxsize=4)
def _boxes(called: Names, parties: frozenset[int], years: tuple[str, ...]) -> tuple[list[Field], list[Field]]:
    """The boxes of every ranking of a run, nothing chosen: those of a term, and those of a pledge."""
    found = [(pk, name) for pk, name in called.parties if pk in parties]
    return (
        [
            choice("prefecture", "都道府県", "全国", called.prefectures),
            choice("party", "政党", "すべて", ids(found)),
        ],
        [
            choice("topic", "政策分野", "すべて", called.policy_areas),
            choice("period", "選挙か出典の年", "すべて", [(year, f"{year}年") for year in years]),
        ],
    )


def wanted_rows(filters: Filters, kind: Kind) -> Wanted:
    """What the boxes ask for. All but ``office`` have the names of facets."""
    office = filters.value("office")
    population, facet = Population.ALL, office
    if kind in PEOPLE and office:
        _, population, inside = OFFICES[office]
        facet = inside.value if inside else None
    chosen = {one.name: one.chosen for one in filters.fields if one.chosen}
    if "party" in chosen:
        chosen["party"] = str(filters.number("party"))
    asked = {Facet.OFFICE.value: facet, **{name: value for name, value in chosen.items() if name != "office"}}
    return Wanted(population, {name: value for name, value in asked.items() if value})
