"""The search: which rows a query finds, best first. Everything that asks the search goes through ``find`` and ``rows``.

Names of politicians, parties and places are compared in their folded form. Pledges have none yet, so their titles and texts are compared
as they stand, in the spellings that the words of the query may have, and only the newest ``PLEDGES_READ`` are read (docs/decisions).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any

from django.db import models
from django.db.models import Case, Min, Q, QuerySet, Value, When

from tsushinbo.japanese.folding import fold
from tsushinbo.japanese.romaji import fold_kana
from tsushinbo.people.models import Area, Office, Party, PoliticianName, Term
from tsushinbo.people.queries import in_given_order, listed
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import for_rows, newest_first, published
from tsushinbo.search.models import Kind
from tsushinbo.search.words import Asked, Word

# What follows the name of a place in the name of its highest office: 東京都知事, 品川区長.
CHIEFS = ((Office.GOVERNOR, "知事"), (Office.MAYOR, "長"))
COUNTED = 1_000
PLEDGES_READ = 20_000


@dataclass(frozen=True)
class Found:
    """The keys of the rows found, best first, at most ``COUNTED``. ``more``: there are more than these. ``partial``: not all rows were read."""

    keys: Sequence[Any] = ()
    more: bool = False
    partial: bool = False


def find(kind: Kind, asked: Asked) -> Found:
    """Find the rows of one kind that match every word; no word finds nothing."""
    return _FINDERS[kind](asked) if asked.words else Found()


def rows(kind: Kind, keys: Collection[Any]) -> list[Any]:
    """The rows of ``keys`` in that order, with what a list writes beside their names."""
    return _READERS[kind](keys)


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


def _all(conditions: Iterable[Q]) -> Q:
    return reduce(and_, conditions)


def _holds(field: str, word: Word) -> Q:
    """Whether a folded text matches the word."""
    contained = [Q(**{f"{field}__contains": key}) for key in word.keys]
    return _any([*contained, *(Q(**{f"{field}__startswith": key}) for key in word.starts)])


def _cut(keys: list[Any]) -> Found:
    return Found(keys[:COUNTED], more=len(keys) > COUNTED)


def _politicians(asked: Asked) -> Found:
    """By any spelling of the name: equal, then the family name, then what begins so, then the given name, then what contains it.

    Whoever holds or held the office that the query names, as in 品川区長, is found too. Among equals who is in office comes first, then 五十音 order.
    """
    names = PoliticianName.objects.order_by()
    wanted = _all(Q(pk__in=names.filter(_holds("folded", word)).values("politician")) for word in asked.words)
    if len(asked.words) > 1:
        wanted |= Q(pk__in=names.filter(_any(Q(folded__contains=whole) for whole in asked.wholes)).values("politician"))
    wanted |= _chiefs(asked)
    whole_name = Q(names__folded__in=asked.wholes)
    beginning = _any(Q(names__folded__startswith=whole) for whole in asked.wholes)
    closeness = Min(Case(When(whole_name, then=Value(0)), When(beginning, then=Value(2)), default=Value(4)))
    people = listed().filter(wanted).values_list("pk", "family_name", "family_kana", "given_name", "given_kana")
    in_order = people.annotate(closeness=closeness).order_by(
        "closeness", "-holds_office", Case(When(kana="", then=1), default=0), "kana", "name", "pk"
    )
    found = list(in_order[: COUNTED + 1])
    found.sort(key=lambda row: min(row[5], _closeness_of_parts(asked, *row[1:5])))
    return _cut([row[0] for row in found])


def _chiefs(asked: Asked) -> Q:
    """Whether somebody is or was at the head of the place that the query names with its office."""
    terms = [
        Q(office=office, area__folded__startswith=f"{whole.removesuffix(ending)} ")
        for office, ending in CHIEFS
        for whole in asked.wholes
        if whole.endswith(ending)
    ]
    return Q(pk__in=Term.objects.filter(_any(terms)).order_by().values("politician")) if terms else Q(pk__in=())


def _closeness_of_parts(asked: Asked, family: str, family_kana: str, given: str, given_kana: str) -> int:
    if len(asked.words) > 1:
        return 4
    word = asked.words[0]
    if _is(word, family, family_kana):
        return 1
    return 3 if _is(word, given, given_kana) else 4


def _is(word: Word, name: str, kana: str) -> bool:
    if word.latin:
        return _latin_form(kana) == word.latin
    return word.keys[0] in {_folded(name), _folded(kana)}


# As many as a broad query compares, a few times over.
_latin_form = lru_cache(8_192)(fold_kana)
_folded = lru_cache(8_192)(fold)


def _party_names() -> list[tuple[int, list[str]]]:
    """Each party with its folded name and short name, in order of the names. Parties are few: they are compared here."""
    names = Party.objects.order_by("name").values_list("pk", "name", "short_name")
    return [(pk, [_folded(name), _folded(short)]) for pk, name, short in names]


def _parties(asked: Asked) -> Found:
    """By name or short name, equal first, then what begins so."""
    ranked = [
        (_closeness(asked, names), pk)
        for pk, names in _party_names()
        if all(any(key in name for key in word.keys for name in names) for word in asked.words)
    ]
    ranked.sort(key=lambda row: row[0])
    return _cut([pk for _, pk in ranked])


def _areas(asked: Asked) -> Found:
    """By name or reading, equal first, then what begins so, in the order of the codes. One word may be that of the prefecture."""
    own = [_holds("folded", word) for word in asked.words]
    above = [_holds("prefecture__folded", word) for word in asked.words]
    wanted = _any(own) & _all(here | there for here, there in zip(own, above, strict=True))
    found = list(Area.objects.filter(wanted).order_by("code").values_list("pk", "name", "kana")[: COUNTED + 1])
    found.sort(key=lambda row: _closeness(asked, [_folded(row[1]), _folded(row[2]), _latin_form(row[2])]))
    return _cut([row[0] for row in found])


def _closeness(asked: Asked, names: Collection[str]) -> int:
    if any(whole in names for whole in asked.wholes):
        return 0
    return 1 if any(name.startswith(whole) for whole in asked.wholes for name in names) else 2


def _pledges(asked: Asked) -> Found:
    """By title, then by text or owner, each the newest first."""
    read, partial = _newest_pledges()
    titled = _all(_stands_in("title", word) for word in asked.words)
    parties = _party_names()
    named = _all(
        _stands_in("title", word) | _stands_in("text", word) | _owned_by(word, parties) for word in asked.words
    )
    closeness = Case(When(titled, then=Value(0)), default=Value(1))
    pledges = read.filter(named).annotate(closeness=closeness).order_by("closeness", "-created_at", "pk")
    found = _cut(list(pledges.values_list("pk", flat=True)[: COUNTED + 1]))
    return replace(found, partial=partial)


def _newest_pledges() -> tuple[QuerySet[Pledge], bool]:
    """The published pledges that are read, and whether there are more. Up to the last of them, as many may bear its very time."""
    pledges = newest_first(published())
    last = pledges.values_list("created_at", "pk")[PLEDGES_READ - 1 : PLEDGES_READ + 1]
    if len(last) < 2:
        return pledges, False
    (created_at, pk), _ = last
    return pledges.filter(created_at__gte=created_at).filter(Q(created_at__gt=created_at) | Q(pk__lte=pk)), True


def _stands_in(field: str, word: Word) -> Q:
    # Case is for Latin letters only: where there are none the plain comparison is the quicker one.
    lookup = "icontains" if any(sign.isascii() and sign.isalpha() for sign in "".join(word.raw)) else "contains"
    return _any(Q(**{f"{field}__{lookup}": spelling}) for spelling in word.raw)


def _owned_by(word: Word, parties: list[tuple[int, list[str]]]) -> Q:
    """Whether the pledge is of a politician or a party whose name begins so; a single sign or Latin letters would begin too many."""
    key = word.keys[0]
    if word.latin or len(key) < 2:
        return Q(party__in=[pk for pk, names in parties if key in names])
    people = PoliticianName.objects.filter(folded__startswith=key).order_by().values("politician")
    return Q(politician__in=people) | Q(
        party__in=[pk for pk, names in parties if any(name.startswith(key) for name in names)]
    )


def _read_pledges(keys: Collection[int]) -> list[Pledge]:
    found = for_rows(published()).select_related("tally").in_bulk(list(keys))
    return [found[key] for key in keys if key in found]


def _read[M: models.Model](queryset: QuerySet[M]) -> Callable[[Collection[Any]], list[M]]:
    def read(keys: Collection[Any]) -> list[M]:
        found = queryset.in_bulk(list(keys))
        return [found[key] for key in keys if key in found]

    return read


_FINDERS: dict[Kind, Callable[[Asked], Found]] = {
    Kind.POLITICIANS: _politicians,
    Kind.PARTIES: _parties,
    Kind.AREAS: _areas,
    Kind.PLEDGES: _pledges,
    Kind.REPORTS: lambda _: Found(),
    Kind.BOOKS: lambda _: Found(),
}
_READERS: dict[Kind, Callable[[Collection[Any]], list[Any]]] = {
    Kind.POLITICIANS: in_given_order,
    Kind.PARTIES: _read(Party.objects.all()),
    Kind.AREAS: _read(Area.objects.select_related("prefecture")),
    Kind.PLEDGES: _read_pledges,
    Kind.REPORTS: lambda _: [],
    Kind.BOOKS: lambda _: [],
}
