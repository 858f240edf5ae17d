"""Reads of politicians, parties and places."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Substr

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.people.models import Area, Constituency, Delegate, Office, ParliamentaryGroup, Party, Politician, Term
from tsushinbo.people.queries.naming import Named

# The rows of the 五十音 index and the first letters that belong to each; 他 holds who has no reading on record.
KANA_ROWS: dict[str, str] = {
    "あ": "ぁあぃいぅうぇえぉおゔ",
    "か": "かがきぎくぐけげこご",
    "さ": "さざしじすずせぜそぞ",
    "た": "ただちぢっつづてでとど",
    "な": "なにぬねの",
    "は": "はばぱひびぴふぶぷへべぺほぼぽ",
    "ま": "まみむめも",
    "や": "ゃやゅゆょよ",
    "ら": "らりるれろ",
    "わ": "ゎわゐゑをん",
    "他": "",
}
REGIONS: dict[str, tuple[str, ...]] = {
    "北海道・東北": ("01", "02", "03", "04", "05", "06", "07"),
    "関東": ("08", "09", "10", "11", "12", "13", "14"),
    "中部": ("15", "16", "17", "18", "19", "20", "21", "22", "23"),
    "近畿": ("24", "25", "26", "27", "28", "29", "30"),
    "中国・四国": ("31", "32", "33", "34", "35", "36", "37", "38", "39"),
    "九州・沖縄": ("40", "41", "42", "43", "44", "45", "46", "47"),
}
NATIONAL = (Office.REPRESENTATIVES, Office.COUNCILLORS)
CHIEF_EXECUTIVES = (Office.GOVERNOR, Office.MAYOR)


@dataclass(frozen=True)
class PoliticianFilter:
    """What a list of politicians is narrowed to; None does not narrow. All but ``kana_row`` look at terms running now."""

    office: str | None = None
    prefecture: str | None = None
    party: int | None = None
    group: int | None = None
    kana_row: str | None = None


def listed() -> QuerySet[Politician]:
    """Every politician that has a page of their own: not those merged into another."""
    return Politician.objects.filter(merged_into=None)


def narrowed(wanted: PoliticianFilter) -> QuerySet[Politician]:
    """The politicians that fit ``wanted``, in no order yet."""
    politicians = listed()
    asked = {"office": wanted.office, "prefecture": wanted.prefecture, "party": wanted.party, "group": wanted.group}
    of_term = {name: value for name, value in asked.items() if value is not None}
    if of_term:
        politicians = politicians.filter(
            Exists(Term.objects.filter(politician=OuterRef("pk"), running=True, **of_term))
        )
    if wanted.kana_row == "他":
        politicians = politicians.filter(kana="")
    elif wanted.kana_row is not None:
        letters = KANA_ROWS[wanted.kana_row]
        politicians = politicians.alias(first_letter=Substr("kana", 1, 1)).filter(first_letter__in=list(letters))
    return politicians


def by_kana(politicians: QuerySet[Politician]) -> QuerySet[Politician]:
    """In 五十音 order; who has no reading on record comes last, by name."""
    unread = Case(When(kana="", then=Value(1)), default=Value(0))
    return politicians.order_by(unread, "kana", "name", "pk")


# What a page writes of a term. Naming the columns halves the time: the tables joined have many that nobody reads here.
TERM_FIELDS = (
    "politician", "office", "running", "tier", "role", "backing", "times_elected", "starts_on", "ends_on", "source_title", "source_url",
    "as_of", "area__name", "prefecture__name", "constituency__name", "party__name", "group__name",
)  # fmt: skip


def terms_in_full() -> QuerySet[Term]:
    """Terms with the names that a page writes beside them; the running one first, then the newest."""
    terms = Term.objects.select_related("area", "prefecture", "constituency", "party", "group").only(*TERM_FIELDS)
    return terms.order_by("-running", "-starts_on", "pk")


def terms_of(politician: Politician) -> list[Term]:
    """Every term of ``politician`` with its source; the running one first, then the newest."""
    terms = terms_in_full().select_related("dataset").only(*TERM_FIELDS, "dataset__key", "dataset__title")
    # A few rows, sorted here: ORDER BY costs more to write than to do.
    rows = sorted(terms.filter(politician=politician).order_by(), key=lambda term: term.pk)
    return sorted(rows, key=lambda term: (term.running, term.starts_on), reverse=True)


def in_given_order(ids: Collection[int]) -> list[Politician]:
    """The politicians of ``ids`` in that order, each with ``known_terms``, the one to name them by first. Two queries; ``named`` is for lists."""
    terms = Prefetch("terms", queryset=terms_in_full(), to_attr="known_terms")
    rows = listed().filter(pk__in=ids).prefetch_related(terms).in_bulk()
    return [rows[pk] for pk in ids if pk in rows]


def current_terms() -> QuerySet[Term]:
    """The running terms of everybody, the one that says a person's office (職) first: the newest, and of those that began together, or nobody
    knows when, the first in the order of Office."""
    rank = Case(*(When(office=office, then=Value(number)) for number, office in enumerate(Office)))
    return Term.objects.filter(running=True).order_by("-starts_on", rank, "key")


def office_of(politician: Politician) -> str | None:
    """The office held now; of several the one of ``current_terms``. None for who holds none, whatever was held before."""
    return office_among(Term.objects.filter(politician=politician, running=True).values_list("office", "starts_on"))


def office_among(running: Iterable[tuple[str, str]]) -> str | None:
    """The same of a person's running terms, each as its office and its first day: sorted here, which costs less than to write ORDER BY."""
    known = list(running)
    newest = max((starts_on for _, starts_on in known), default="")
    return min((office for office, starts_on in known if starts_on == newest), key=Office.values.index, default=None)


