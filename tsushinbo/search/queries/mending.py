"""Words of titles that differ from what was typed by one sign: another (夫婦別性), one too few (引越し), one too many (でんんき)."""

import re
from collections import Counter
from itertools import pairwise

from tsushinbo.japanese.folding import has_kanji
from tsushinbo.japanese.kana import LONG_VOWEL
from tsushinbo.search.engine import Wanted, engine
from tsushinbo.search.marking import spans
from tsushinbo.search.models import DOCUMENTS, Kind, documents_of
from tsushinbo.search.queries.reading import still_public

# A word of two signs has one left that is right, and a long one is a sentence.
SHORTEST, LONGEST = 3, 12
TITLES, WORDS = 400, 3
_KANA, _KANJI = "[ぁ-ゖー]", r"[^\sぁ-ゖーa-z0-9]"


def mended(key: str) -> list[str]:
    """The nearest words of titles as they are written there, those in most titles first. In bounded work."""
    if not SHORTEST <= len(key) <= LONGEST:
        return []
    # Whichever sign is wrong, one half is right; of three signs perhaps only the first and the last.
    middle = len(key) // 2
    parts = (key[:middle], key[-middle:]) if middle > 1 else (*(a + b for a, b in pairwise(key)), key[0], key[-1])
    pattern = re.compile(f"(?=({'|'.join(_one_off(key))}))")
    seen: Counter[str] = Counter()
    where: dict[str, str] = {}
    for kind in (Kind.PLEDGES, Kind.REPORTS):
        hits = engine().hits(DOCUMENTS[kind], Wanted((tuple(dict.fromkeys(parts)),)), cap=1, most=TITLES)
        rows = documents_of(kind).filter(still_public(kind), pk__in=hits.head).order_by("-pk")
        for folded, title in rows.values_list("title", "subject__title"):
            for found in {found[1] for found in pattern.finditer(folded)} - {key}:
                seen[found] += 1
                where.setdefault(found, title)
    likely = sorted(seen, key=lambda found: (-seen[found], found))[:WORDS]
    return [_as_written(found, where[found]) for found in likely]


def _one_off(key: str) -> list[str]:
    """Patterns of what is one sign away from a key. A kanji is mistaken for a kanji, kana for kana."""
    forms = []
    for at, sign in enumerate(key):
        before, after = re.escape(key[:at]), re.escape(key[at + 1 :])
        forms.append(f"{before}{_KANJI if has_kanji(sign) else _KANA}{after}")
        if at:
            forms.append(f"{before}{_KANA}{re.escape(key[at:])}")
        # Without the first or last sign it is a part of the word, not another word.
        if 0 < at < len(key) - 1 and len(key) > SHORTEST:
            forms.append(before + after)
    return forms


def _as_written(key: str, title: str) -> str:
    """With the mark of a long vowel at its end, which keys are without."""
    places = spans(title, [key])
    if not places:
        return key
    start, end = places[0]
    return title[start:end] + LONG_VOWEL * (title[end : end + 1] == LONG_VOWEL)
