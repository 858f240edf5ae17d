"""What of a politician can be corrected (訂正), fact by fact: under which key it is kept, and how it is read and written.

A key is ``name``, ``kana``, ``birth_year``, ``link:`` with the address that is replaced (none: a new one), or ``term:`` with the key of the term and the
column. Values are text: a name and its reading with a space between family and given name, a party by its id, ``running`` as yes or no.
"""

from dataclasses import dataclass
from typing import NamedTuple

TERM = "term:"
LINK = "link:"
YES, NO = "yes", "no"
TERM_COLUMNS = {
    "party_id": "政党",
    "starts_on": "就任の日",
    "ends_on": "任期の終わり",
    "running": "在任",
    "times_elected": "当選回数",
}


@dataclass(frozen=True)
class Fact:
    """One fact as it stands: its key, the name of its field in a form, its label, its value, and as a reader reads it."""

    key: str
    field: str
    label: str
    value: str
    shown: str

    @property
    def column(self) -> str:
        """Which kind of fact it is: name, kana, birth_year, link, or the column of a term."""
        return self.key.rpartition(":")[2] if self.key.startswith(TERM) else self.key.partition(":")[0]


class Name(NamedTuple):
    """A name or reading in its two parts; ``given`` is empty where it is not split."""

    family: str
    given: str

    @property
    def whole(self) -> str:
        """Without the space."""
        return self.family + self.given

    @property
    def parts(self) -> tuple[str, str]:
        """The two columns of a politician, which are empty where the name is not split."""
        return (self.family, self.given) if self.given else ("", "")


def split(text: str) -> Name:
    """Read a name written with a space between its parts. Example: 「見本 太郎」 gives 見本 and 太郎, 「見本太郎」 is not split."""
    first, *rest = text.split()
    return Name(first, "".join(rest))


def spaced(whole: str, family: str, given: str) -> str:
    """Write a name with a space between its parts where both are known."""
    return f"{family} {given}" if family and given else whole


def term_key(term: str, column: str) -> str:
    """The key of one column of a term."""
    return f"{TERM}{term}:{column}"


def of_term(key: str) -> tuple[str, str]:
    """The term and the column that a key names. Terms' own keys hold colons too."""
    term, _, column = key.removeprefix(TERM).rpartition(":")
    return term, column
