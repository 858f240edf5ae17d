"""Texts as the search compares them: folded, and cut where a sentence, a bracket or a list cuts them."""

import re
from collections.abc import Iterator

from tsushinbo.japanese.folding import fold

# A full stop or comma between digits belongs to the number, ・ and spaces to the name; a single line break may only be that of a page.
_CUTS = re.compile(
    r"[。、，．；：！？!?;:…‥|｜()（）\[\]［］{}｛｝「」『』【】〈〉《》〔〕\"“”]+|[,.](?!\d)|\s*\n\s*\n\s*"
)
# Folding leaves a private sign as it is, so that the whole text can be folded at once.
_CUT = "\ue000"
# コンピューター and コンピュータ are one word; within a word the mark tells ビール from ビル.
LAST_LONG = re.compile("(?<=[ぁ-ゖ])ー+(?![ぁ-ゖー])")


def folded_runs(text: str) -> str:
    """Return ``text`` as runs of folded letters with a space between; "" where nothing is left.

    Folding takes out spaces of its own, so a key without a space that stands in the result stands within one run.
    The mark of a long vowel at the end of a word is left out too. Examples: 山田、中島 gives "山田 中島",
    1,000円 gives "1000円", ガス・電気 gives "がす電気", サーバー代 gives "さーば代".
    """
    folded = LAST_LONG.sub("", fold(_CUTS.sub(_CUT, text)))
    return " ".join(run for run in folded.split(_CUT) if run)


def cut(text: str) -> Iterator[tuple[int, str]]:
    """The parts between the cuts, each with where it begins."""
    at = 0
    for found in _CUTS.finditer(text):
        yield at, text[at : found.start()]
        at = found.end()
    yield at, text[at:]
