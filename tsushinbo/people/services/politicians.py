"""Writes of politicians with their spellings, outside ids and links."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db import transaction

from tsushinbo.japanese import folding, romaji
from tsushinbo.people.facts import LINK, spaced, split
from tsushinbo.people.models import Identifier, OfficialLink, Politician, PoliticianName
from tsushinbo.people.services.corrections import Corrections, corrections_of, hear
from tsushinbo.sources.keeping import Outcome, insert, keep

Kind = PoliticianName.Kind
# People stand again and again, in both tiers, so an import meets their names many times.
fold = lru_cache(maxsize=20_000)(folding.fold)
# Spellings in Japanese writing; one text stands under one of these kinds only.
WRITTEN = frozenset((Kind.COMMON, Kind.BALLOT, Kind.VARIANT, Kind.FORMER))


class Spelling(NamedTuple):
    """One way to write a politician's name."""

    politician_id: int
    kind: str
    text: str


class _PoliticianRow(NamedTuple):
    id: int
    name: str
    family_name: str
    given_name: str
    kana: str
    family_kana: str
    given_kana: str
    romaji: str
    birth_year: int | None


class _NameRow(NamedTuple):
    politician_id: int
    kind: str
    text: str
    folded: str


class _IdentifierRow(NamedTuple):
    politician_id: int
    scheme: str
    value: str


class _LinkRow(NamedTuple):
    politician_id: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PersonFact:
    """What one row of a source says about a politician; an empty value says nothing.

    leading: whether the row is the one that the politician's id was made from. Another row about the same person only fills in what
    is still empty and adds spellings.
    """

    politician_id: int
    leading: bool
    scheme: str
    value: str
    name: str
    family_name: str = ""
    given_name: str = ""
    kana: str = ""
    family_kana: str = ""
    given_kana: str = ""
    birth_year: int | None = None
    name_on_ballot: str = ""
    link_title: str = ""
    link_url: str = ""


@transaction.atomic
def keep_people(facts: Sequence[PersonFact], *, at: datetime) -> list[Outcome]:
    """Put on record what ``facts`` say and return what became of each: created when its outside id is new. What was corrected stays so."""
    ids = {fact.politician_id for fact in facts}
    corrections = corrections_of(ids)
    if corrections:
        facts = [_with_link(fact, corrections.get(fact.politician_id, {})) for fact in facts]
    earlier = {
        row[0]: _PoliticianRow(*row)
        for row in Politician.objects.filter(pk__in=ids).values_list(*_PoliticianRow._fields)
    }
    rows, changed = dict(earlier), []
    for fact in facts:
        before = rows.get(fact.politician_id)
        rows[fact.politician_id] = told = _told(before, fact)
        if own := corrections.get(fact.politician_id):
            rows[fact.politician_id] = _corrected(told, own)
            _listen(fact, own)
        changed.append(rows[fact.politician_id] != before)
    insert(Politician, [row for pk, row in rows.items() if pk not in earlier], at=at)
    keep(Politician.objects.all(), [row for pk, row in rows.items() if earlier.get(pk, row) != row], key=("id",), at=at)
    spellings = [spelling for fact in facts for spelling in _spellings(fact, rows[fact.politician_id])]
    respelled = _add_spellings(spellings, at, known_of=earlier.keys(), politicians=rows)
    identified = _add_identifiers(facts, at)
    linked = _keep_links(facts, at, known_of=earlier.keys())
    outcomes = []
    for fact, is_changed in zip(facts, changed, strict=True):
        if (fact.scheme, fact.value) in identified:
            outcomes.append(Outcome.CREATED)
        elif is_changed or fact.politician_id in respelled or (fact.politician_id, fact.link_url) in linked:
            outcomes.append(Outcome.UPDATED)
        else:
            outcomes.append(Outcome.UNCHANGED)
    return outcomes


