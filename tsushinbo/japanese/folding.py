"""One form for comparing names and words, whatever the spelling: width, case, kana, old and variant kanji.

The same folding serves writing (columns called ``folded``) and reading (what a visitor typed), so the two always meet.
tables/variants.tsv comes from Unihan (scripts/make_variants.py), tables/names.tsv is kept by hand.
"""

import unicodedata
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"

# Katakana ァ … ヶ lie 0x60 above their hiragana; small ヵ ヶ are read as か け in names and places.
_KANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)} | {ord("ヵ"): "か", ord("ヶ"): "け", ord("ケ"): "け"}
_SAME_SOUND = {"ゐ": "い", "ゑ": "え", "を": "お", "ヴ": "ぶ", "ぢ": "じ", "づ": "ず"}
_DROPPED = {ord(sign): None for sign in "・･·•‧.,、。'’ʼ\"“”「」『』()（）[]【】=＝-‐‑‒–—―−~〜"}
_LONG = ord("ー")


def _read(name: str) -> dict[str, str]:
    pairs = {}
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            variant, standard = line.split("\t")
            # The input is NFKC first, so a compatibility ideograph is seen as what that makes of it.
            variant, standard = unicodedata.normalize("NFKC", variant), unicodedata.normalize("NFKC", standard)
            if variant != standard:
                pairs[variant] = standard
    return pairs


@cache
def variants() -> dict[str, str]:
    """Variant kanji → the kanji it is compared as; applying it twice changes nothing more."""
    pairs = _read("variants.tsv") | _read("names.tsv")

    def end(sign: str) -> str:
        seen = {sign}
        while (following := pairs.get(sign)) and following not in seen:
            seen.add(following)
            sign = following
        return sign

    return {variant: end(variant) for variant in pairs if end(variant) != variant}


@cache
def _table() -> dict[int, int | str | None]:
    table: dict[int, int | str | None] = {ord(variant): standard for variant, standard in variants().items()}
    table |= _KANA
    table |= {ord(sign): to for sign, to in _SAME_SOUND.items()}
    table |= {code: ord(_SAME_SOUND[chr(to)]) for code, to in _KANA.items() if isinstance(to, int) and chr(to) in _SAME_SOUND}
    return table | _DROPPED


def fold(text: str) -> str:
    """Return the form in which names and words are compared.

    NFKC, lower case, katakana as hiragana, ゐゑをぢづ by sound, old and variant kanji as one, without spaces, dots, quotes, brackets, hyphens
    and invisible signs. Folding twice changes nothing more. Examples: 齋藤 and 斉藤 give 斎藤, ヴァイオリン gives ぶぁいおりん, Ｔａｎａｋａ gives tanaka.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = unicodedata.normalize("NFKC", folded).translate(_table())
    # Cc, Cf, Cs, Co, Cn: control and format signs, marks of direction, lone surrogates. Z: every kind of space. Mn: stacked marks, variation selectors.
    kept = (sign for sign in folded if unicodedata.category(sign)[0] not in "CZ" and unicodedata.category(sign) != "Mn")
    return "".join(kept)


def has_kanji(text: str) -> bool:
    """Tell whether any character is a Han ideograph."""
    return any("CJK" in unicodedata.name(sign, "") for sign in text)
