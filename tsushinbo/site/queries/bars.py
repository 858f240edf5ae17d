"""Charts of horizontal bars as numbers, one row under the other so that they fit a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

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

    @property
    def html(self) -> SafeString:
        """One picture with its text, and the same numbers as a table. A template takes ten times as long: pages of results hold four of them."""
        key, title = escape(self.key), escape(self.title)
        drawn = "".join(
            f'<text class="f-text" x="0" y="{bar.words_y}">{escape(bar.short)}</text>'
            f'<text class="f-text" x="100%" y="{bar.words_y}" text-anchor="end">{escape(bar.words)}</text>'
            f'<rect class="f-rule" x="0" y="{bar.bar_y}" width="100%" height="12"/>'
            f'<rect class="f-ink" x="0" y="{bar.bar_y}" width="{bar.width}%" height="12"/>'
            for bar in self.bars
        )
        rows = "".join(
            f'<tr><td>{escape(bar.name)}</td><td class="r">{escape(bar.words)}</td></tr>' for bar in self.bars
        )
        return SafeString(
            f'<figure class="gap"><figcaption><b>{title}</b></figcaption>'
            f'<svg class="half" width="100%" height="{self.height}" role="img" aria-labelledby="bt-{key} bd-{key}">'
            f'<title id="bt-{key}">{title}</title><desc id="bd-{key}">{escape(self.description)}</desc>\n{drawn}\n</svg></figure>\n'
            f'<details><summary>{title}を表で見る</summary><table class="tbl"><caption class="vh">{title}</caption><thead><tr>'
            f'<th scope="col">{escape(self.what)}</th><th scope="col" class="r">{escape(self.of)}</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></details>"
        )


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
