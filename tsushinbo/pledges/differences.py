"""What changed between two wordings, field by field and word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import Literal

SENTENCES = re.compile(r"[^。\n]+[。\n]*|[。\n]+")
# Runs of one script are the nearest thing to words in Japanese text: 給食費 / を / 2027 / 年度 / までに.
WORDS = re.compile(r"[一-鿿㐀-䶿豈-﫿々〇]+|[ぁ-ゟ]+|[ァ-ヿ]+|[0-9０-９]+|[A-Za-zＡ-Ｚａ-ｚ]+|\s|.", re.DOTALL)
# Matching takes the cube of the length at worst (のアのアのア…): a longer stretch is given as replaced whole.
LONGEST = 200 * 200


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both wordings share, that the newer added, or that it took away."""

    kind: Literal["same", "removed", "added"]
    text: str


@lru_cache(maxsize=512)
def differences(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces that lead from ``old`` to ``new``: sentences that stayed, and words inside those that changed.

    Without the removed pieces they spell ``new``, without the added ones ``old``. The pieces are plain text: who shows them escapes them.
    Example: 「2年以内に実施」 to 「3年以内に実施」 gives removed 2, added 3, same 年以内に実施.
    """
    pieces: list[Piece] = []
    for piece, other in _compare(SENTENCES.findall(old), SENTENCES.findall(new)):
        if piece == other:
            pieces.append(Piece("same", piece))
            continue
        for before, after in _compare(WORDS.findall(piece), WORDS.findall(other)):
            if before == after:
                pieces.append(Piece("same", before))
            else:
                pieces += [Piece("removed", before), Piece("added", after)]
    joined = (
        (kind, "".join(piece.text for piece in run)) for kind, run in groupby(pieces, key=lambda piece: piece.kind)
    )
    return tuple(Piece(kind, text) for kind, text in joined if text)


def _compare(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Pairs of old and new text: equal where nothing changed."""
    if len(old) * len(new) > LONGEST:
        return [("".join(old), "".join(new))]
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [("".join(old[i1:i2]), "".join(new[j1:j2])) for _, i1, i2, j1, j2 in steps]


@dataclass(frozen=True)
class FieldChange:
    """One field that a revision changed, as pieces kept, removed and added."""

    name: str
    pieces: tuple[Piece, ...]


def changed_fields(old: dict[str, object], new: dict[str, object], names: dict[str, str]) -> list[FieldChange]:
    """What differs between two contents, by field. names: the fields in their order, with the words a reader knows them by."""
    order = [*names, *(name for name in new if name not in names)]
    pairs = ((name, _text(old.get(name)), _text(new.get(name))) for name in order)
    return [
        FieldChange(names.get(name, name), differences(before, after))
        for name, before, after in pairs
        if before != after
    ]


def _text(value: object) -> str:
    if value is None:
        return ""
    return {True: "はい", False: "いいえ"}[value] if isinstance(value, bool) else str(value)
