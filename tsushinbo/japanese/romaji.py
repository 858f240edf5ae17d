"""Names in Latin letters: from kana by Hepburn, and any romanisation folded to one form for comparing."""

import re
import unicodedata

from tsushinbo.japanese.kana import LONG_VOWEL, hiragana

_TABLE = """
あ a い i う u え e お o か ka き ki く ku け ke こ ko さ sa し shi す su せ se そ so た ta ち chi つ tsu て te と to
な na に ni ぬ nu ね ne の no は ha ひ hi ふ fu へ he ほ ho ま ma み mi む mu め me も mo や ya ゆ yu よ yo
ら ra り ri る ru れ re ろ ro わ wa ゐ i ゑ e を o ん n が ga ぎ gi ぐ gu げ ge ご go ざ za じ ji ず zu ぜ ze ぞ zo
だ da ぢ ji づ zu で de ど do ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ pe ぽ po ゔ bu
きゃ kya きゅ kyu きょ kyo しゃ sha しゅ shu しょ sho しぇ she ちゃ cha ちゅ chu ちょ cho ちぇ che にゃ nya にゅ nyu にょ nyo
ひゃ hya ひゅ hyu ひょ hyo みゃ mya みゅ myu みょ myo りゃ rya りゅ ryu りょ ryo ぎゃ gya ぎゅ gyu ぎょ gyo
じゃ ja じゅ ju じょ jo じぇ je ぢゃ ja ぢゅ ju ぢょ jo びゃ bya びゅ byu びょ byo ぴゃ pya ぴゅ pyu ぴょ pyo
ふぁ fa ふぃ fi ふぇ fe ふぉ fo ふゅ fyu てぃ ti てゅ tyu でぃ di でゅ dyu とぅ tu どぅ du つぁ tsa つぃ tsi つぇ tse つぉ tso
いぇ ye うぃ wi うぇ we うぉ wo くぁ kwa くぃ kwi くぇ kwe くぉ kwo ぐぁ gwa ゔぁ ba ゔぃ bi ゔぇ be ゔぉ bo
ぁ a ぃ i ぅ u ぇ e ぉ o ゃ ya ゅ yu ょ yo ゎ wa ゕ ka ゖ ga
"""
_SOUNDS = dict(zip(_TABLE.split()[::2], _TABLE.split()[1::2], strict=True))
_SOUND = re.compile(f"(っ?)({'|'.join(sorted(_SOUNDS, key=len, reverse=True))}|{LONG_VOWEL})|.", re.DOTALL)

# Kunrei, Nihon and passport spellings to Hepburn, one after the other; m before b, m, p is n as in kana.
_SPELLINGS = [
    (re.compile(spelling), hepburn)
    for spelling, hepburn in (
        ("[tc]y(?=[auo])", "ch"),
        ("sy(?=[auo])", "sh"),
        ("[zjd]y(?=[auo])", "j"),
        ("si", "shi"),
        ("ti", "chi"),
        ("tu", "tsu"),
        ("[zd]i", "ji"),
        ("dz?u", "zu"),
        ("(?<![csf])hu", "fu"),
        ("tch", "cch"),
        ("m(?=[bmp])", "n"),
    )
]
# Most names are Hepburn already: one look tells.
_ANY_SPELLING = re.compile("|".join(spelling.pattern for spelling, _ in _SPELLINGS))
_NO_LETTER = re.compile("[^a-z]")
_SPACE = re.compile(r"[\s,、・]+")
_ALIKE = str.maketrans("lv", "rb")
_LONG_O = re.compile("o(?:[ou]|h+(?![aiueoh]))+")
_LONG_VOWEL = re.compile(r"([aiue])\1+")


def from_kana(kana: str) -> str:
    """Return kana in Hepburn without macrons, lower case; long vowels keep their kana spelling (おおの: oono, ゆうき: yuuki).

    Whatever is no kana is left out. ん is n before every sound. Example: いしば しげる gives ishibashigeru, はっとり hattori, ほっち hotchi.
    """
    result = ""
    for found in _SOUND.finditer(hiragana(unicodedata.normalize("NFKC", kana))):
        doubled, letters = found[1], _SOUNDS.get(found[2] or "", "")
        if found[2] == LONG_VOWEL and result[-1:] in {*"aiueo"}:
            letters = result[-1]
        if doubled and letters and letters[0] not in "aiueon":
            letters = ("t" if letters.startswith("ch") else letters[0]) + letters
        result += letters
    return result


def fold(text: str) -> str:
    """Return any romanisation of a name in one form for comparing: long vowels short, Kunrei as Hepburn, m before b, p, m as n.

    Words are folded each by itself and joined. Ohno, Ōno, Oono, Ôno, OHNO and ONO all give ono; Zyunko gives junko, Shimbo shinbo, and
    Jun'ichi and Junichi the same. What is no Latin letter is left out.
    """
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)
    words = _SPACE.split(letters)
    return _shorten("".join(_shorten(_hepburn(word)) for word in words))


def fold_kana(kana: str) -> str:
    """Return the folded romaji of a reading: おおの and おうの give ono."""
    return fold(from_kana(kana))


def _hepburn(word: str) -> str:
    letters = _NO_LETTER.sub("", word)
    if not _ANY_SPELLING.search(letters):
        return letters
    for spelling, hepburn in _SPELLINGS:
        letters = spelling.sub(hepburn, letters)
    return letters


def _shorten(letters: str) -> str:
    return _LONG_VOWEL.sub(r"\1", _LONG_O.sub("o", letters))
