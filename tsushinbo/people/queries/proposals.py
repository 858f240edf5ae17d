"""Reads of what members propose about people: the facts that can be corrected, who bears a name already, which place is meant, and what became of it all."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.japanese.dates import written_date
from tsushinbo.japanese.folding import fold
from tsushinbo.people.facts import LINK, NO, TERM_COLUMNS, YES, Fact, spaced, term_key
from tsushinbo.people.models import (
    Area,
    Constituency,
    FactCorrection,
    Office,
    Party,
    PersonProposal,
    Politician,
    PoliticianName,
    Term,
)
from tsushinbo.people.queries.politicians import in_given_order, listed

# The same places are compared at every key that is pressed.
folded_name = lru_cache(maxsize=4_000)(fold)
PENDING, APPROVED = PersonProposal.State.PENDING, PersonProposal.State.APPROVED
WRITTEN_OR_READ = [kind for kind in PoliticianName.Kind if kind != PoliticianName.Kind.ROMAJI]
NEAR_SHOWN = 20
PLACES_SHOWN = 30
MUNICIPALITIES = (
    Area.Kind.DESIGNATED_CITY,
    Area.Kind.CITY,
    Area.Kind.SPECIAL_WARD,
    Area.Kind.TOWN,
    Area.Kind.VILLAGE,
)
IN_OFFICE = {YES: "在任中", NO: "退任した"}


def facts_of(politician: Politician) -> list[Fact]:
    """What is on record of a politician and can be corrected: the person, the links, and the terms that run, or the last one. Two queries."""
    name = spaced(politician.name, politician.family_name, politician.given_name)
    kana = spaced(politician.kana, politician.family_kana, politician.given_kana)
    year = str(politician.birth_year or "")
    facts = [
        Fact("name", "name", "氏名", name, name),
        Fact("kana", "kana", "ふりがな", kana, kana),
        Fact("birth_year", "birth_year", "生年", year, year and f"{year}年"),
    ]
    links = list(politician.links.order_by("title", "url"))
    facts += [
        Fact(f"{LINK}{link.url}", f"link-{link.pk}", f"公式ページ（{link.title}）", link.url, link.url)
        for link in links
    ]
    facts.append(Fact(LINK, "link", "公式ページを加える", "", ""))
    terms = list(
        Term.objects.filter(politician=politician)
        .select_related("area", "prefecture", "constituency", "party")
        .order_by("-running", "-starts_on", "pk")
    )
    shown = [term for term in terms if term.running] or terms[:1]
    for term in shown:
        facts += _facts_of_term(term)
    return facts


def _facts_of_term(term: Term) -> list[Fact]:
    values = {
        "party_id": (str(term.party_id or ""), str(term.party or "")),
        "starts_on": (term.starts_on, written_date(term.starts_on)),
        "ends_on": (term.ends_on, written_date(term.ends_on)),
        "running": ((YES, IN_OFFICE[YES]) if term.running else (NO, IN_OFFICE[NO])),
        "times_elected": (str(term.times_elected or ""), f"{term.times_elected}回" if term.times_elected else ""),
    }
    return [
        Fact(term_key(term.key, column), f"term-{term.pk}-{column}", f"{term.office_name}：{label}", *values[column])
        for column, label in TERM_COLUMNS.items()
    ]


@dataclass(frozen=True)
class Place:
    """Where somebody holds an office, as a form sends it (``key``) and as it is called."""

    key: str
    name: str
    area: str | None
    prefecture: str | None
    constituency: int | None = None
    tier: str = ""


def places_called(office: str, text: str) -> list[Place]:
    """The places of an office that a text may mean: the one that is called just so, else those that begin so, else those that hold it.

    With the prefecture before it (広島県府中市) it is one place; without, every one of that name. The Diet is elected in districts and blocks, everybody else in an area.
    """
    wanted = fold(text)
    if not wanted:
        return []
    known = _districts(office) if office in {Office.REPRESENTATIVES, Office.COUNCILLORS} else _areas(office, wanted)
    named = [(place, {folded_name(place.name), folded_name(short)}) for place, short in known]
    same = [place for place, names in named if wanted in names]
    begins = [place for place, names in named if any(name.startswith(wanted) for name in names)]
    return (same or begins or [place for place, names in named if any(wanted in name for name in names)])[:PLACES_SHOWN]


def _districts(office: str) -> list[tuple[Place, str]]:
    """The districts and blocks of a house as they are drawn now."""
    rows = Constituency.objects.filter(office=office).order_by("prefecture", "number", "name")
    newest = max((row.boundaries for row in rows if row.prefecture_id), default="")
    return [
        (Place(f"c{row.pk}", row.name, None, row.prefecture_id, row.pk, row.tier), row.name)
        for row in rows
        if row.boundaries == newest or not row.prefecture_id
    ]


def _areas(office: str, wanted: str) -> list[tuple[Place, str]]:
    wide = office in {Office.GOVERNOR, Office.PREFECTURAL_ASSEMBLY}
    areas = Area.objects.filter(kind__in=[Area.Kind.PREFECTURE] if wide else MUNICIPALITIES)
    prefectures = dict(Area.objects.filter(kind=Area.Kind.PREFECTURE).values_list("code", "name"))
    found = []
    for area in areas.only("name", "folded", "prefecture").order_by("code"):
        above = "" if wide else prefectures.get(area.prefecture_id or "", "")
        if wanted in area.folded or wanted in folded_name(above + area.name):
            place = Place(f"a{area.code}", above + area.name, area.code, area.prefecture_id)
            found.append((place, area.name))
    return found


def near_names(name: str, kana: str) -> list[Politician]:
    """The politicians on record whose name, another spelling of it, or reading is the same when folded, each with terms."""
    folded = {key for text in (name, kana) if (key := fold(text))}
    if not folded:
        return []
    spelled = PoliticianName.objects.filter(folded__in=folded, kind__in=WRITTEN_OR_READ).values("politician")
    whole = {"".join(text.split()) for text in (name, kana) if text}
    ids = listed().filter(Q(pk__in=spelled) | Q(name__in=whole) | Q(kana__in=whole)).order_by("kana", "name", "pk")
    return in_given_order(list(ids.values_list("pk", flat=True)[:NEAR_SHOWN]))


def parties_to_choose() -> list[Party]:
    """Every party, those without a member last: who is none's is 無所属."""
    return list(Party.objects.order_by("kind", "name"))


