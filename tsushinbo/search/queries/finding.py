"""Which things of one kind a query finds, best first.

The engine gives the newest of all hits, and of those with every word in title or name; these are ranked here by where the words stand. So an old
hit in the text alone may not be among them: the total counts it, and the order 新しい順 and the filters lead there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db.models import Q

from tsushinbo.japanese.folding import fold
from tsushinbo.japanese.romaji import fold_kana
from tsushinbo.people.models import PoliticianName
from tsushinbo.search.engine import Hits, Wanted, engine
from tsushinbo.search.models import DOCUMENTS, Kind
from tsushinbo.search.queries.candidates import Candidate, Person, people, read, subjects
from tsushinbo.search.queries.narrowing import EVERYTHING, Narrowing
from tsushinbo.search.words import Asked, Word, without_titles

COUNTED = 1_000
# Candidates that are ranked where only the first page is wanted.
FIRST_PAGE = 200
# Names of politicians that are looked through for those that begin so.
BEGIN_SO = 400
# Kinds that are found by names, in kana and Latin letters too.
BY_NAME = frozenset({Kind.POLITICIANS, Kind.PARTIES, Kind.AREAS})
# Where a word stands is worth so much; how new a thing is and how many judged it only part those that are alike.
# The title says what a pledge is about; that its party is called so says little.
IN_TITLE, AT_THE_START, IN_NAMES, IN_TEXT = 4.0, 1.0, 3.0, 2.0
NEW, JUDGED, JUDGED_BY = 0.4, 0.4, 1_000


@dataclass(frozen=True)
class Found:
    """The keys of the things found, best first. ``total`` counts to ``COUNTED``; ``more``: there are more than these."""

    keys: Sequence[Any] = ()
    total: int = 0
    more: bool = False


def find(
    kind: Kind, asked: Asked, narrowing: Narrowing = EVERYTHING, order: str = "relevance", *, most: int = FIRST_PAGE
) -> Found:
    """Find what matches every word; no word finds nothing. order: relevance or new. most: how many keys are wanted, at most ``COUNTED``.

    Where nobody is found, what people write behind a name (小池知事, 石破総理) is looked for in the office, and then not at all.
    """
    if not asked.words or not narrowing.applies_to(kind):
        return Found()
    found = _find(kind, asked, narrowing, order, most)
    if found.total or kind != Kind.POLITICIANS:
        return found
    for other in without_titles(asked):
        if (found := _find(kind, other, narrowing, order, most)).total:
            break
    return found


def _find(kind: Kind, asked: Asked, narrowing: Narrowing, order: str, most: int) -> Found:
    if kind == Kind.AREAS:
        return _places(asked, narrowing)
    hits = engine().hits(DOCUMENTS[kind], wanted(kind, asked, narrowing), cap=COUNTED + 1, most=max(most, FIRST_PAGE))
    if not hits.total:
        return Found()
    if kind == Kind.POLITICIANS:
        keys = _people(asked, narrowing, hits, most)
    elif kind == Kind.PARTIES:
        keys = _by_name(asked, read(kind, {*hits.newest, *hits.head}))
    elif order == "new":
        keys = subjects(kind, hits.newest)
    else:
        keys = _by_text(kind, asked, hits, most)
    return Found(keys[: min(most, COUNTED)], min(hits.total, COUNTED), more=hits.total > COUNTED)


def wanted(kind: Kind, asked: Asked, narrowing: Narrowing = EVERYTHING) -> Wanted:
    """A query as the engine takes it. A text is asked for a word as it is written, a name by its sound too."""
    spellings = tuple(word.keys if kind in BY_NAME else word.keys[:1] for word in asked.words)
    return Wanted(spellings, tuple(word.keys[0] for word in asked.without), narrowing.facets)


def _by_text(kind: Kind, asked: Asked, hits: Hits, most: int) -> list[Any]:
    """By where the words stand: the beginning of the title, the title, the owner's name, the text."""
    keys = asked.keys
    if len(keys) == 1:
        # One word stands in the head or in the text alone, and the newest of the latter follow as they are.
        head = set(hits.head)
        left = [pk for pk in hits.newest if pk not in head][: max(0, most - len(head))]
        return [*_ranked(keys, read(kind, hits.head)), *subjects(kind, left)]
    return _ranked(keys, read(kind, {*hits.newest, *hits.head}))


def _ranked(keys: list[str], candidates: list[Candidate]) -> list[Any]:
    """Candidates come the newest first."""
    many = len(candidates)

    def worth(at: int, one: Candidate) -> float:
        votes = min(one.judged, JUDGED_BY) / JUDGED_BY
        return sum(_points(key, one) for key in keys) + NEW * (1 - at / many) + JUDGED * math.sqrt(votes)

    ranked = sorted(
        ((worth(at, one), -at, one.subject) for at, one in enumerate(candidates)), key=itemgetter(0, 1), reverse=True
    )
    return [subject for _, _, subject in ranked]


