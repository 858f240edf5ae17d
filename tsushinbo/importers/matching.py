"""The rule by which people are matched across tables (docs/data-sources.md, "Who is the same person").

Names never suffice. Two rows are one person when the names agree, variants and spellings counted as one, and besides either the reading
and the birth year agree, or the seat (house and district). They are two people when the birth years differ, when they stood in different
districts at one election, or when one source lists both as members of one house. Whatever lies between is put before a person.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from django.db.models import Q

from tsushinbo.elections.models import Candidacy
from tsushinbo.people.models import Identifier, Office, Politician, PoliticianName, Term
from tsushinbo.people.services.politicians import WRITTEN, fold

PERSON_ID = "person_id"
Seat = tuple[str, str, str]
Sitting = tuple[int | str | None, str, str]


class Verdict(Enum):
    """Whether two rows are about one person."""

    SAME = "same"
    DOUBTFUL = "doubtful"
    OTHER = "other"


@dataclass(slots=True)
class Profile:
    """What is known of a person that tells people apart. Names and readings are folded; an empty set says nothing is known.

    stood: at which election and tier, in which districts. sitting: which source lists the person as a member of which house now.
    """

    spellings: set[str] = field(default_factory=set)
    kana: set[str] = field(default_factory=set)
    birth_years: set[int] = field(default_factory=set)
    seats: set[Seat] = field(default_factory=set)
    parties: set[int] = field(default_factory=set)
    stood: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    sitting: set[Sitting] = field(default_factory=set)

    def add(self, other: "Profile") -> None:
        """Know also what ``other`` knows of the same person; a birth year known already stays."""
        self.spellings |= other.spellings
        self.kana |= other.kana
        self.birth_years = self.birth_years or other.birth_years
        self.seats |= other.seats
        self.parties |= other.parties
        self.sitting |= other.sitting
        for contest, districts in other.stood.items():
            self.stood[contest] = self.stood.get(contest, set()) | districts

    def excludes(self, other: "Profile") -> bool:
        """Whether nobody can be both, whatever their names."""
        elsewhere = any(districts.isdisjoint(other.stood.get(at, districts)) for at, districts in self.stood.items())
        return elsewhere or not self.sitting.isdisjoint(other.sitting)


def seat(office: str, area: str | None, constituency: str | None) -> Seat:
    """House and district: for the Diet the name of the district, for local offices the area and the district inside it."""
    return (office, area or "", constituency or "")


def sitting(dataset: int | None, source: str, office: str, place: str | None) -> Sitting:
    """A source that lists somebody as a member of a house now."""
    return (dataset or source, office, place or "")


def folded_names(*names: str) -> set[str]:
    """The names as they are compared."""
    return {folded for name in names if (folded := fold(name))}


def years_of_birth(age: int | None, day: str) -> set[int]:
    """The two years in which somebody aged ``age`` on ``day`` may be born. Example: 42 on 2014-12-14 gives 1971 and 1972."""
    return {int(day[:4]) - age - 1, int(day[:4]) - age} if age is not None and day else set()


def compare(new: Profile, known: Profile) -> tuple[Verdict, str]:
    """Tell whether two profiles are of one person, and for a doubt in Japanese what speaks for and against it."""
    same_name = bool(new.spellings & known.spellings)
    same_kana, other_kana = _agreement(new.kana, known.kana)
    same_year, other_year = _agreement(new.birth_years, known.birth_years)
    if other_year or new.excludes(known) or not (same_name or (same_kana and same_year)):
        return Verdict.OTHER, ""
    same_seat = bool(new.seats & known.seats)
    if same_name and same_kana and same_year:
        return Verdict.SAME, ""
    other_party = _agreement(new.parties, known.parties)[1]
    if same_name and same_seat and not other_kana and not other_party:
        return Verdict.SAME, ""
    if other_kana and not same_seat and not same_year:
        return Verdict.OTHER, ""
    reasons = [
        "氏名が同じ" if same_name else "氏名が異なる",
        _word("よみがな", same=same_kana, other=other_kana),
        _word("生年", same=same_year, other=other_year),
        "選挙区が同じ" if same_seat else "同じ選挙区の記録がない",
    ]
    if same_seat and other_party:
        reasons.append("政党が異なる")
    return Verdict.DOUBTFUL, "、".join(reasons)


def _agreement(new: set[int] | set[str], known: set[int] | set[str]) -> tuple[bool, bool]:
    """Whether something known of both agrees, and whether it differs; neither when it is unknown of one."""
    if not new or not known:
        return False, False
    agrees = not new.isdisjoint(known)
    return agrees, not agrees


def _word(what: str, *, same: bool, other: bool) -> str:
    return f"{what}が同じ" if same else f"{what}が異なる" if other else f"{what}は一方が不明"


def identified(values: Collection[str], scheme: str = PERSON_ID) -> dict[str, int]:
    """The politicians whom sources call by ``values``."""
    if not values or not Identifier.objects.exists():
        return {}
    return dict(Identifier.objects.filter(scheme=scheme, value__in=values).values_list("value", "politician"))


def named(folded: Collection[str]) -> dict[str, set[int]]:
    """The politicians on record whose name or reading is one of ``folded``."""
    if not folded or not PoliticianName.objects.exists():
        return {}
    found: dict[str, set[int]] = defaultdict(set)
    kinds = [*WRITTEN, PoliticianName.Kind.KANA]
    rows = PoliticianName.objects.filter(folded__in=folded, kind__in=kinds, politician__merged_into=None)
    for name, politician in rows.order_by().values_list("folded", "politician"):
        found[name].add(politician)
    return found


def every_name() -> set[str]:
    """The folded names of all politicians on record: some bytes for each, however many candidates there are."""
    names = PoliticianName.objects.filter(kind__in=WRITTEN, politician__merged_into=None).order_by()
    return set(names.values_list("folded", flat=True).iterator())


def read_as(name: str) -> set[int]:
    """The politicians who may write their name ``name`` with one part in kana: 安野たかひろ is how 安野貴博 may be written."""
    ways = Q(pk__in=())
    for place in range(1, len(name)):
        first, second = name[:place], name[place:]
        ways |= Q(family_name=first, given_kana=second) | Q(family_kana=first, given_name=second)
    return set(Politician.objects.filter(ways, merged_into=None).order_by().values_list("pk", flat=True))


def profiles(politicians: Iterable[int]) -> dict[int, Profile]:
    """What is known of these politicians."""
    ids = set(politicians)
    if not ids:
        return {}
    found: dict[int, Profile] = {pk: Profile() for pk in ids}
    for politician, kind, folded in PoliticianName.objects.filter(
        politician__in=ids, kind__in=[*WRITTEN, PoliticianName.Kind.KANA]
    ).values_list("politician", "kind", "folded"):
        (found[politician].kana if kind == PoliticianName.Kind.KANA else found[politician].spellings).add(folded)
    for pk, year in Politician.objects.filter(pk__in=ids, birth_year__isnull=False).values_list("pk", "birth_year"):
        found[pk].birth_years = {year} if year else set()
    columns = (
        "politician",
        "office",
        "area",
        "prefecture",
        "constituency__name",
        "party",
        "running",
        "dataset",
        "source_title",
    )
    for politician, office, area, prefecture, constituency, party, running, dataset, source in (
        Term.objects.filter(politician__in=ids).order_by().values_list(*columns)
    ):
        place = place_of(office, area, prefecture)
        found[politician].seats.add(seat(office, place, constituency))
        if party:
            found[politician].parties.add(party)
        if running:
            found[politician].sitting.add(sitting(dataset, source, office, place))
    _add_candidacies(found)
    return found


def _add_candidacies(found: dict[int, Profile]) -> None:
    """What is known of politicians by their candidacies; their ages count where no birth year is on record."""
    columns = (
        "politician", "contest__election__key", "contest__tier", "contest__name", "contest__election__office",
        "contest__election__area", "contest__constituency__prefecture", "contest__constituency__name",
        "contest__election__polling_on", "party", "kana", "age",
    )  # fmt: skip
    years: dict[int, list[set[int]]] = defaultdict(list)
    for politician, election, tier, district, office, area, prefecture, constituency, day, party, kana, age in (
        Candidacy.objects.filter(politician__in=found).order_by().values_list(*columns)
    ):
        profile = found[politician or 0]
        profile.stood.setdefault((election, tier), set()).add(district)
        profile.seats.add(seat(office, place_of(office, area, prefecture), constituency))
        profile.parties |= {party} if party else set()
        profile.kana |= folded_names(kana)
        if age is not None:
            years[politician or 0].append(years_of_birth(age, day))
    for politician, possible in years.items():
        if not found[politician].birth_years:
            found[politician].birth_years = set.intersection(*possible) or set.union(*possible)


def place_of(office: str, area: str | None, prefecture: str | None) -> str | None:
    """The area that a seat of ``office`` belongs to; districts of the Diet are told apart by their names."""
    if office in (Office.REPRESENTATIVES, Office.COUNCILLORS):
        return None
    return prefecture if office == Office.PREFECTURAL_ASSEMBLY else area


@dataclass(frozen=True, slots=True)
class Match:
    """Who a row is about: a politician on record or nobody, and those it may be besides."""

    politician: int | None
    doubts: Mapping[int, str]


class Matcher:
    """Looks up the people of one batch among those on record and those that came before in the batch."""

    def __init__(self, sought: Collection[Profile]) -> None:
        names = {name for profile in sought for name in (*profile.spellings, *profile.kana)}
        self._by_name = named(names)
        self._profiles = profiles({pk for ids in self._by_name.values() for pk in ids})

    def find(self, profile: Profile, also: Collection[int] = ()) -> Match:
        """Who ``profile`` is. ``also``: politicians to compare with whose name is on record in another way only."""
        wanted = set(also)
        for name in (*profile.spellings, *profile.kana):
            wanted |= self._by_name.get(name, set())
        if missing := wanted - self._profiles.keys():
            self._profiles |= profiles(missing)
        verdicts = {}
        for pk in sorted(wanted):
            known = self._profiles[pk]
            alias = replace(profile, spellings=profile.spellings | known.spellings) if pk in also else profile
            verdicts[pk] = compare(alias, known)
        same = [pk for pk, (verdict, _) in verdicts.items() if verdict is Verdict.SAME]
        if len(same) == 1:
            return Match(same[0], {})
        doubts = {pk: reason for pk, (verdict, reason) in verdicts.items() if verdict is Verdict.DOUBTFUL}
        return Match(None, doubts | dict.fromkeys(same, "同じ条件に合う政治家が二人以上いる"))

    def spellings(self, politician: int) -> set[str]:
        """The spellings on record of a politician that was looked up."""
        return self._profiles[politician].spellings

    def add(self, politician: int, profile: Profile) -> None:
        """Know a person for the rows that follow."""
        self._profiles.setdefault(politician, Profile()).add(profile)
        for name in (*profile.spellings, *profile.kana):
            self._by_name.setdefault(name, set()).add(politician)
