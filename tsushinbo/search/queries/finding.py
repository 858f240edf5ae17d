"""Which things of one kind a query finds, best first.

The engine gives the newest of all hits, and of those with every word in title or name; these are ranked here by where the words stand. So an old
hit in the text alone may not be among them: the total counts it, and the order 新しい順 and the filters lead there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from tsushinbo.evaluations.models import Tally
from tsushinbo.japanese.folding import fold
from tsushinbo.japanese.romaji import fold_kana
from tsushinbo.people.models import Politician, PoliticianName
from tsushinbo.search.engine import Wanted, engine
from tsushinbo.search.models import DOCUMENTS, Kind, documents_of
from tsushinbo.search.queries.narrowing import EVERYTHING, Narrowing
from tsushinbo.search.words import Asked, Word

COUNTED = 1_000
# Candidates that are ranked where only the first page is wanted.
FIRST_PAGE = 200
# Names of politicians that are looked through for those that begin so.
BEGIN_SO = 1_000
# Kinds that are found by names, in kana and Latin letters too.
BY_NAME = frozenset({Kind.POLITICIANS, Kind.PARTIES, Kind.AREAS})
# Where a word stands is worth so much; how new a thing is and how many judged it only part those that are alike.
IN_NAMES, IN_TITLE, AT_THE_START, IN_TEXT = 4.0, 3.0, 1.0, 2.0
NEW, NEW_FOR_DAYS, JUDGED, JUDGED_BY = 0.4, 365.0, 0.4, 1_000


@dataclass(frozen=True)
class Found:
    """The keys of the things found, best first. ``total`` counts to ``COUNTED``; ``more``: there are more than these."""

    keys: Sequence[Any] = ()
    total: int = 0
    more: bool = False


@dataclass(frozen=True)
class _Candidate:
    document: int
    subject: Any
    title: str
    names: str
    shown_at: datetime


def find(
    kind: Kind, asked: Asked, narrowing: Narrowing = EVERYTHING, order: str = "relevance", *, most: int = FIRST_PAGE
) -> Found:
    """Find what matches every word; no word finds nothing. order: relevance or new. most: how many keys are wanted, at most ``COUNTED``."""
    if not asked.words or not narrowing.applies_to(kind):
        return Found()
    hits = engine().hits(DOCUMENTS[kind], wanted(kind, asked, narrowing), cap=COUNTED + 1, most=max(most, FIRST_PAGE))
    if not hits.total:
        return Found()
    if order == "new" and kind not in BY_NAME:
        keys = _newest(_candidates(kind, hits.newest))
    elif kind == Kind.POLITICIANS:
        keys = _people(asked, narrowing, {*hits.newest, *hits.head})
    else:
        candidates = _candidates(kind, {*hits.newest, *hits.head})
        keys = _by_name(asked, candidates) if kind in BY_NAME else _by_text(kind, asked, candidates)
    return Found(keys[: min(most, COUNTED)], min(hits.total, COUNTED), more=hits.total > COUNTED)


def wanted(kind: Kind, asked: Asked, narrowing: Narrowing = EVERYTHING) -> Wanted:
    """A query as the engine takes it. A text is asked for a word as it is written, a name by its sound too."""
    spellings = tuple(word.keys if kind in BY_NAME else word.keys[:1] for word in asked.words)
    return Wanted(spellings, tuple(word.keys[0] for word in asked.without), narrowing.facets)


def _candidates(kind: Kind, ids: Any) -> list[_Candidate]:
    rows = documents_of(kind).filter(pk__in=ids)
    return [_Candidate(*row) for row in rows.values_list("pk", "subject", "title", "names", "shown_at")]


def _newest(candidates: list[_Candidate]) -> list[Any]:
    candidates.sort(key=lambda one: (one.shown_at, one.document), reverse=True)
    return [one.subject for one in candidates]


def _by_text(kind: Kind, asked: Asked, candidates: list[_Candidate]) -> list[Any]:
    """By where the words stand: the owner's name, the beginning of the title, the title, the text."""
    keys, now = asked.keys, timezone.now()
    judged = _judged([one.subject for one in candidates]) if kind == Kind.PLEDGES else {}

    def worth(one: _Candidate) -> float:
        points = sum(_points(key, one) for key in keys)
        days = max((now - one.shown_at).days, 0)
        votes = min(judged.get(one.subject, 0), JUDGED_BY) / JUDGED_BY
        return points + NEW / (1 + days / NEW_FOR_DAYS) + JUDGED * math.sqrt(votes)

    ranked = sorted(
        ((worth(one), one.document, one.subject) for one in candidates), key=lambda row: row[:2], reverse=True
    )
    return [subject for _, _, subject in ranked]


