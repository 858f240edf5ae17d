"""Which single-seat districts (小選挙区) a municipality lies in, by the law that draws them (公職選挙法 別表第一).

tables/single_seat_2024.tsv lists for each district of the boundaries first used in 2024 the municipalities and wards that lie in it, in whole or
in part, by the first five digits of their codes. One that stands in several districts is split among them; where the line runs inside of it
(streets, areas of branch offices) is not in the table, so nobody is told more than which districts it may be.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

BOUNDARIES = "2024"
TABLE = Path(__file__).parent / "tables" / f"single_seat_{BOUNDARIES}.tsv"


@cache
def municipalities() -> Mapping[str, tuple[str, ...]]:
    """For each district by its name the codes (five digits) of what lies in it, in whole or in part."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return {name: tuple(codes.split(" ")) for name, codes in rows}


@cache
def _districts() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, codes in municipalities().items():
        for code in codes:
            found[code].append(name)
    return {code: tuple(names) for code, names in found.items()}


def districts_of(code: str) -> tuple[str, ...]:
    """The names of the districts that a municipality or ward (code of five or six digits) lies in, by their numbers; none where the table does not say.

    Example: 131113 (大田区) gives 東京都第4区 and 東京都第26区.
    """
    return _districts().get(code[:5], ())
