"""One form for comparing names and words, whatever the spelling: width, case, kana, old and variant kanji.

The same folding serves writing (columns called ``folded``) and reading (what a visitor typed), so the two always meet. Nearly every
character is folded by itself, so that what stands inside a text stands inside its folded form too; 々 ゝ and ヶ look at the one before.
tables/variants.tsv comes from the official lists (scripts/make_variants.py), tables/names.tsv is kept by hand.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from tsushinbo.japanese.kana import hiragana

TABLES = Path(__file__).parent / "tables"

# Signs that a name or a word is compared without, beside punctuation; and the marks among it that carry meaning of their own.
_DROPPED_SIGNS = "=~−`ʼʻ\u115f\u1160\u2800"
_KEPT_MARKS = "%&#@/"
# Small kana were long written large, in official papers most of all: ジュン and ジユン, 三ッ林 and 三ツ林.
_ALIKE = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゔゐゑをぢづケ", "あいうえおつやゆよわかぶいえおじずけ")
_VOICED = dict(zip("かきくけこさしすせそたちつてとはひふへほ", "がぎぐげござじずぜぞだぢづでどばびぶべぼ", strict=True))

_HAN = "\u2e80-\u2fdf\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANJI = re.compile(f"[{_HAN}]")
_REPEATED_KANJI = re.compile(f"([{_HAN}])([々〻]+)")
_REPEATED_KANA = re.compile("([ぁ-ゖ])([ゝゞ]+)")
# ヶ, and a large ケ between kanji, is read か after a number (三ヶ月, 5ケ所), else が (霞ヶ関, 龍ケ崎).
_KE = re.compile(f"(?P<number>(?<=[0-9〇一二三四五六七八九十百千万数何幾]))?(?:[ゖヶ]|(?<=[0-9{_HAN}])ケ(?=[{_HAN}]))")


@cache
def variants() -> dict[str, str]:
    """Variant kanji → the kanji it is compared as, which is no variant itself."""
    pairs: dict[str, str] = {}
    for name in ("variants.tsv", "names.tsv"):
        for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                standard, written = line.split("\t")
                pairs |= dict.fromkeys(written, standard)
    # names.tsv joins one standard kanji with another: 齊 is 斉 in the official list, and 斉 is compared as 斎.
    return {variant: pairs.get(standard, standard) for variant, standard in pairs.items()}


@cache
def _signs() -> dict[int, str | None]:
    """What a character becomes by itself, None for nothing; characters that stay are left out."""
    table: dict[int, str | None] = {}
    # Planes 2 to 13 hold kanji or nothing, 15 and 16 private signs: all of them stay.
    for code in (*range(0x20000), *range(0xE0000, 0xE0200)):
        sign = chr(code)
        category = unicodedata.category(sign)
        # Cc, Cf: control and format signs, marks of direction. Cs: halves of a character. Mn: stacked marks, variation selectors. Z: spaces.
        if (
            category in {"Cc", "Cf", "Cs", "Mn"}
            or category[0] == "Z"
            or (category[0] == "P" and sign not in _KEPT_MARKS)
        ):
            table[code] = None
    table |= dict.fromkeys(map(ord, _DROPPED_SIGNS))
    table |= {ord(variant): standard for variant, standard in variants().items()}
    return table


def _repeat_kanji(found: re.Match[str]) -> str:
    return found[1] * (1 + len(found[2]))


def _repeat_kana(found: re.Match[str]) -> str:
    letters = found[1]
    for mark in found[2]:
        letters += _VOICED.get(letters[-1], letters[-1]) if mark == "ゞ" else letters[-1]
    return letters


def fold(text: str) -> str:
    """Return the form in which names and words are compared.

    NFKC, lower case, katakana as hiragana, small kana as large, ゐゑをぢづ by sound, old and variant kanji as one, 々 and ゝ written out, without
    spaces, punctuation and invisible signs. Folding twice changes nothing more. At most 18 times as long as the text (a ligature of NFKC).
    Examples: 齋藤 and 斉藤 give 斎藤, 佐々木 gives 佐佐木, 霞ヶ関 gives 霞が関, ラサール gives らさーる, Ｔａｎａｋａ gives tanaka.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_signs())
    folded = _REPEATED_KANJI.sub(_repeat_kanji, folded)
    folded = _KE.sub(lambda found: "が" if found["number"] is None else "か", folded)
    folded = _REPEATED_KANA.sub(_repeat_kana, hiragana(folded)).translate(_ALIKE)
    # Signs that met only when one between them was dropped may be written as one.
    return unicodedata.normalize("NFKC", folded)


def has_kanji(text: str) -> bool:
    """Tell whether any character is a kanji."""
    return _KANJI.search(text) is not None