def _points(key: str, one: _Candidate) -> float:
    points = IN_TITLE if key in one.title else 0.0
    if key in one.names:
        points += IN_NAMES
    if one.title.startswith(key):
        points += AT_THE_START
    return points or IN_TEXT


def _judged(pledges: list[int]) -> dict[int, int]:
    """How many ballots each pledge has."""
    rows = Tally.objects.filter(pk__in=pledges).values_list("pk", "good", "bad")
    return {pk: good + bad for pk, good, bad in rows}


def _by_name(asked: Asked, candidates: list[_Candidate]) -> list[Any]:
    """Equal first, then what begins so, then what has it in its name, in the order of the documents."""

    def closeness(one: _Candidate) -> tuple[int, int]:
        names = [one.title, *one.names.split()]
        if any(whole in names for whole in asked.wholes):
            return 0, -one.document
        if any(name.startswith(whole) for whole in asked.wholes for name in names):
            return 1, -one.document
        within = all(any(key in name for key in word.keys for name in names) for word in asked.words)
        return 2 if within else 3, -one.document

    return [one.subject for one in sorted(candidates, key=closeness)]


def _people(asked: Asked, narrowing: Narrowing, ids: set[int]) -> list[Any]:
    """Equal, then the family name, then what begins so, then the given name, then what contains it, then what the office says.

    Among equals who is in office comes first, then 五十音 order. Names that are equal or begin so come from the index of names, so that none is
    left behind among the many that contain a single sign.
    """
    documents = documents_of(Kind.POLITICIANS)
    found = set(documents.filter(pk__in=ids).values_list("subject", flat=True))
    close = [pk for whole in asked.wholes for pk in _begin_so(whole)]
    if extra := set(close) - found:
        rows: Any = documents.filter(subject__in=extra).values_list("subject", "title", "body", "names", "facets")
        found |= {subject for subject, *texts in rows if _fits(asked, narrowing, texts)}
    people = Politician.objects.filter(pk__in=found)
    names: dict[int, list[str]] = {}
    for pk, title, spellings in documents.filter(subject__in=found).values_list("subject", "title", "names"):
        names[pk] = [title, *spellings.split()]
    columns = ("pk", "holds_office", "kana", "name", "family_name", "family_kana", "given_name", "given_kana")
    ranked = []
    for pk, holds, kana, name, *parts in people.values_list(*columns):
        if pk in names:
            ranked.append((_closeness(asked, names[pk], parts), not holds, not kana, kana, name, pk))
    return [row[-1] for row in sorted(ranked)]


def _begin_so(whole: str) -> list[int]:
    """Politicians with a name that begins so, those whose name it is first."""
    rows = PoliticianName.objects.filter(folded__gte=whole, folded__lt=f"{whole}\U0010ffff")
    return list(rows.order_by("folded").values_list("politician", flat=True)[:BEGIN_SO])


def _fits(asked: Asked, narrowing: Narrowing, texts: list[str]) -> bool:
    *said, facets = texts
    has = all(any(key in text for key in word.keys for text in said) for word in asked.words)
    hasnt = not any(word.keys[0] in text for word in asked.without for text in said)
    return has and hasnt and set(narrowing.facets) <= set(facets.split())


def _closeness(asked: Asked, names: list[str], parts: list[str]) -> int:
    family, family_kana, given, given_kana = parts
    if any(whole in names for whole in asked.wholes):
        return 0
    one = asked.words[0] if len(asked.words) == 1 else None
    if one and _is(one, family, family_kana):
        return 1
    if any(name.startswith(whole) for whole in asked.wholes for name in names):
        return 2
    if one and _is(one, given, given_kana):
        return 3
    within = all(any(key in name for key in word.keys for name in names) for word in asked.words)
    return 4 if within else 5


def _is(word: Word, name: str, kana: str) -> bool:
    if word.latin:
        return bool(kana) and _latin_form(kana) == word.latin
    return bool(name or kana) and bool({_folded(name), _folded(kana)} & set(word.keys))


# As many as a broad query compares, a few times over.
_latin_form = lru_cache(8_192)(fold_kana)
_folded = lru_cache(8_192)(fold)
