"""Filters of lists: select boxes, what was chosen in them, and what of the query string was not understood."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from tsushinbo import addresses


@dataclass
class Field:
    """One select box: what may be chosen and what was. ``as_links``: the page offers the options as links instead."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str = ""
    narrows: bool = True
    as_links: bool = False

    @property
    def html(self) -> SafeString:
        """The box with its label, the chosen option selected. A template would take as long over boxes as over the rest of the page."""
        text = _box_html(self.name, self.label, tuple(self.options))
        start = f'<option value="{escape(self.chosen)}"'
        return SafeString(text.replace(f"{start}>", f"{start} selected>", 1))


@lru_cache(maxsize=64)
def _box_html(name: str, label: str, options: tuple[tuple[str, str], ...]) -> SafeString:
    """The box with nothing chosen."""
    choices = format_html_join("\n", '<option value="{}">{}</option>', options)
    return format_html(
        '<div class="field"><label for="f-{}">{}</label><select id="f-{}" name="{}">{}</select></div>',
        *(name, label, name, name, choices),
    )


@dataclass
class Filters:
    """The select boxes of a list. ``refused`` names those whose value was not among the options and is left out."""

    fields: list[Field]
    refused: list[str] = field(default_factory=list)

    def read(self, params: Mapping[str, str]) -> None:
        """Take the values out of a query string."""
        for one in self.fields:
            asked = params.get(one.name, "")
            if asked in {value for value, _ in one.options}:
                one.chosen = asked
            elif asked:
                self.refused.append(one.label)
            if not one.chosen and not one.narrows:
                one.chosen = one.options[0][0]

    def value(self, name: str) -> str | None:
        """The value chosen in a box, None when it does not narrow."""
        return next(one.chosen for one in self.fields if one.name == name) or None

    def number(self, name: str) -> int | None:
        """The id chosen in a box."""
        chosen = self.value(name)
        return None if chosen is None else addresses.decode(chosen)

    @property
    def active(self) -> list[tuple[str, str, str]]:
        """The boxes that narrow the list now: name, label and the word chosen."""
        return [
            (one.name, one.label, dict(one.options)[one.chosen]) for one in self.fields if one.narrows and one.chosen
        ]


def choice(name: str, label: str, everything: str, options: Iterable[tuple[str, str]]) -> Field:
    """A box that narrows, with ``everything`` as the word for not narrowing."""
    return Field(name, label, [("", everything), *((str(value), str(word)) for value, word in options)])


def order(orders: Mapping[str, str]) -> Field:
    """The box of orders; the first one holds when none is chosen."""
    return Field("order", "並び順", [(value, f"{word}順") for value, word in orders.items()], narrows=False)


def ids(rows: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    """Options for rows of a table: public ids and words."""
    return [(addresses.encode(pk), word) for pk, word in rows]
