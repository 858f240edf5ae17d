"""Members of the Diet, local politicians and chief executives: who a row is about, what it says of the person, and the term."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from tsushinbo.addresses import derived_id
from tsushinbo.importers.constituencies import constituency
from tsushinbo.importers.known import Known
from tsushinbo.importers.matching import (
    PERSON_ID,
    Matcher,
    Profile,
    folded_names,
    identified,
    place_of,
    seat,
    sitting,
)
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.rows import Row
from tsushinbo.importers.services import Doubt, ask_for_matching, record_doubts
from tsushinbo.importers.tables.base import Batch, Item, Table, records
from tsushinbo.importers.tables.parties import HOUSES
from tsushinbo.people.models import Office, Term, Tier
from tsushinbo.people.services import (
    ConstituencyRow,
    GroupRow,
    PersonFact,
    TermRow,
    add_constituencies,
    add_groups,
    keep_people,
    keep_terms,
)
from tsushinbo.people.services.politicians import fold
from tsushinbo.sources.keeping import Outcome

STATUSES = {"current": "current", "former": ""}
DIET_TIERS = {tier.value: tier.value for tier in (Tier.SINGLE_SEAT, Tier.PREFECTURAL, Tier.PROPORTIONAL)}
LOCAL = {
    office.value: office.value for office in (Office.MUNICIPAL_ASSEMBLY, Office.PREFECTURAL_ASSEMBLY, Office.MAYOR)
}
CHIEF = {office.value: office.value for office in (Office.GOVERNOR, Office.MAYOR)}
SITES = {
    Office.REPRESENTATIVES: "衆議院の公式ページ",
    Office.COUNCILLORS: "参議院の公式ページ",
    Office.PREFECTURAL_ASSEMBLY: "議会の公式ページ",
    Office.MUNICIPAL_ASSEMBLY: "議会の公式ページ",
}
OFFICIAL_SITE = "公式サイト"


class ReadPerson(NamedTuple):
    """One row about a person: what it says, how to tell who it is, the term and what the term names. The politician is not known yet."""

    fact: PersonFact
    profile: Profile
    term: TermRow
    constituency: ConstituencyRow | None
    group: GroupRow | None


def _fact(row: Row, office: str, *, name_on_ballot: str = "", birth_year: int | None = None) -> PersonFact:
    person_id = row.key("person_id", 120)
    return PersonFact(
        politician_id=0,
        leading=True,
        scheme=PERSON_ID,
        value=person_id,
        name=row.name("name", 80, needed=True),
        family_name=row.name("family_name", 40),
        given_name=row.name("given_name", 40),
        kana=row.kana("kana", 120),
        family_kana=row.kana("family_kana", 60),
        given_kana=row.kana("given_kana", 60),
        birth_year=birth_year,
        name_on_ballot=name_on_ballot,
        link_title=SITES.get(Office(office), OFFICIAL_SITE),
        link_url=row.url("profile_url", 500),
    )


def _profile(fact: PersonFact, term: TermRow, district: str | None) -> Profile:
    place = place_of(term.office, term.area_id, term.prefecture_id)
    return Profile(
        spellings=folded_names(fact.name, fact.name_on_ballot),
        kana={fold(fact.kana)} if fact.kana else set(),
        birth_years={fact.birth_year} if fact.birth_year else set(),
        seats={seat(term.office, place, district)},
        parties={term.party_id} if term.party_id else set(),
        sitting={sitting(term.dataset_id, term.source_title, term.office, place)} if term.running else set(),
    )


def _source(row: Row, known: Known) -> tuple[int | None, str]:
    """The dataset of a row, or the words of its source where no dataset on record is meant."""
    dataset = known.dataset(row["source"])
    return dataset, "" if dataset else row.text("source", 200, needed=True)


def read_member(row: Row, known: Known) -> ReadPerson:
    """A member of the Diet, sitting or former, with the last term."""
    office, tier = row.choice("house", HOUSES), row.choice("tier", DIET_TIERS)
    running = bool(row.choice("status", STATUSES))
    birth_date, birth_year = row.day("birth_date"), row.year("birth_year")
    if birth_date and birth_year not in (None, birth_date.year):
        row.refuse("birth_year", f"{shown(row['birth_year'])} is not the year of birth_date {shown(row['birth_date'])}")
    row.in_order("birth_date", "term_start")
    row.in_order("term_start", "term_end")
    fact = _fact(
        row, office, name_on_ballot=row.name("name_on_ballot", 80), birth_year=birth_year or (birth_date.year if birth_date else None)
    )  # fmt: skip
    prefecture = None if tier == Tier.PROPORTIONAL else known.prefecture(row, "prefecture")
    starts_on, district = row.when("term_start"), row.text("district", 80, needed=True)
    place = constituency(office, tier, district, prefecture=prefecture, day=starts_on)
    _must_be_listed(place, known)
    dataset, source = _source(row, known)
    term = TermRow(
        key=f"{fact.value}:{office}:{starts_on}"[:120],
        politician_id=0,
        office=office,
        running=running,
        area_id=None,
        prefecture_id=prefecture,
        constituency_id=place.id,
        tier=tier,
        party_id=known.party(row, "party"),
        group_id=known.group(row, "group", office),
        role="",
        backing="",
        times_elected=row.whole("terms", 1, 99),
        starts_on=starts_on,
        ends_on=row.when("term_end"),
        source_title=source,
        source_url=fact.link_url,
        dataset_id=dataset,
        as_of=row.when("as_of"),
    )
    profile = _profile(fact, term, district)
    won = [election for election in row.text("won_elections", 400).split(";") if election in known.elections]
    if won and office == Office.REPRESENTATIVES:
        profile.stood[max(won, key=lambda key: known.elections[key].polling_on), tier] = {district}
    return ReadPerson(fact, profile, term, place, None)


def _must_be_listed(place: ConstituencyRow, known: Known) -> None:
    single = place.office == Office.REPRESENTATIVES and place.tier == Tier.SINGLE_SEAT
    if single and place.boundaries in known.listed_boundaries and place.id not in known.constituencies:
        raise Refused("district", f"unknown district {shown(place.name)}; import it first (districts.csv)")


def read_local(row: Row, known: Known) -> ReadPerson:
    """A local politician in one office."""
    office = row.choice("office", LOCAL)
    code = known.area(row, "municipality_code6", needed=True)
    prefecture = known.areas[code or ""]
    if (office == Office.PREFECTURAL_ASSEMBLY) != (code == prefecture):
        row.refuse("municipality_code6", f"{shown(code or '')} does not fit the office {shown(office)}")
    row.in_order("service_start", "service_end")
    fact = _fact(row, office)
    name = row.text("electoral_district", 80)
    place = constituency(office, Tier.AT_LARGE, name, prefecture=prefecture, day="") if name else None
    # A mayor belongs to no group of the assembly: the column then holds the party.
    party = known.party(row, "group") if office == Office.MAYOR else None
    group = None if office == Office.MAYOR else _local_group(row, office, code)
    dataset, source = _source(row, known)
    term = TermRow(
        key=row.key("role_id", 120),
        politician_id=0,
        office=office,
        running=bool(row.choice("status", STATUSES)),
        area_id=code,
        prefecture_id=prefecture,
        constituency_id=place.id if place else None,
        tier=Tier.AT_LARGE.value,
        party_id=party,
        group_id=group.id if group else None,
        role=row.text("group_role", 60),
        backing="",
        times_elected=row.whole("terms", 1, 99),
        starts_on=row.when("service_start"),
        ends_on=row.when("service_end"),
        source_title=source,
        source_url=fact.link_url,
        dataset_id=dataset,
        as_of=row.when("as_of"),
    )
    return ReadPerson(fact, _profile(fact, term, name), term, place, group)


def _local_group(row: Row, office: str, area: str | None) -> GroupRow | None:
    name = row.text("group", 100)
    if not name:
        return None
    key = f"{office}:{area}:{derived_id('group name', name):x}"
    return GroupRow(
        id=derived_id("group", f"{office}:{area}:{name}"),
        key=key,
        office=office,
        area_id=area,
        name=name,
        short_name="",
    )


def read_chief(row: Row, known: Known) -> ReadPerson:
    """A governor or mayor."""
    office = row.choice("office", CHIEF)
    code = known.area(row, "municipality_code6", needed=True)
    prefecture = known.areas[code or ""]
    if (office == Office.GOVERNOR) != (code == prefecture):
        row.refuse("municipality_code6", f"{shown(code or '')} does not fit the office {shown(office)}")
    row.in_order("service_start", "service_end")
    fact = _fact(row, office, birth_year=row.year("birth_year"))
    term = TermRow(
        key=row.key("role_id", 120),
        politician_id=0,
        office=office,
        running=bool(row.choice("status", STATUSES)),
        area_id=code,
        prefecture_id=prefecture,
        constituency_id=None,
        tier="",
        party_id=None,
        group_id=None,
        role="",
        backing=row.text("backing", 200),
        times_elected=row.whole("terms", 1, 99),
        starts_on=row.when("service_start"),
        ends_on=row.when("service_end"),
        source_title=row.text("source_title", 200, needed=True),
        source_url=row.url("source_url", 500, needed=True),
        dataset_id=None,
        as_of=row.when("as_of"),
    )
    return ReadPerson(fact, _profile(fact, term, ""), term, None, None)


def store_people(batch: Batch, items: Sequence[Item[ReadPerson]]) -> None:
    """Keep people whose rows are about the person: a row is new when its person id is."""
    people, terms = _store(batch, items)
    batch.count(items, map(_outcome, people, terms))


def store_roles(batch: Batch, items: Sequence[Item[ReadPerson]]) -> None:
    """Keep people whose rows are about an office: a row is new when its term is."""
    people, terms = _store(batch, items)
    batch.count(items, map(_outcome, terms, people))


def _outcome(main: Outcome, other: Outcome) -> Outcome:
    """What became of a row whose ``main`` part says whether it is new."""
    if main is Outcome.CREATED or main is other:
        return main
    return Outcome.UPDATED


def _store(batch: Batch, items: Sequence[Item[ReadPerson]]) -> tuple[list[Outcome], list[Outcome]]:
    rows = records(items)
    add_constituencies(batch.known.unplaced(row.constituency for row in rows), at=batch.at)
    add_groups(batch.known.unplaced(row.group for row in rows), at=batch.at)
    politicians, doubts = _who(batch, items)
    facts, terms = [], []
    for row in rows:
        politician = politicians[row.fact.value]
        leading = politician == derived_id("politician", row.fact.value)
        facts.append(replace(row.fact, politician_id=politician, leading=leading))
        terms.append(row.term._replace(politician_id=politician))
    people = keep_people(facts, at=batch.at)
    kept = keep_terms(_adopted(terms), at=batch.at)
    batch.doubts += record_doubts(doubts)
    if {*people, *kept} - {Outcome.UNCHANGED}:
        ask_for_matching()
    return people, kept


def _who(batch: Batch, items: Sequence[Item[ReadPerson]]) -> tuple[dict[str, int], list[Doubt]]:
    """Whom the person ids of ``items`` mean, by what is on record or by the rule, and what the rule leaves open."""
    politicians = identified({row.fact.value for row in records(items)})
    fresh = [item for item in items if item.record.fact.value not in politicians]
    matcher = Matcher([row.profile for row in records(fresh)])
    doubts = []
    for item in fresh:
        row, value = item.record, item.record.fact.value
        if value not in politicians:
            match = matcher.find(row.profile)
            politicians[value] = match.politician or derived_id("politician", value)
            doubts += [
                Doubt(first=other, second=politicians[value], reason=reason) for other, reason in match.doubts.items()
            ]
            if match.politician:
                batch.note(item, "the same person as another id on record, by the rule")
        matcher.add(politicians[value], row.profile)
    return politicians, doubts


def _adopted(terms: list[TermRow]) -> list[TermRow]:
    """A running term as governor or mayor that another source put on record already is not a second one: it is filled in."""
    people = {term.politician_id for term in terms if term.running and term.office in CHIEF}
    if not people:
        return terms
    stored = Term.objects.filter(politician__in=people, office__in=CHIEF, running=True).order_by("pk")
    rows = [TermRow._make(values) for values in stored.values_list(*TermRow._fields)]
    keys = {row.key for row in rows}
    others = {(row.politician_id, row.office, row.area_id): row for row in rows}

    def adopt(term: TermRow) -> TermRow:
        other = others.get((term.politician_id, term.office, term.area_id))
        if other is None or term.key in keys or not term.running or not _agree(term.starts_on, other.starts_on):
            return term
        return TermRow._make(old or new for old, new in zip(other, term, strict=True))

    return [adopt(term) for term in terms]


def _agree(first: str, second: str) -> bool:
    """Whether two dates, as exact as they are, may be one day."""
    return first.startswith(second) or second.startswith(first)


_NAMES = ("name", "kana", "family_name", "given_name", "family_kana", "given_kana")

MEMBERS = Table(
    name="people",
    columns=(
        "person_id", *_NAMES, "name_on_ballot", "house", "status", "party", "group", "tier", "prefecture", "district",
        "terms", "won_elections", "term_start", "term_end", "birth_date", "birth_year", "gender", "profile_url",
        "source", "as_of",
    ),
    key=("person_id",),
    read=read_member,
    store=store_people,
)  # fmt: skip

LOCALS = Table(
    name="people_local",
    columns=(
        "role_id", "person_id", *_NAMES, "office", "municipality_code6", "area", "electoral_district", "group",
        "group_role", "status", "terms", "service_start", "service_end", "profile_url", "source", "as_of",
    ),
    key=("role_id",),
    read=read_local,
    store=store_roles,
)  # fmt: skip

CHIEFS = Table(
    name="chief_executives",
    columns=(
        "role_id", "person_id", *_NAMES, "office", "municipality_code6", "area", "status", "terms", "service_start",
        "service_end", "birth_year", "backing", "profile_url", "source_title", "source_url", "as_of",
    ),
    key=("role_id",),
    read=read_chief,
    store=store_roles,
)  # fmt: skip