def _told(before: _PoliticianRow | None, fact: PersonFact) -> _PoliticianRow:
    """The politician after ``fact``: a leading row overwrites, another fills in; neither erases."""
    said = _PoliticianRow(
        id=fact.politician_id,
        name=fact.name,
        family_name=fact.family_name,
        given_name=fact.given_name,
        kana=fact.kana,
        family_kana=fact.family_kana,
        given_kana=fact.given_kana,
        romaji=_latin(fact.family_kana, fact.given_kana, fact.kana),
        birth_year=fact.birth_year,
    )
    if before is None:
        return said
    first, second = (said, before) if fact.leading else (before, said)
    # Where a name or reading changed and the new one comes without its parts, the old parts are no longer true.
    if fact.leading and fact.name != before.name and not fact.family_name:
        second = second._replace(family_name="", given_name="")
    if fact.leading and fact.kana not in ("", before.kana) and not fact.family_kana:
        second = second._replace(family_kana="", given_kana="")
    return _PoliticianRow._make(new or old for new, old in zip(first, second, strict=True))


def _corrected(row: _PoliticianRow, corrections: Corrections) -> _PoliticianRow:
    """The politician with the corrections of the person."""
    if "name" in corrections:
        name = split(corrections["name"].value)
        row = row._replace(name=name.whole, family_name=name.parts[0], given_name=name.parts[1])
    if "kana" in corrections:
        kana = split(corrections["kana"].value)
        family, given = kana.parts
        row = row._replace(
            kana=kana.whole, family_kana=family, given_kana=given, romaji=_latin(family, given, kana.whole)
        )
    if "birth_year" in corrections:
        year = corrections["birth_year"].value
        row = row._replace(birth_year=int(year) if year else None)
    return row


def _listen(fact: PersonFact, corrections: Corrections) -> None:
    """Remember what the source says of corrected facts now; the row that leads says it."""
    said = {
        "name": spaced(fact.name, fact.family_name, fact.given_name),
        "kana": spaced(fact.kana, fact.family_kana, fact.given_kana),
        "birth_year": str(fact.birth_year or ""),
    }
    for key, text in said.items():
        if fact.leading and text and key in corrections:
            hear(corrections[key], text)


def _with_link(fact: PersonFact, corrections: Corrections) -> PersonFact:
    """A fact whose link was corrected, with the link that took its place; none where there is none any more."""
    correction = corrections.get(f"{LINK}{fact.link_url}") if fact.link_url else None
    return replace(fact, link_url=correction.value) if correction else fact


@transaction.atomic
def restate_person(politician_id: int, *, at: datetime) -> None:
    """Bring the name, reading and birth year of a politician into step with the corrections; what stood there stays findable."""
    corrections = corrections_of([politician_id]).get(politician_id)
    if not corrections:
        return
    before = _PoliticianRow(*Politician.objects.values_list(*_PoliticianRow._fields).get(pk=politician_id))
    row = _corrected(before, corrections)
    keep(Politician.objects.all(), [row], key=("id",), at=at)
    fact = PersonFact(
        politician_id, leading=True, scheme="", value="", name=row.name, kana=row.kana, family_kana=row.family_kana,
        given_kana=row.given_kana,
    )  # fmt: skip
    _add_spellings(_spellings(fact, row), at, known_of=[politician_id], politicians={politician_id: row})


@lru_cache(maxsize=2_000)
def _latin(family_kana: str, given_kana: str, kana: str) -> str:
    """The reading in Latin letters, family name first. Example: いしば, しげる gives Ishiba Shigeru."""
    if family_kana and given_kana:
        parts = (romaji.from_kana(part).capitalize() for part in (family_kana, given_kana))
        return " ".join(filter(None, parts))
    return romaji.from_kana(kana).capitalize()


def _spellings(fact: PersonFact, politician: _PoliticianRow) -> Iterator[Spelling]:
    yield Spelling(politician.id, Kind.COMMON if fact.name == politician.name else Kind.VARIANT, fact.name)
    if fact.name_on_ballot:
        yield Spelling(politician.id, Kind.BALLOT, fact.name_on_ballot)
    if fact.kana:
        yield Spelling(politician.id, Kind.KANA, fact.kana)
        latin = _latin(fact.family_kana, fact.given_kana, fact.kana)
        if latin:
            yield Spelling(politician.id, Kind.ROMAJI, latin)
        if latin and fact.family_kana and fact.given_kana:
            # As it is written abroad, for who searches in that order.
            yield Spelling(politician.id, Kind.ROMAJI, _latin(fact.given_kana, fact.family_kana, fact.kana))


