"""What a run's rankings can be narrowed by (しぼり込み): for each facet the value of every owner and every pledge."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tsushinbo.elections.models import Election
from tsushinbo.evaluations.queries.columns import Integers, whole
from tsushinbo.people.queries import current_terms
from tsushinbo.pledges.models import Pledge, PolicyArea
from tsushinbo.rankings.models import Facet
from tsushinbo.scoring.method import KINDS, PARTY
from tsushinbo.scoring.tallies import Owners, Tallies

# Those of a term, and those of a pledge.
OF_TERMS = (Facet.OFFICE, Facet.PREFECTURE, Facet.PARTY)
OF_PLEDGES = (Facet.POLICY_AREA, Facet.YEAR)


@dataclass(frozen=True)
class Values:
    """One value each: ``code`` is a position in ``words``, or -1 for none."""

    code: Integers
    words: tuple[str, ...]

    @classmethod
    def of(cls, values: list[str]) -> "Values":
        """Number the values in their own order; "" is none."""
        words = tuple(sorted({value for value in values if value}))
        number = {word: position for position, word in enumerate(words)} | {"": -1}
        return cls(np.array([number[value] for value in values], dtype=np.int64), words)

    def at(self, rows: Integers) -> "Values":
        """The values of these rows; a negative row has none."""
        if not self.code.size:
            return Values(np.full(rows.size, -1, dtype=np.int64), self.words)
        return Values(np.where(rows < 0, -1, self.code[rows]), self.words)

    def positions(self, subjects: Integers) -> Iterator[tuple[str, Integers]]:
        """For each word the positions, from 1 and rising, of those ``subjects`` (rows) whose value it is."""
        code = self.code[subjects]
        order = np.argsort(code, kind="stable")
        ends = np.searchsorted(code[order], np.arange(len(self.words) + 1))
        for number, word in enumerate(self.words):
            yield word, order[ends[number] : ends[number + 1]] + 1


@dataclass(frozen=True)
class Several:
    """Any number of values each: ``has`` says of each of ``words``, in their order, which rows have it."""

    has: NDArray[np.bool_]
    words: tuple[str, ...]

    @classmethod
    def of(cls, values: Values, whose: Integers, rows: int) -> "Several":
        """Gather for each of so many rows what belongs to it: ``whose`` is the row of each value."""
        has = np.zeros((len(values.words), rows), dtype=bool)
        some = values.code >= 0
        has[values.code[some], whose[some]] = True
        return cls(has, values.words)

    def positions(self, subjects: Integers) -> Iterator[tuple[str, Integers]]:
        """For each word the positions, from 1 and rising, of those ``subjects`` (rows) that have it."""
        for word, has in zip(self.words, self.has, strict=True):
            yield word, np.flatnonzero(has[subjects]) + 1


@dataclass(frozen=True)
class Facets:
    """Values by facet, in the order of the owners and of the pledges of a run. gathered: those of all pledges of an owner."""

    owners: dict[Facet, Values]
    gathered: dict[Facet, Several]
    pledges: dict[Facet, Values]

    def digest(self) -> str:
        """The SHA-256 of all values. What is gathered follows from the others."""
        sha = hashlib.sha256()
        for values in (*self.owners.values(), *self.pledges.values()):
            sha.update(json.dumps(values.words).encode())
            sha.update(np.ascontiguousarray(values.code, dtype="<i8").data)
        return sha.hexdigest()


def read_facets(owners: Owners, tallies: Tallies) -> Facets:
    """Read the values for these owners and pledges, both in rising order.

    A person's office, prefecture and party are those of the term that says the office (people.queries.current_terms); who holds none has none. A
    pledge has those of its owner, or the party itself; its topic; and the year of the election it was made for, else of its source. A person or a
    party has the topics and years of all their pledges.
    """
    of_owners, of_pledges = _of_owners(owners), _of_pledges(tallies)
    whose = owners.find(tallies.owner_key)
    return Facets(
        owners=of_owners,
        gathered={facet: Several.of(of_pledges[facet], whose, owners.id.size) for facet in OF_PLEDGES},
        pledges=of_pledges | {facet: of_owners[facet].at(whose) for facet in OF_TERMS},
    )


def _of_owners(owners: Owners) -> dict[Facet, Values]:
    found: dict[int, tuple[str, str, str]] = {}
    rows = current_terms().values_list("politician", "office", "prefecture", "party")
    for politician, office, prefecture, party in rows:
        found.setdefault(politician, (office, prefecture or "", str(party or "")))
    is_party = owners.kind == KINDS.index(PARTY)
    values = [
        ("", "", str(pk)) if party else found.get(pk, ("", "", ""))
        for pk, party in zip(owners.id.tolist(), is_party.tolist(), strict=True)
    ]
    return {facet: Values.of([value[number] for value in values]) for number, facet in enumerate(OF_TERMS)}


def _of_pledges(tallies: Tallies) -> dict[Facet, Values]:
    topics = dict(PolicyArea.objects.order_by("position").values_list("position", "code"))
    years = {pk: int(day[:4] or 0) for pk, day in Election.objects.values_list("pk", "polling_on")}
    table = whole(Pledge, ["id", _POSITION, "COALESCE(election_id, -1)", _SOURCE_YEAR], "published")
    found = np.searchsorted(table[0], tallies.pledge)
    position, election, year = (column[found] for column in table[1:])
    known, where = np.unique(election, return_inverse=True)
    held = np.array([years.get(pk, 0) for pk in known.tolist()], dtype=np.int64)[where] if known.size else year
    return {
        Facet.POLICY_AREA: _numbered(position, topics),
        Facet.YEAR: _numbered(np.where(held > 0, held, year), None),
    }


_POSITION = "(SELECT position FROM pledges_policyarea WHERE code = policy_area_id)"
_SOURCE_YEAR = "CAST(COALESCE(NULLIF(substr(source_on, 1, 4), ''), '0') AS integer)"


def _numbered(numbers: Integers, words: dict[int, str] | None) -> Values:
    """Values that were read as numbers: by their words, or as they are where 0 is none."""
    known, code = np.unique(numbers, return_inverse=True)
    named = [words[number] if words is not None else str(number or "") for number in known.tolist()]
    return Values.of(named).at(code)