def corrections_made(politician: Politician) -> QuerySet[PersonProposal]:
    """The corrections that were approved, the newest first."""
    rows = PersonProposal.objects.filter(politician=politician, state=APPROVED, wish=PersonProposal.Wish.CORRECTION)
    return rows.order_by("-decided_at", "pk")


def waiting_corrections(user: User, politician: Politician) -> QuerySet[PersonProposal]:
    """The correction by an account that waits for approval; two where another row of the person was merged into this one."""
    return PersonProposal.objects.filter(
        author=user, politician=politician, state=PENDING, wish=PersonProposal.Wish.CORRECTION
    )


def own_proposals(user: User) -> QuerySet[PersonProposal]:
    """What an account proposed, the newest first."""
    return PersonProposal.objects.filter(author=user).select_related("politician").order_by("-submitted_at", "pk")


def disputed_corrections() -> QuerySet[FactCorrection]:
    """The corrections whose source says a third thing by now: neither what was corrected nor what it was corrected to."""
    rows = FactCorrection.objects.select_related("politician")
    return rows.exclude(said=F("replaced")).exclude(said=F("value"))


def exported(user: User) -> list[dict[str, Any]]:
    """What an account proposed about people, for its owner."""
    return [
        {
            "wish": row.wish,
            "politician": addresses.encode(row.politician_id) if row.politician_id else "",
            "content": row.content,
            "source": row.source_url,
            "reason": row.reason,
            "state": row.state,
            "decision_reason": row.decision_reason,
            "decision_note": row.decision_note,
            "submitted_at": row.submitted_at,
            "decided_at": row.decided_at,
        }
        for row in own_proposals(user).order_by("submitted_at", "pk").iterator(chunk_size=200)
    ]