@transaction.atomic
def add_spellings(spellings: Collection[Spelling], *, at: datetime) -> None:
    """Put on record further ways to write politicians' names; what is known already is left alone."""
    _add_spellings(spellings, at, known_of={spelling.politician_id for spelling in spellings}, politicians={})


def _add_spellings(
    spellings: Iterable[Spelling], at: datetime, *, known_of: Collection[int], politicians: dict[int, _PoliticianRow]
) -> set[int]:
    """Add what is new and return whose names changed.

    known_of: who may have names on record; the others are new. politicians: who bears which common name now.
    """
    wanted = dict.fromkeys(spellings)
    known: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    stored = PoliticianName.objects.filter(politician__in=known_of).order_by()
    for politician_id, kind, text in stored.values_list("politician", "kind", "text"):
        known[politician_id][place(kind, text)] = kind
    touched = _demote_old_names(known, politicians)
    new = []
    for spelling in wanted:
        key = place(spelling.kind, spelling.text)
        if key not in known[spelling.politician_id]:
            known[spelling.politician_id][key] = spelling.kind
            new.append(_NameRow(*spelling, folded=_folded(spelling)))
            touched.add(spelling.politician_id)
    insert(PoliticianName, new, at=at)
    return touched


def place(kind: str, text: str) -> tuple[str, str]:
    """What may stand once a politician: a text in Japanese writing, whatever its kind, or a reading."""
    return ("" if kind in WRITTEN else kind, text)


def _demote_old_names(known: dict[int, dict[tuple[str, str], str]], politicians: dict[int, _PoliticianRow]) -> set[int]:
    """A politician has one common name: an earlier one stays findable as another spelling, and the new one takes its kind."""
    touched = set()
    for politician in politicians.values():
        names = known.get(politician.id, {})
        for (_, text), kind in names.items():
            if kind not in WRITTEN or (kind == Kind.COMMON) == (text == politician.name):
                continue
            names[place(kind, text)] = now = Kind.VARIANT if kind == Kind.COMMON else Kind.COMMON
            PoliticianName.objects.filter(politician=politician.id, kind=kind, text=text).update(kind=now)
            touched.add(politician.id)
    return touched


def _folded(spelling: Spelling) -> str:
    return romaji.fold(spelling.text) if spelling.kind == Kind.ROMAJI else fold(spelling.text)


@transaction.atomic
def add_identifier(politician_id: int, *, scheme: str, value: str) -> None:
    """Put on record what an outside source calls a politician."""
    Identifier.objects.create(politician_id=politician_id, scheme=scheme, value=value)


def _add_identifiers(facts: Sequence[PersonFact], at: datetime) -> set[tuple[str, str]]:
    rows = {(fact.scheme, fact.value): _IdentifierRow(fact.politician_id, fact.scheme, fact.value) for fact in facts}
    known = Identifier.objects.filter(
        scheme__in={fact.scheme for fact in facts}, value__in={fact.value for fact in facts}
    )
    new = rows.keys() - set(known.values_list("scheme", "value"))
    insert(Identifier, [rows[key] for key in rows if key in new], at=at)
    return new


def _keep_links(facts: Sequence[PersonFact], at: datetime, *, known_of: Collection[int]) -> set[tuple[int, str]]:
    """Keep the links of ``facts`` and return those that are new or changed; only ``known_of`` may have links on record."""
    rows = {
        (fact.politician_id, fact.link_url): _LinkRow(fact.politician_id, fact.link_title, fact.link_url)
        for fact in facts
        if fact.link_url
    }
    insert(OfficialLink, [row for row in rows.values() if row.politician_id not in known_of], at=at)
    known = {key: row for key, row in rows.items() if row.politician_id in known_of}
    outcomes = keep(OfficialLink.objects.all(), list(known.values()), key=("politician_id", "url"), at=at)
    return {key for key, outcome in zip(known, outcomes, strict=True) if outcome != Outcome.UNCHANGED}
