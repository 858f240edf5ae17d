"""What is offered while somebody types."""

import re
from dataclasses import dataclass
from typing import Any

from tsushinbo.japanese.folding import has_kanji
from tsushinbo.japanese.romaji import from_kana
from tsushinbo.search import words
from tsushinbo.search.engine import engine
from tsushinbo.search.models import DOCUMENTS, Kind, documents_of
from tsushinbo.search.queries.finding import find, wanted
from tsushinbo.search.queries.postcodes import areas_of
from tsushinbo.search.queries.reading import rows
from tsushinbo.search.words import Asked, Word

MOST = 8
# Of each kind at most.
SHARE = {Kind.POLITICIANS: 5, Kind.PARTIES: 2, Kind.AREAS: 3, Kind.PLEDGES: 4}
# いしb is いし with a letter of the next sound, as an input method shows it.
_HALF_TYPED = re.compile(r"(?<=[ぁ-ゖ一-鿿])[a-zａ-ｚ]{1,3}$", re.IGNORECASE)


@dataclass(frozen=True)
class Suggestion:
    """One thing to go to: its name, what it is in a few words, and the address of its page."""

    kind: Kind
    text: str
    note: str
    address: str


def suggest(typed: str, limit: int = MOST) -> list[Suggestion]:
    """What may be meant by what was typed so far: names, nearest first, then parties, places, and pledges with it in their title."""
    asked = words.read(_completed(typed))
    if asked.postcode:
        return [_place(area) for area in areas_of(asked.postcode)][:limit]
    if not asked.words or asked.without:
        return []
    people = [
        Suggestion(Kind.POLITICIANS, one.spaced_name, one.introduced or Kind.POLITICIANS.label, one.address)
        for one in rows(Kind.POLITICIANS, _first_keys(Kind.POLITICIANS, asked))
    ]
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


def _completed(typed: str) -> str:
    """What is on its way to kana in Latin letters: いしb as ishib, 石b as 石."""
    found = _HALF_TYPED.search(typed)
    if not found:
        return typed
    before = typed[: found.start()]
    return from_kana(before) + found[0] if not has_kanji(before) else before


def _first_keys(kind: Kind, asked: Asked) -> list[Any]:
    return list(find(kind, asked).keys[: SHARE[kind]])


def _first(kind: Kind, asked: Asked) -> list[Any]:
    """Of parties and places those alone that have it in their own name."""
    found = rows(kind, _first_keys(kind, asked))
    own = documents_of(kind).filter(subject__in=[one.pk for one in found]).values_list("subject", "names")
    names = dict(own)
    return [one for one in found if all(_fits(word, names.get(one.pk, "").split()) for word in asked.words)]


def _fits(word: Word, names: list[str]) -> bool:
    """A single sign stands in the names of very many: it must be their first."""
    key, single = word.keys[0], len(word.keys[0]) == 1
    return any(name.startswith(key) if single else any(one in name for one in word.keys) for name in names)


def _titled(asked: Asked) -> list[Any]:
    """The newest pledges with every word in their title or their owner's name."""
    documents = DOCUMENTS[Kind.PLEDGES]
    ids = engine().hits(documents, wanted(Kind.PLEDGES, asked), cap=1, most=SHARE[Kind.PLEDGES] * 5).head
    found = dict(documents_of(Kind.PLEDGES).filter(pk__in=ids).values_list("pk", "subject"))
    return [found[pk] for pk in ids if pk in found][: SHARE[Kind.PLEDGES]]


def _place(area: Any) -> Suggestion:
    above = area.prefecture.name if area.prefecture_id and area.prefecture_id != area.pk else area.get_kind_display()
    return Suggestion(Kind.AREAS, area.name, above, area.get_absolute_url())