def prefectures() -> QuerySet[Area]:
    """The 47 prefectures in their official order."""
    return Area.objects.filter(kind=Area.Kind.PREFECTURE).order_by("code")


def prefectures_by_region() -> list[tuple[str, list[Area]]]:
    """The prefectures on record, grouped by region from north to south."""
    known = {area.code[:2]: area for area in prefectures()}
    return [(region, [known[code] for code in codes if code in known]) for region, codes in REGIONS.items()]


def parties_with_members() -> QuerySet[Party]:
    """Parties that somebody in office belongs to."""
    return Party.objects.filter(Exists(Term.objects.filter(party=OuterRef("pk"), running=True))).order_by("name")


def groups_with_members() -> QuerySet[ParliamentaryGroup]:
    """Groups that somebody in office belongs to, with the assembly they sit in."""
    groups = ParliamentaryGroup.objects.filter(Exists(Term.objects.filter(group=OuterRef("pk"), running=True)))
    return groups.select_related("area").order_by("office", "area", "name")


def members_by_party() -> dict[int, int]:
    """How many people hold office for each party."""
    terms = Term.objects.filter(running=True, party__isnull=False, politician__merged_into=None).order_by()
    return dict(terms.values_list("party").annotate(members=Count("politician", distinct=True)))


def members_by_office(party: Party) -> list[tuple[Office, int]]:
    """How many people hold each office for ``party``, in the order of the offices; offices without any are left out."""
    terms = Term.objects.filter(running=True, party=party, politician__merged_into=None).order_by()
    counts = dict(terms.values_list("office").annotate(members=Count("politician", distinct=True)))
    return [(office, counts[office.value]) for office in Office if office.value in counts]


@dataclass(frozen=True)
class AreaOffices:
    """Who serves an area now: the chief executive, then the members of each assembly with their number."""

    chief: list[Named]
    assemblies: list[tuple[str, list[Named]]]


def _officeholders(terms: QuerySet[Term]) -> QuerySet[Term]:
    """Running terms with their people, in 五十音 order."""
    unread = Case(When(politician__kana="", then=Value(1)), default=Value(0))
    people = terms.filter(running=True, politician__merged_into=None).select_related("politician")
    return people.order_by(unread, "politician__kana", "politician__name", "pk")


def offices_of_prefecture(area: Area) -> AreaOffices:
    """The governor, the members of the Diet elected in the prefecture, and the members of its assembly."""
    wide = (Office.GOVERNOR, *NATIONAL, Office.PREFECTURAL_ASSEMBLY)
    terms = list(_officeholders(terms_in_full().filter(prefecture=area, office__in=wide)))
    return AreaOffices(
        chief=[Named.of(term) for term in terms if term.office == Office.GOVERNOR],
        assemblies=[
            (title, [Named.of(term) for term in terms if term.office == office])
            for office, title in (
                (Office.REPRESENTATIVES, "衆議院議員"),
                (Office.COUNCILLORS, "参議院議員"),
                (Office.PREFECTURAL_ASSEMBLY, f"{area.name}議会議員"),
            )
        ],
    )


def offices_of_municipality(area: Area) -> AreaOffices:
    """The mayor, the members of the municipal assembly, and those of the prefectural assembly elected here."""
    own = Q(area=area, office__in=[Office.MAYOR, Office.MUNICIPAL_ASSEMBLY])
    # A district of a prefectural assembly that is one municipality bears its name: 品川区選挙区.
    above = Q(prefecture=area.prefecture, office=Office.PREFECTURAL_ASSEMBLY, constituency__name=f"{area.name}選挙区")
    terms = list(_officeholders(terms_in_full().filter(own | above)))
    prefecture = area.prefecture.name if area.prefecture else "都道府県"
    return AreaOffices(
        chief=[Named.of(term) for term in terms if term.office == Office.MAYOR],
        assemblies=[
            (title, [Named.of(term) for term in terms if term.office == office])
            for office, title in (
                (Office.MUNICIPAL_ASSEMBLY, f"{area.name}議会議員"),
                (Office.PREFECTURAL_ASSEMBLY, f"{prefecture}議会議員"),
            )
        ],
    )


def constituencies_of(area: Area) -> QuerySet[Constituency]:
    """The districts inside a prefecture as they are drawn now, by office and official number."""
    districts = Constituency.objects.filter(prefecture=area)
    newest = districts.filter(office=OuterRef("office")).order_by("-boundaries").values("boundaries")[:1]
    return districts.filter(boundaries=Subquery(newest)).order_by("office", "number", "name")


def speaks_for(user: User, politician: Politician | int | None) -> bool:
    """Whether an account is that of the politician (the row or its id) or of the office; a party's pledge has None, and nobody does."""
    return politician is not None and Delegate.objects.filter(user=user, politician=politician).exists()


def concerned(*, user: User, items: Sequence[Any]) -> list[Any]:
    """Those of some texts that are about a politician for whom an account speaks (settings.MODERATION_CONFLICTS). ``concerns`` says whom each is about."""
    spoken_for = set(Delegate.objects.filter(user=user).values_list("politician_id", flat=True))
    return [item for item in items if item.concerns & spoken_for]


def exported_delegations(user: User) -> list[dict[str, Any]]:
    """For whom an account speaks and since when, for its owner."""
    rows = Delegate.objects.filter(user=user).select_related("politician").order_by("since", "pk")
    return [
        {"politician": addresses.encode(row.politician_id), "name": row.politician.name, "since": row.since}
        for row in rows
    ]
