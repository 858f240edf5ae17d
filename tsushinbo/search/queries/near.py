"""What somebody may have meant where nothing was found."""

from difflib import SequenceMatcher
from itertools import pairwise

from tsushinbo.search.engine import Wanted, engine
from tsushinbo.search.models import DOCUMENTS, Kind, documents_of
from tsushinbo.search.queries.finding import wanted
from tsushinbo.search.words import Asked, Word

# A name with one sign of four wrong is as near as this; one with nothing but a common beginning is not.
NEAR = 0.6
NAMES = 3
LOOKED_AT = 300


def nearest(asked: Asked) -> list[str]:
    """Words that do find something: names like the one typed, and of several words each that stands somewhere by itself. In bounded work."""
    if not asked.words:
        return []
    alike = _names(asked) if sum(len(key) for key in asked.keys) > 1 else []
    single = [word.text for word in asked.words if len(asked.words) > 1 and _anywhere(word)]
    return list(dict.fromkeys([*alike, *single]))


def _names(asked: Asked) -> list[str]:
    """Names of politicians, parties and places that share pairs of signs with what was typed, the most alike first."""
    whole = asked.wholes[0]
    pairs = tuple(dict.fromkeys(a + b for a, b in pairwise(whole)))[:30] or (whole,)
    found: dict[str, float] = {}
    for kind in (Kind.POLITICIANS, Kind.PARTIES, Kind.AREAS):
        documents = DOCUMENTS[kind]
        ids = engine().hits(documents, Wanted((pairs,)), cap=1, most=LOOKED_AT)
        rows = documents_of(kind).select_related("subject").filter(pk__in={*ids.newest, *ids.head})
        for row in rows:
            likeness = max(SequenceMatcher(None, whole, name).ratio() for name in {row.title, *row.names.split()})
            found[str(row.subject)] = max(likeness, found.get(str(row.subject), 0))
    ranked = sorted(found, key=lambda name: (-found[name], name))
    return [name for name in ranked if found[name] >= NEAR][:NAMES]


def _anywhere(word: Word) -> bool:
    alone = Asked(word.text, (word,))
    return any(engine().hits(DOCUMENTS[kind], wanted(kind, alone), cap=1, most=0).total for kind in Kind)
