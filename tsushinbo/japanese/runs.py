"""Texts as the search compares them: folded, and cut where a sentence, a bracket or a list cuts them."""

import re

from tsushinbo.japanese.folding import fold

# A full stop or comma between digits belongs to the number, ・ and spaces to the name; a single line break may only be that of a page.
_CUTS = re.compile(
    r"[。、，．；：！？!?;:…‥|｜()（）\[\]［］{}｛｝「」『』【】〈〉《》〔〕\"“”]+|[,.](?!\d)|\s*\n\s*\n\s*"
)


def folded_runs(text: str) -> str:
    """Return ``text`` as runs of folded letters with a space between; "" where nothing is left.

    Folding takes out spaces of its own, so a key without a space that stands in the result stands within one run.
    Examples: 山田、中島 gives "山田 中島", 1,000円 gives "1000円", ガス・電気 gives "がす電気".
    """
    return " ".join(run for run in map(fold, _CUTS.split(text)) if run)
