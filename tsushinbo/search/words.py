"""What a visitor asked for: the words of a query, ready to compare."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from tsushinbo.japanese import romaji
from tsushinbo.japanese.kana import LONG_VOWEL
from tsushinbo.japanese.runs import folded_runs
from tsushinbo.moderation.text import clean_text

LONGEST = 100
MOST_WORDS = 8
_LATIN = re.compile(r"[a-z]+(?:['’.\-]*[a-z]+)*\.?")
_KANA = re.compile(f"[ぁ-ゖ{LONG_VOWEL}]+")
# A phrase in quotes of any kind, perhaps left out by a dash before it, or a word up to the next space.
_PART = re.compile(
    r"(?P<without>[-－−‐]?)(?:[\"“”„‟＂](?P<quoted>[^\"“”„‟＂]+)[\"“”„‟＂]|「(?P<hooked>[^」]+)」|『(?P<double>[^』]+)』|(?P<word>\S+))"
)
_POSTCODE = re.compile(r"(?:〒|郵便番号)?\s*(\d{3})\s?[-‐‑–—−ー]?\s?(\d{4})")
# Which vowels the mark of a long vowel may stand for after a sound that ends in one: おーの is written おおの or おうの in a register of names.
_LONG = {"a": "あ", "i": "い", "u": "う", "e": "えい", "o": "おう"}
_MOST_LONG = 3
# What people write behind a name: of an office (小池知事), or of respect.
_TITLED = re.compile(
    "(?P<name>.{1,20}?)(?P<title>(?:(?:前|元)?(?:都|道|府|県)?知事|(?:前|元)?(?:市|区|町|村)長|(?:衆院|参院|衆議院|参議院|国会|都議会|県議会|市議会|区議会)?議員"
    "|首相|総理(?:大臣)?|大臣|党首|代表|委員長|幹事長|議長|都議|県議|市議|区議|先生|さん|氏)+)"
)
# 前知事 has none in it.
_NO_NAME = frozenset("前元現新")


@dataclass(frozen=True)
class Word:
    """One word or phrase. A folded text matches when the first of ``keys`` stands in it; a name when any of them does.

    ``latin``: its sound in Latin letters, where it was typed in them.
    """

    text: str
    keys: tuple[str, ...]
    latin: str = ""


@dataclass(frozen=True)
class Asked:
    """A query: every word must match, and none of ``without``. ``wholes``: all words as one, as the search compares whole names.

    ``postcode``: seven digits where the query is a postcode and nothing else.
    """

    text: str
    words: tuple[Word, ...] = ()
    without: tuple[Word, ...] = ()
    wholes: tuple[str, ...] = ()
    postcode: str = ""
    too_long: bool = False
    words_left_out: int = 0

    @property
    def keys(self) -> list[str]:
        """What to mark in the texts found: the words as they are written, not their sound in Latin letters."""
        return [word.keys[0] for word in self.words]


def read(typed: str) -> Asked:
    """Read what was typed, at most 100 characters and 8 words of it. Signs alone are no word.

    White space of any width parts words; what stands in quotes is one (「給食費 無償」), and what a dash stands before must not match (-増税).
    """
    text = " ".join(clean_text(typed).split())
    kept = text[:LONGEST].rstrip()
    parts = list({(word.keys, left_out): (word, left_out) for word, left_out in _parts(kept)}.values())
    asked, words = parts[:MOST_WORDS], [word for word, left_out in parts[:MOST_WORDS] if not left_out]
    found = _POSTCODE.fullmatch(unicodedata.normalize("NFKC", kept))
    return Asked(
        text=kept,
        words=tuple(words),
        without=tuple(word for word, left_out in asked if left_out),
        wholes=_wholes(words),
        postcode=found[1] + found[2] if found else "",
        too_long=len(text) > LONGEST,
        words_left_out=len(parts) - len(asked),
    )


def without_titles(asked: Asked) -> list[Asked]:
    """The query with what stands behind a name (小池知事, 石破総理) as a word of its own, and without it; none where nothing does."""
    split: list[Word] = []
    bare: list[Word] = []
    for word in asked.words:
        found = _TITLED.fullmatch(word.keys[0])
        parts = (
            [_word(part, part) for part in (found["name"], found["title"])]
            if found and found["name"] not in _NO_NAME
            else [word]
        )
        split, bare = [*split, *parts], [*bare, parts[0]]
    if len(split) == len(asked.words):
        return []
    return [replace(asked, words=tuple(words), wholes=_wholes(words)) for words in (split, bare)]


def _parts(text: str) -> Iterator[tuple[Word, bool]]:
    """The words, each with whether it must not match. A word that a sentence's mark cuts is several."""
    for found in _PART.finditer(text):
        written = found["quoted"] or found["hooked"] or found["double"] or found["word"]
        for run in folded_runs(written).split():
            yield _word(written, run), bool(found["without"])


def _word(text: str, folded: str) -> Word:
    bare = unicodedata.normalize("NFKD", text).casefold()
    latin = romaji.fold(text) if _LATIN.fullmatch("".join(s for s in bare if not unicodedata.combining(s))) else ""
    return Word(text=text, keys=_distinct(folded, latin, *_by_sound(folded)), latin=latin)


def _by_sound(folded: str) -> list[str]:
    """The ways to write a word in kana without its marks of long vowels."""
    if LONG_VOWEL not in folded or folded.count(LONG_VOWEL) > _MOST_LONG or not _KANA.fullmatch(folded):
        return []
    vowels = [
        _LONG.get(romaji.from_kana(folded[at - 1 : at])[-1:], "") if at else ""
        for at, sign in enumerate(folded)
        if sign == LONG_VOWEL
    ]
    parts = folded.split(LONG_VOWEL)
    return [
        parts[0] + "".join(vowel + part for vowel, part in zip(chosen, parts[1:], strict=True))
        for chosen in product(*(vowels_here or ("",) for vowels_here in vowels))
    ]


def _wholes(words: Sequence[Word]) -> tuple[str, ...]:
    whole = "".join(word.keys[0] for word in words)
    if not words or not all(word.latin for word in words):
        return _distinct(whole, *(words[0].keys[1:] if len(words) == 1 else ()))
    latin = [word.latin for word in words]
    return _distinct(whole, romaji.fold(" ".join(latin)), romaji.fold(" ".join(reversed(latin))))


def _distinct(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
