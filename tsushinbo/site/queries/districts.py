"""What 「わたしの選挙区」 shows: the seats that people of one place vote on, and of each the election to come and the last candidates on record."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from tsushinbo.elections.models import Candidacy, Contest, Election
from tsushinbo.elections.queries import ElectionFilter, listed, standings
from tsushinbo.people.districts import BOUNDARIES, districts_of, municipalities
from tsushinbo.people.models import Area, Constituency, Office, Tier
from tsushinbo.people.queries import CHIEF_EXECUTIVES
from tsushinbo.search import words
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import find

MERGED = "・"
# Beside each district that a place may lie in stand so many other places that lie in it.
NEIGHBOURS = 6
# As many places of one name are offered.
PLACES = 30
# A name with the prefecture, and perhaps the county, before it.
_WRITTEN_OUT = re.compile(r"(北海道|東京都|京都府|大阪府|.{2,3}県)(?:.{1,4}郡)?(.+)")
# Elections that not everybody of an area votes in.
PARTIAL = frozenset({Election.Kind.BY, Election.Kind.RERUN})


@dataclass(frozen=True)
class District:
    """A single-seat district that a place may lie in. ``others``: names of some places that lie in it too; ``more``: how many besides them."""

    constituency: Constituency
    others: Sequence[str]
    more: int


@dataclass(frozen=True)
class Seat:
    """One seat or list that is voted on. ``place``: the district's name, "" where it is the area itself.

    ``contest`` is of the election to come where its candidates are on record, else the last one; ``coming`` lists the elections to come.
    """

    title: str
    place: str
    coming: list[Election]
    contest: Contest | None = None
    candidates: Sequence[Candidacy] = ()

    @property
    def is_list(self) -> bool:
        """Whether parties are voted on, whose lists are too long to stand here."""
        return self.contest is not None and self.contest.tier == Tier.PROPORTIONAL

    @property
    def by_number(self) -> bool:
        """Whether the candidates stand in the order of their notifications (届出番号), not just of the record."""
        return any(one.number is not None for one in self.candidates)

    @property
    def to_come(self) -> bool:
        """Whether the candidates are those of an election to come."""
        return self.contest is not None and any(one.pk == self.contest.election_id for one in self.coming)


@dataclass(frozen=True)
class MyDistrict:
    """The seats of a place. ``asked``: the districts among which the visitor has to choose; ``known``: the table says that it is one of these.

    ``chosen``: the district that the seats are of.
    """

    area: Area
    seats: list[Seat]
    asked: list[District]
    known: bool
    chosen: Constituency | None


def my_district(area: Area, number: int | None, at: datetime) -> MyDistrict | None:
    """The seats that people of ``area``, a municipality or ward, vote on; ``number``: that of the district they chose. None: no such district there.

    Three queries, one more where the visitor has to choose, and one for each seat whose candidates are shown.
    """
    prefecture = area.prefecture or area
    places = _constituencies(prefecture)
    names = districts_of(area.pk)
    singles = [one for one in places if one.tier == Tier.SINGLE_SEAT]
    possible = [one for one in singles if one.name in names] or singles
    if number is not None:
        possible = [one for one in possible if one.number == number]
        if not possible:
            return None
    chosen = possible[0] if len(possible) == 1 else None
    block = next((one.block for one in singles if one.block), None)
    councillors = next((one for one in places if one.office == Office.COUNCILLORS), None)
    national = (("衆議院 小選挙区", chosen), ("衆議院 比例代表", block), ("参議院 選挙区", councillors))
    coming = list(listed(timezone.localdate(at), ElectionFilter(), past=False).filter(_of_place(area)))
    contests = _contests(area, [one for _, one in national if one])
    seats = [
        _seat(title, one.name, Office(one.office), coming, [row for row in contests if row.constituency_id == one.pk])
        for title, one in national
        if one
    ]
    seats += [_local(title, office, area, coming, contests) for title, office in _local_seats(area, prefecture)]
    asked = [] if chosen else _asked(possible, area)
    return MyDistrict(area, seats, asked, bool(names), chosen)


def _constituencies(prefecture: Area) -> list[Constituency]:
    """The districts of the Diet as they are drawn now: those of the prefecture, and the one it shares with another (合区). One query."""
    own = Q(prefecture=prefecture) & (Q(office=Office.COUNCILLORS) | Q(tier=Tier.SINGLE_SEAT, boundaries=BOUNDARIES))
    shared = Q(office=Office.COUNCILLORS, tier=Tier.PREFECTURAL, prefecture=None, name__contains=prefecture.name)
    rows = Constituency.objects.filter(own | shared).select_related("block").order_by("number", "name")
    return [
        one for one in rows if one.prefecture_id or prefecture.name in one.name.removesuffix("選挙区").split(MERGED)
    ]


def _asked(possible: Sequence[Constituency], area: Area) -> list[District]:
    """The districts to choose from, each with some of what lies in it besides ``area``. One query."""
    inside = Area.objects.filter(prefecture=area.prefecture_id).order_by()
    names = {code[:5]: name for code, name in inside.values_list("code", "name")}
    asked = []
    for one in possible:
        others = [names[code] for code in municipalities().get(one.name, ()) if code != area.pk[:5] and code in names]
        asked.append(District(one, others[:NEIGHBOURS], max(0, len(others) - NEIGHBOURS)))
    return asked


def _around(area: Area) -> list[str]:
    """The codes of the place and of all that it lies in: a ward elects with its city, everybody with the prefecture."""
    return [code for code in (area.pk, area.parent_id, area.prefecture_id) if code]


def _of_place(area: Area) -> Q:
    return Q(area__in=_around(area)) | Q(area=None, level=Election.Level.NATIONAL)


def _contests(area: Area, constituencies: Sequence[Constituency]) -> list[Contest]:
    """Contests of the seats in which somebody is on record, the newest first, with how many. One query."""
    local = Q(election__area__in=_around(area)) & ~Q(election__level=Election.Level.NATIONAL)
    rows = Contest.objects.filter(Q(constituency__in=constituencies) | local)
    counted = rows.annotate(candidates=Count("candidacies")).filter(candidates__gt=0)
    return list(counted.select_related("election", "constituency").order_by("-election__polling_on", "tier", "pk"))


def _own(area: Area) -> Area:
    """What elects mayor and assembly: of a ward of a designated city (行政区) the city."""
    return area.parent if area.kind == Area.Kind.WARD and area.parent else area


def _local_seats(area: Area, prefecture: Area) -> list[tuple[str, Office]]:
    """What the seats of prefecture and municipality are called here: 東京都知事, 東京都議会議員, 品川区長, 品川区議会議員."""
    own = _own(area)
    return [
        (f"{prefecture}知事", Office.GOVERNOR),
        (f"{prefecture}議会議員", Office.PREFECTURAL_ASSEMBLY),
        (f"{own}長", Office.MAYOR),
        (f"{own}議会議員", Office.MUNICIPAL_ASSEMBLY),
    ]


def _local(title: str, office: Office, area: Area, coming: Sequence[Election], contests: Sequence[Contest]) -> Seat:
    """A seat of prefecture or municipality. Where an assembly is elected in districts, that of the place is the one that bears its name."""
    own = _own(area)
    short = area.name.removeprefix(own.name) or area.name
    names = {own.name, *(f"{name}{ending}" for name in (area.name, short) for ending in ("", "選挙区"))}
    held = [one for one in contests if one.election.office == office]
    mine = [one for one in held if office in CHIEF_EXECUTIVES or one.name in names]
    district = next((one.constituency.name for one in mine if one.constituency), "")
    return _seat(title, district, office, coming, mine)


def _seat(title: str, place: str, office: Office, coming: Sequence[Election], contests: Sequence[Contest]) -> Seat:
    """The seat with the candidates of the next election, where they are on record, else of the last one. contests: its own, the newest first."""
    here = {one.election_id for one in contests}
    # A by-election somewhere else in the country or the prefecture is none of theirs.
    ahead = [one for one in coming if one.office == office and (one.kind not in PARTIAL or one.pk in here)]
    soon = {one.pk: number for number, one in enumerate(ahead)}
    following = sorted((one for one in contests if one.election_id in soon), key=lambda one: soon[one.election_id])
    past = [one for one in contests if not one.election.upcoming]
    contest = next(iter([*following, *past]), None)
    if contest is None or contest.tier == Tier.PROPORTIONAL:
        return Seat(title, place, ahead, contest)
    return Seat(title, place, ahead, contest, [one.candidacy for one in standings(contest, decided=False)])


def places_called(text: str) -> list[Area]:
    """The municipalities and wards that a name may mean, as the search finds them, nearest first; 東京都府中市 means one of the two."""
    typed = "".join(unicodedata.normalize("NFKC", text).split())
    found = _WRITTEN_OUT.fullmatch(typed)
    prefecture, name = (found[1], found[2]) if found else ("", text)
    keys = find(Kind.AREAS, words.read(name)).keys[:PLACES]
    places = Area.objects.select_related("prefecture", "parent").in_bulk(keys)
    nearest = [places[key] for key in keys if key in places]
    return [place for place in nearest if not prefecture or str(place.prefecture) == prefecture]


def places_in(area: Area) -> list[Area]:
    """What to choose from inside a prefecture or a designated city: municipalities and, in place of a city that has them, its wards."""
    inside = Area.objects.filter(Q(prefecture=area) | Q(parent=area)).exclude(pk=area.pk)
    return list(inside.exclude(kind=Area.Kind.DESIGNATED_CITY).order_by("code"))
