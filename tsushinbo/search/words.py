"""What a visitor asked for: the words of a query, ready to compare."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tsushinbo.japanese import romaji
from tsushinbo.japanese.folding import fold, has_kanji
from tsushinbo.japanese.kana import LONG_VOWEL, hiragana, katakana
from tsushinbo.moderation.text import clean_text

LONGEST = 100
MOST_WORDS = 8
_LATIN = re.compile(r"[a-z]+(?:['’.\-]*[a-z]+)*\.?")
_KANA = re.compile(f"[ぁ-ゖ{LONG_VOWEL}]+")
_WIDE = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


@dataclass(frozen=True)
class Word:
    """One word. A folded text matches when it contains one of ``keys`` or starts with one of ``starts``.

    ``raw``: how the word may stand in a text that was never folded (width, kana, kanji as typed and as standard).
    """

    text: str
    keys: tuple[str, ...]
    starts: tuple[str, ...]
    raw: tuple[str, ...]
    latin: str = ""


@dataclass(frozen=True)
class Asked:
    """A query: every word must match. ``wholes``: all words as one, as the search compares whole names."""

    text: str
    words: tuple[Word, ...] = ()
    wholes: tuple[str, ...] = ()
    too_long: bool = False
    words_left_out: int = 0

    @property
    def keys(self) -> list[str]:
        """What to mark in the texts found: the words as they are written, not their sound in Latin letters."""
        return [word.keys[0] for word in self.words]


def read(typed: str) -> Asked:
    """Read what was typed: cleaned, white space of any width between words, at most 100 characters and 8 words; signs alone are no word."""
    text = " ".join(clean_text(typed).split())
    kept = text[:LONGEST].rstrip()
    words = list({word.keys: word for word in map(_word, kept.split()) if word.keys}.values())
    asked = words[:MOST_WORDS]
    return Asked(
        text=kept,
        words=tuple(asked),
        wholes=_wholes(asked),
        too_long=len(text) > LONGEST,
        words_left_out=len(words) - len(asked),
    )


def _word(text: str) -> Word:
    folded = fold(text)
    bare = unicodedata.normalize("NFKD", text).casefold()
    latin = romaji.fold(text) if _LATIN.fullmatch("".join(s for s in bare if not unicodedata.combining(s))) else ""
    by_sound = LONG_VOWEL in folded and _KANA.fullmatch(folded)
    return Word(
        text=text,
        keys=_distinct(folded, latin),
        # おーの is written おおの or おうの in a register of names: both are ono in Latin letters.
        starts=_distinct(romaji.fold_kana(text)) if by_sound else (),
        raw=_spellings(text),
        latin=latin,
    )


def _spellings(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text)
    standard = "".join(fold(sign) if has_kanji(sign) else sign for sign in plain)
    # SQLite knows large and small letters of ASCII only, so the wide ones come in both.
    wide = (letters.translate(_WIDE) for letters in (standard, standard.lower(), standard.upper()))
    return _distinct(text, plain, standard, hiragana(standard), katakana(standard), *wide)


def _wholes(words: Sequence[Word]) -> tuple[str, ...]:
    whole = "".join(word.keys[0] for word in words)
    if not words or not all(word.latin for word in words):
        return _distinct(whole)
    latin = [word.latin for word in words]
    return _distinct(whole, romaji.fold(" ".join(latin)), romaji.fold(" ".join(reversed(latin))))


def _distinct(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