def _points(key: str, one: Candidate) -> float:
    if key not in one.title:
        return IN_NAMES if key in one.names else IN_TEXT
    return IN_TITLE + (AT_THE_START if one.title.startswith(key) else 0.0)


def _by_name(asked: Asked, candidates: list[Candidate]) -> list[Any]:
    """Equal first, then what begins so, then what has it in its name, each in the order of the codes (places) or of the names."""

    def closeness(one: Candidate) -> tuple[int, str, str]:
        names = [one.title, *one.names.split()]
        order = "" if isinstance(one.subject, int) else one.subject
        if any(whole in names for whole in asked.wholes):
            return 0, order, one.title
        begins = any(name.startswith(whole) for whole in asked.wholes for name in names)
        return 1 if begins else 2, order, one.title

    return [one.subject for one in sorted(candidates, key=closeness)]


def _places(asked: Asked, narrowing: Narrowing) -> Found:
    """Places of which a word stands in their own name; the others may stand in that of the prefecture or county above."""
    documents, most = DOCUMENTS[Kind.AREAS], COUNTED + 1
    hits = engine().hits(documents, wanted(Kind.AREAS, asked, narrowing), cap=most, most=most)
    candidates = read(Kind.AREAS, {*hits.newest, *hits.head} if len(asked.words) > 1 else hits.head)
    own = [
        one
        for one in candidates
        if any(key in name for word in asked.words for key in word.keys for name in (one.title, one.names))
    ]
    return Found(_by_name(asked, own)[:COUNTED], min(len(own), COUNTED), more=len(own) > COUNTED)


def _people(asked: Asked, narrowing: Narrowing, hits: Hits, most: int) -> list[Any]:
    """Equal, then the family name, then what begins so, then the given name, then what contains it, then what the office says.

    Among equals who is in office comes first, then 五十音 order. Names that are equal or begin so come from the index of names, so that none is
    left behind among the many that contain a single sign; the others are read only where these do not fill the page.
    """
    facets = frozenset(narrowing.facets)
    close = _rank_people(asked, [one for one in people("subject_id", _begin_so(asked)) if _fits(asked, facets, one)])
    if len(close) >= most:
        return close
    found = set(close)
    others = _rank_people(asked, people("id", {*hits.newest, *hits.head}))
    return [*close, *(pk for pk in others if pk not in found)]


def _rank_people(asked: Asked, some: list[Person]) -> list[Any]:
    ranked = sorted(
        (_closeness(asked, one), not one.holds_office, not one.kana, one.kana, one.name, one.subject) for one in some
    )
    return [row[-1] for row in ranked]


def _begin_so(asked: Asked) -> list[int]:
    """Politicians with a name that is or begins with what was typed as a whole, those whose name it is first."""
    begins = Q()
    for whole in asked.wholes:
        begins |= Q(folded__gte=whole, folded__lt=f"{whole}\U0010ffff")
    rows = PoliticianName.objects.filter(begins).order_by("folded")
    return list(rows.values_list("politician", flat=True)[:BEGIN_SO])


def _fits(asked: Asked, facets: frozenset[str], person: Person) -> bool:
    """Whether somebody whom the engine did not choose is wanted too."""
    texts = (person.title, person.names, person.offices)
    has = all(any(key in text for key in word.keys for text in texts) for word in asked.words)
    hasnt = not any(word.keys[0] in text for word in asked.without for text in texts)
    return has and hasnt and (not facets or facets <= set(person.facets.split()))


def _closeness(asked: Asked, person: Person) -> int:
    names = [person.title, *person.names.split()]
    if any(whole in names for whole in asked.wholes):
        return 0
    one = asked.words[0] if len(asked.words) == 1 else None
    if one and _is(one, person.family, person.family_kana):
        return 1
    if any(name.startswith(whole) for whole in asked.wholes for name in names):
        return 2
    if one and _is(one, person.given, person.given_kana):
        return 3
    if all(any(key in name for key in word.keys for name in names) for word in asked.words):
        return 4
    return 5 if any(whole in person.offices.split() for whole in asked.wholes) else 6


def _is(word: Word, name: str, kana: str) -> bool:
    if word.latin:
        return bool(kana) and _latin_form(kana) == word.latin
    return bool(name or kana) and bool({_folded(name), _folded(kana)} & set(word.keys))


# As many as a broad query compares, a few times over.
_latin_form = lru_cache(8_192)(fold_kana)
_folded = lru_cache(8_192)(fold)
