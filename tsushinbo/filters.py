"""Filters of lists: select boxes, what was chosen in them, and what of the query string was not understood."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from tsushinbo import addresses


class Options(tuple[tuple[str, str], ...]):
    """What may be chosen in a box: value and word. The same for many visitors, so what is made of them is made once."""

    @cached_property
    def words(self) -> dict[str, str]:
        """Word by value."""
        return dict(self)

    @cached_property
    def html(self) -> SafeString:
        """The options with nothing chosen."""
        return format_html_join("\n", '<option value="{}">{}</option>', self)

    @classmethod
    def of(cls, options: Iterable[tuple[str, str]]) -> "Options":
        """The same options, with what was made of them before where something was."""
        return options if isinstance(options, cls) else cls(options)


@dataclass
class Field:
    """One select box: what may be chosen and what was. ``as_links``: the page offers the options as links instead."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str = ""
    narrows: bool = True
    as_links: bool = False

    def fresh(self) -> "Field":
        """The same box with nothing chosen, for one visitor. dataclasses.replace takes several times as long."""
        return Field(self.name, self.label, self.options, "", self.narrows, self.as_links)

    @property
    def html(self) -> SafeString:
        """The box with its label, the chosen option selected. A template would take as long over boxes as over the rest of the page."""
        start = f'<option value="{escape(self.chosen)}"'
        options = Options.of(self.options).html.replace(f"{start}>", f"{start} selected>", 1)
        return SafeString(
            f'<div class="field"><label for="f-{self.name}">{escape(self.label)}</label>'
            f'<select id="f-{self.name}" name="{self.name}">{options}</select></div>'
        )

    @property
    def kept(self) -> SafeString:
        """What was chosen, where the page shows no box."""
        value = escape(self.chosen)
        return SafeString(f'<input type="hidden" name="{self.name}" value="{value}">' if value else "")


@dataclass
class Filters:
    """The select boxes of a list. ``refused`` names those whose value was not among the options and is left out."""

    fields: list[Field]
    refused: list[str] = field(default_factory=list)

    def read(self, params: Mapping[str, str]) -> None:
        """Take the values out of a query string."""
        for one in self.fields:
            asked = params.get(one.name, "")
            if asked in Options.of(one.options).words:
                one.chosen = asked
            elif asked:
                self.refused.append(one.label)
            if not one.chosen and not one.narrows:
                one.chosen = one.options[0][0]

    @property
    def html(self) -> SafeString:
        """Every box; of what is offered as links the value alone, so that it stays chosen."""
        return SafeString("\n".join(one.kept if one.as_links else one.html for one in self.fields))

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
            (one.name, one.label, Options.of(one.options).words[one.chosen])
            for one in self.fields
            if one.narrows and one.chosen
        ]


def choice(name: str, label: str, everything: str, options: Iterable[tuple[str, str]]) -> Field:
    """A box that narrows, with ``everything`` as the word for not narrowing."""
    return Field(name, label, Options([("", everything), *((str(value), str(word)) for value, word in options)]))


def order(orders: Mapping[str, str]) -> Field:
    """The box of orders; the first one holds when none is chosen."""
    return Field("order", "並び順", Options((value, f"{word}順") for value, word in orders.items()), narrows=False)


def ids(rows: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    """Options for rows of a table: public ids and words."""
    return [(addresses.encode(pk), word) for pk, word in rows]
