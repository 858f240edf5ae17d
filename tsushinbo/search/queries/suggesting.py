"""What is offered while somebody types."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tsushinbo.people.models import PoliticianName
from tsushinbo.people.queries import in_given_order, listed
from tsushinbo.search import words
from tsushinbo.search.engine import engine
from tsushinbo.search.models import DOCUMENTS, Kind, documents_of
from tsushinbo.search.queries.finding import find, wanted
from tsushinbo.search.queries.postcodes import areas_of
from tsushinbo.search.queries.reading import rows
from tsushinbo.search.words import Asked

MOST = 8
# Of each kind at most.
SHARE = {Kind.POLITICIANS: 5, Kind.PARTIES: 2, Kind.AREAS: 3, Kind.PLEDGES: 4}
LOOKED_AT = 400
# いしb is いし with a letter of the next sound.
_HALF_TYPED = re.compile(r"(?<=[ぁ-ゖ])[a-zａ-ｚ]{1,3}$", re.IGNORECASE)


@dataclass(frozen=True)
class Suggestion:
    """One thing to go to: its name, what it is in a few words, and the address of its page."""

    kind: Kind
    text: str
    note: str
    address: str


def suggest(typed: str, limit: int = MOST) -> list[Suggestion]:
    """What may be meant by what was typed so far: names that begin so, then parties, places, and pledges with it in their title."""
    asked = words.read(_HALF_TYPED.sub("", typed))
    if asked.postcode:
        return [_place(area) for area in areas_of(asked.postcode)][:limit]
    if not asked.words or asked.without:
        return []
    people = _people(asked)
    parties = [
        Suggestion(Kind.PARTIES, str(one), Kind.PARTIES.label, one.get_absolute_url())
        for one in _first(Kind.PARTIES, asked)
    ]
    places = [_place(one) for one in _first(Kind.AREAS, asked)]
    pledges = [
        Suggestion(Kind.PLEDGES, one.title, f"{one.owner}の公約", one.get_absolute_url())
        for one in rows(Kind.PLEDGES, _titled(asked))
    ]
    return [*people, *parties, *places, *pledges][:limit]


def _people(asked: Asked) -> list[Suggestion]:
    """Politicians with a name that begins so; who is in office first. Where nobody's does, those who have it in their name."""
    begins = Q(folded__gte=asked.wholes[0], folded__lt=f"{asked.wholes[0]}\U0010ffff")
    for whole in asked.wholes[1:]:
        begins |= Q(folded__gte=whole, folded__lt=f"{whole}\U0010ffff")
    names = PoliticianName.objects.filter(begins).order_by("folded").values_list("politician", "folded")[:LOOKED_AT]
    equal = {pk for pk, folded in names if folded in asked.wholes}
    ids = dict.fromkeys(pk for pk, _ in names)
    columns = listed().filter(pk__in=ids).values_list("pk", "holds_office", "kana", "name")
    order = sorted(columns, key=lambda row: (row[0] not in equal, not row[1], not row[2], row[2], row[3], row[0]))
    keys = [row[0] for row in order][: SHARE[Kind.POLITICIANS]] or _first_keys(Kind.POLITICIANS, asked)
    return [
        Suggestion(Kind.POLITICIANS, one.spaced_name, _office(one), one.get_absolute_url())
        for one in in_given_order(keys)
    ]


def _office(person: Any) -> str:
    term = next(iter(person.known_terms), None)
    if term is None:
        return Kind.POLITICIANS.label
    return term.office_name if term.running else f"元{term.office_name}"


def _first_keys(kind: Kind, asked: Asked) -> list[Any]:
    return list(find(kind, asked).keys[: SHARE[kind]])


def _first(kind: Kind, asked: Asked) -> list[Any]:
    """Of parties and places those alone that have it in their own name."""
    found = rows(kind, _first_keys(kind, asked))
    own = documents_of(kind).filter(subject__in=[one.pk for one in found]).values_list("subject", "names")
    names = dict(own)
    return [one for one in found if all(any(key in names.get(one.pk, "") for key in word.keys) for word in asked.words)]


def _titled(asked: Asked) -> list[Any]:
    """The newest pledges with every word in their title or their owner's name."""
    documents = DOCUMENTS[Kind.PLEDGES]
    ids = engine().hits(documents, wanted(Kind.PLEDGES, asked), cap=1, most=SHARE[Kind.PLEDGES] * 5).head
    found = dict(documents_of(Kind.PLEDGES).filter(pk__in=ids).values_list("pk", "subject"))
    return [found[pk] for pk in ids if pk in found][: SHARE[Kind.PLEDGES]]


def _place(area: Any) -> Suggestion:
    above = area.prefecture.name if area.prefecture_id and area.prefecture_id != area.pk else area.get_kind_display()
    return Suggestion(Kind.AREAS, area.name, above, area.get_absolute_url())
