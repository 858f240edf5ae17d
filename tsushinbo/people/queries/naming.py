"""Politicians as a list names them: name, reading, office, seat and party, in one statement however many they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.people.facts import spaced
from tsushinbo.people.models import Office, Politician, Term, office_name
from tsushinbo.people.words import introduction, seat_words
from tsushinbo.prepared import Prepared, in_places, places

PERSON = ("id", "name", "family_name", "given_name", "kana")
# What is read of the term to name them by; ``Named.from_row`` takes it in this order.
OF_TERM = (
    "office", "running", "tier", "ends_on", "as_of", "area__name", "prefecture__name", "constituency__name", "party__name", "group__name",
)  # fmt: skip
# The term that says a person's office comes first, by the same rule as in ``current_terms``.
OFFICE_ORDER = Case(*(When(terms__office=office.value, then=Value(n)) for n, office in enumerate(Office)))
TERM_ORDER = ("-terms__running", "-terms__starts_on", OFFICE_ORDER, "terms__key")
# A statement has places for so many people, of which the smallest that is enough is asked.
SIZES = (4, 12, 60)


@dataclass(frozen=True, slots=True)
class Named:
    """A politician in a list. ``introduced`` is the office as the record allows it to be said, ``side`` the party, or the group where no party is known."""

    pk: int
    name: str
    spaced_name: str
    kana: str
    introduced: str = ""
    seat: str = ""
    side: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The report card."""
        return addresses.page("site:politician", self.pk)

    @classmethod
    def of(cls, term: Term) -> Self:
        """Who serves a term, named by it. The term is read with its politician and the names of its places."""
        person = term.politician
        names = [
            one.name if one else None for one in (term.area, term.prefecture, term.constituency, term.party, term.group)
        ]
        return cls.from_row(
            timezone.localdate().isoformat(), person.pk, person.name, person.family_name, person.given_name, person.kana,
            term.office, term.running, term.tier, term.ends_on, term.as_of, *names,
        )  # fmt: skip

    @classmethod
    def from_row(
        cls, today: str, pk: int, name: str, family: str, given: str, kana: str, office: str | None, running: bool, tier: str, ends_on: str, as_of: str,
        area: str | None, prefecture: str | None, constituency: str | None, party: str | None, group: str | None,
    ) -> Self:  # fmt: skip
        """From the columns PERSON and OF_TERM as a database gives them; all of the term are None for who never served. today: ISO."""
        called = spaced(name, family, given)
        if office is None:
            return cls(pk, name, called, kana)
        held = office_name(Office(office), area or "", prefecture or "")
        said = introduction(held, running=bool(running), ends_on=ends_on, as_of=as_of, today=today)
        return cls(pk, name, called, kana, said, seat_words(constituency or "", tier), party or group or "")


def named(ids: Sequence[int]) -> list[Named]:
    """The politicians of ``ids`` in that order, without those merged into another. One query for each sixty."""
    today = timezone.localdate().isoformat()
    found: dict[int, Named] = {}
    for start in range(0, len(ids), SIZES[-1]):
        some = ids[start : start + SIZES[-1]]
        size = next(size for size in SIZES if size >= len(some))
        for row in _statement(size).rows(in_places(places(size), some)):
            if row[0] not in found:
                found[row[0]] = Named.from_row(today, *row)
    return [found[pk] for pk in ids if pk in found]


@cache
def _statement(size: int) -> Prepared:
    def write() -> QuerySet[Any, Any]:
        people = Politician.objects.filter(merged_into=None, pk__in=places(size))
        return people.order_by("pk", *TERM_ORDER).values_list(*PERSON, *(f"terms__{name}" for name in OF_TERM))

    return Prepared(write)
