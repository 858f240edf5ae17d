"""Make tsushinbo/japanese/tables/variants.tsv: the old forms (旧字体) and radicals that are written for a standard kanji.

Run as ``uv run --no-project --with joyokanji==1.1.0 scripts/make_variants.py`` on a machine with Debian's package ``unicode-data``. Sources:

- 常用漢字表 (内閣告示): the forms in brackets, as the package joyokanji lists them and as Unihan's field kJoyoKanji does;
- 人名用漢字 (戸籍法施行規則 別表第二): the forms allowed for names, from Unihan's field kJinmeiyoKanji;
- EquivalentUnifiedIdeograph: radicals that text copied out of PDF files holds in place of kanji (⻑ for 長, ⺠ for 民).

Unihan's semantic variants are not used: they also join different words (鍼 and 針, 麴 and 曲, 御 and 禦). What families and offices treat
as one beyond the official lists stands in tables/names.tsv, by hand.
"""

import bz2
import json
import re
import unicodedata
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

UNICODE = Path("/usr/share/unicode")
TABLE = Path(__file__).parents[1] / "tsushinbo" / "japanese" / "tables" / "variants.tsv"
HEADER = """\
# Made by scripts/make_variants.py: the standard kanji, then the old forms and radicals compared as it.
# Sources: 常用漢字表 and 人名用漢字 by way of Unihan (Unicode licence) and joyokanji (Apache-2.0); EquivalentUnifiedIdeograph (Unicode licence).
"""
# In the 常用漢字表 and in neither machine-readable source.
LEFT_OUT_BY_THE_SOURCES = {"龜": "亀", "辨": "弁", "瓣": "弁", "辯": "弁", "廳": "庁", "曾": "曽"}


def official_lists() -> dict[str, dict[str, str]]:
    """kJoyoKanji and kJinmeiyoKanji, each character → value."""
    table: dict[str, dict[str, str]] = {"kJoyoKanji": {}, "kJinmeiyoKanji": {}}
    with bz2.open(UNICODE / "Unihan_OtherMappings.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+"):
                code, field, value = line.rstrip("\n").split("\t")
                if field in table:
                    table[field][chr(int(code[2:], 16))] = value
    return table


def standard_kanji(lists: dict[str, dict[str, str]]) -> set[str]:
    """Every character that one of the lists gives as it is to be written."""
    return {sign for one in lists.values() for sign, value in one.items() if "U+" not in value}


def official_pairs(lists: dict[str, dict[str, str]]) -> dict[str, str]:
    """Old form → standard form of both lists."""
    standard = standard_kanji(lists)
    pairs = dict(LEFT_OUT_BY_THE_SOURCES)
    pairs |= json.loads((files("joyokanji") / "config" / "kanji.json").read_text(encoding="utf-8"))
    for one in lists.values():
        for sign, value in one.items():
            for code in re.findall(r"U\+([0-9A-F]+)", value):
                # 常用漢字 rows name an allowed variant of the standard; 人名用漢字 rows name the standard of a variant.
                other = chr(int(code, 16))
                variant, target = (other, sign) if sign in standard else (sign, other)
                pairs[variant] = target
    return pairs


def radicals() -> dict[str, str]:
    """Radical → kanji, for CJK Radicals Supplement; NFKC knows the older Kangxi Radicals."""
    pairs = {}
    for line in (UNICODE / "EquivalentUnifiedIdeograph.txt").read_text(encoding="utf-8").splitlines():
        if row := re.match(r"(2E[0-9A-F]{2})(?:\.\.(2E[0-9A-F]{2}))?\s*;\s*([0-9A-F]+)", line):
            first, last = int(row[1], 16), int(row[2] or row[1], 16)
            pairs |= {chr(code): chr(int(row[3], 16)) for code in range(first, last + 1)}
    return pairs


def main() -> None:
    """Write the table, one ``standard<TAB>variants`` a line, without what NFKC folds anyway."""
    lists = official_lists()
    standard = standard_kanji(lists)
    joined = {_nfkc(variant): _nfkc(target) for variant, target in official_pairs(lists).items()}
    # Parts of kanji and simplified Chinese forms stay as they are: nobody writes a word with them.
    joined |= {sign: kanji for sign, kanji in radicals().items() if kanji in standard and _nfkc(sign) == sign}
    classes: dict[str, list[str]] = defaultdict(list)
    for variant, target in sorted(joined.items()):
        if variant != target:
            classes[target].append(variant)
    rows = [f"{target}\t{''.join(variants)}\n" for target, variants in sorted(classes.items())]
    TABLE.write_text(HEADER + "".join(rows), encoding="utf-8")
    print(f"{sum(map(len, classes.values()))} variants of {len(classes)} standard characters")


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


if __name__ == "__main__":
    main()
