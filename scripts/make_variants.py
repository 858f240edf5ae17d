"""Make tsushinbo/japanese/tables/variants.tsv: which kanji are written for the same standard one.

Reads the Unicode Han database as Debian's package ``unicode-data`` installs it (Unihan, Unicode licence). A character is mapped to a
standard one (常用漢字 or 人名用漢字) by the Japanese government's own pairs first, then by Unihan's semantic, z- and traditional variants,
and only where exactly one standard character is reached: two standard characters are never made one here.
Spellings that families and offices treat as one but Unihan does not join stand in tables/names.tsv, by hand.
"""

import bz2
import re
from collections import defaultdict
from pathlib import Path

UNIHAN = Path("/usr/share/unicode")
TABLE = Path(__file__).parents[1] / "tsushinbo" / "japanese" / "tables" / "variants.tsv"
FIELDS = ("kSemanticVariant", "kZVariant", "kTraditionalVariant")


def read(name: str) -> dict[str, dict[str, str]]:
    """Field → character → value of one Unihan file."""
    table: dict[str, dict[str, str]] = defaultdict(dict)
    with bz2.open(UNIHAN / f"{name}.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+"):
                code, field, value = line.rstrip("\n").split("\t")
                table[field][chr(int(code[2:], 16))] = value
    return table


def characters(value: str) -> list[str]:
    """Every character that a Unihan value names."""
    return [chr(int(code, 16)) for code in re.findall(r"U\+([0-9A-F]+)", value)]


def main() -> None:
    """Write the table, sorted, one ``variant<TAB>standard`` a line."""
    mappings, variants, sources = read("Unihan_OtherMappings"), read("Unihan_Variants"), read("Unihan_IRGSources")
    official = [mappings["kJoyoKanji"], mappings["kJinmeiyoKanji"]]
    standard = {sign for table in official for sign, value in table.items() if "U+" not in value}
    japanese = set(sources["kIRG_JSource"])
    chosen: dict[str, str] = {}
    for table in official:
        for sign, value in table.items():
            for other in characters(value):
                # 常用漢字 rows name an allowed variant of the standard; 人名用漢字 rows name the standard of a variant.
                variant, target = (other, sign) if sign in standard else (sign, other)
                if variant not in standard:
                    chosen[variant] = target
    neighbours: dict[str, set[str]] = defaultdict(set)
    for field in FIELDS:
        for sign, value in variants[field].items():
            for other in characters(value):
                if sign in japanese and other in japanese:
                    neighbours[sign].add(other)
                    neighbours[other].add(sign)
    for sign in sorted(neighbours):
        if sign in standard or sign in chosen:
            continue
        reached = {chosen.get(other, other) for other in neighbours[sign]} & standard
        if len(reached) == 1:
            chosen[sign] = reached.pop()
    TABLE.write_text("".join(f"{variant}\t{target}\n" for variant, target in sorted(chosen.items())), encoding="utf-8")
    print(f"{len(chosen)} variants of {len(set(chosen.values()))} standard characters")


if __name__ == "__main__":
    main()
