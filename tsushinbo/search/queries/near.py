"""What somebody may have meant where nothing was found."""

from collections.abc import Collection
from difflib import SequenceMatcher
from itertools import islice, pairwise
from typing import Any

from tsushinbo.japanese.folding import fold, has_kanji
from tsushinbo.japanese.romaji import fold_kana
from tsushinbo.search.engine import Wanted, engine
from tsushinbo.search.models import DOCUMENTS, Kind, documents_of
from tsushinbo.search.queries.finding import wanted
from tsushinbo.search.queries.mending import mended
from tsushinbo.search.queries.reading import still_public
from tsushinbo.search.words import Asked, Word

# A family name of two signs with one of them wrong is as near as this; a longer name has more to go by.
NEAR, LONG_NEAR = 0.5, 0.6
NAMES = 5
LOOKED_AT = 400
# Up to so many signs single ones are compared, and at most so many pieces of a long name.
LONG, SHARED = 3, 30
# Of several words so many are mended; of a word that stands nowhere so many beginnings are looked for.
MENDED, BEGINNINGS = 2, 8


def nearest(asked: Asked) -> list[str]:
    """What does find something: names like the one typed, the query with a sign mended, each of several words that stands somewhere by itself,
    else how the only word begins. In bounded work.
    """
    if not asked.words:
        return []
    alike = _names(asked) if sum(len(key) for key in asked.keys) > 1 else []
    single = [word for word in asked.words if len(asked.words) > 1 and _anywhere(word)]
    found = [*alike, *_mended(asked, single), *(word.text for word in single)]
    if not found and len(asked.words) == 1:
        typed = asked.words[0].text
        starts = [typed[:size] for size in range(len(typed) - 1, 1, -1)][-BEGINNINGS:]
        found = list(
            islice((start for start in starts if has_kanji(start) and _anywhere(Word(start, (fold(start),)))), 1)
        )
    return list(dict.fromkeys(found))


def _mended(asked: Asked, right: Collection[Word]) -> list[str]:
    """The query with the words that stand nowhere mended, one at a time."""
    wrong = [word for word in asked.words if word not in right][:MENDED]
    return [
        " ".join(better if one is word else one.text for one in asked.words)
        for word in wrong
        for better in mended(word.keys[0])
    ]


def _names(asked: Asked) -> list[str]:
    """Names of politicians, parties and places that share signs with what was typed, the most alike first, of these who is in office."""
    # In Latin letters as names in Latin letters are compared: sinzou as shinzo.
    whole = asked.wholes[1] if asked.words[0].latin and len(asked.wholes) > 1 else asked.wholes[0]
    form = fold_kana if whole.isascii() else fold
    near = LONG_NEAR if len(whole) > LONG else NEAR
    # Two signs of which one is wrong have no pair in common with what was meant.
    parts = [a + b for a, b in pairwise(whole)] if len(whole) > LONG else list(whole)
    spellings = tuple(dict.fromkeys(parts))[:SHARED]
    found: dict[str, tuple[float, bool]] = {}
    for kind in (Kind.POLITICIANS, Kind.PARTIES, Kind.AREAS):
        hits = engine().hits(DOCUMENTS[kind], Wanted((spellings,)), cap=1, most=LOOKED_AT)
        for row in documents_of(kind).select_related("subject").filter(still_public(kind), pk__in=hits.head):
            subject = row.subject
            shown = subject.spaced_name if kind == Kind.POLITICIANS else str(subject)
            names = {row.title, *row.names.split(), *(form(part) for part in _parts(subject) if part)}
            likeness = max(SequenceMatcher(None, whole, name, autojunk=False).ratio() for name in names)
            found[shown] = max((likeness, getattr(subject, "holds_office", True)), found.get(shown, (0.0, False)))
    ranked = sorted(found, key=lambda name: (-found[name][0], not found[name][1], name))
    return [name for name in ranked if found[name][0] >= near][:NAMES]


def _parts(subject: Any) -> tuple[str, ...]:
    """Family and given name of a politician, which are typed alone more often than together."""
    return tuple(getattr(subject, f"{part}_{how}", "") for part in ("family", "given") for how in ("name", "kana"))


def _anywhere(word: Word) -> bool:
    alone = Asked(word.text, (word,))
    return any(engine().hits(DOCUMENTS[kind], wanted(kind, alone), cap=1, most=0).total for kind in Kind)
