"""Charts of horizontal bars as numbers, one row under the other so that they fit a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

# Pixels of a row, from the line of words to the bar, and how many signs of a name fit beside a number on the narrowest phone.
ROW, TO_WORDS, TO_BAR = 44, 16, 22
SIGNS = 11


@dataclass(frozen=True)
class Bar:
    """One row: whose, the value in words, and the rectangle; ``short`` is the name as it fits."""

    name: str
    short: str
    words: str
    width: str
    words_y: int
    bar_y: int


@dataclass(frozen=True)
class Bars:
    """The chart. ``what``: the heading of the names; ``of``: that of the values."""

    key: str
    title: str
    what: str
    of: str
    bars: list[Bar]

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return ROW * len(self.bars)

    @property
    def description(self) -> str:
        """All of it in one sentence."""
        return "、".join(f"{bar.name} {bar.words}" for bar in self.bars) + "。"


def bars(key: str, title: str, heads: tuple[str, str], rows: Sequence[tuple[str, float, str]], full: float = 0) -> Bars:
    """Lay out ``rows`` of name, value and the value in words. ``full``: the value of a whole width; 0: the greatest one."""
    whole = full or max((value for _, value, _ in rows), default=0) or 1
    laid = [
        Bar(
            name=name,
            short=name if len(name) <= SIGNS else f"{name[:SIGNS]}…",
            words=words,
            width=f"{value / whole * 100:.2f}",
            words_y=number * ROW + TO_WORDS,
            bar_y=number * ROW + TO_BAR,
        )
        for number, (name, value, words) in enumerate(rows)
    ]
    return Bars(key, title, *heads, laid)
