"""Which candidate on record a row means. Inside one contest the number or the name tells; which politician that is, an id or a person alone."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tsushinbo.elections.counting import Result
from tsushinbo.elections.models import OFFICIAL_ORDER, Candidacy
from tsushinbo.importers.counts.cells import Own, public_ids, shown
from tsushinbo.importers.known import Known
from tsushinbo.importers.matching import identified
from tsushinbo.importers.refusals import Refused
from tsushinbo.japanese.folding import fold
from tsushinbo.people.models import Politician, Tier

# What a file may fill in or correct of a candidate on record; its name stays as it is.
FACTS = (
    "number", "politician_id", "party_id", "name_on_ballot", "kana", "age", "status", "occupation", "endorsements", "list_rank", "dual",
)  # fmt: skip


class NewCandidacy(NamedTuple):
    """A candidacy that is put on record with its result."""

    contest_id: int
    key: str
    number: int | None
    politician_id: int | None
    party_id: int | None
    name: str
    name_on_ballot: str
    kana: str
    age: int | None
    status: str
    occupation: str
    endorsements: str
    votes: Decimal | int | None
    list_rank: int | None
    dual: bool
    elected: bool | None
    elected_from_list: bool


class Facts(NamedTuple):
    """The columns of FACTS."""

    number: int | None
    politician_id: int | None
    party_id: int | None
    name_on_ballot: str
    kana: str
    age: int | None
    status: str
    occupation: str
    endorsements: str
    list_rank: int | None
    dual: bool


@dataclass(slots=True)
class Stored:
    """A candidacy on record."""

    pk: int
    name: str
    facts: Facts
    result: Result


class Person(NamedTuple):
    """A row that was understood: ``stored`` is who it means, None for somebody new."""

    line: int
    own: Own
    facts: Facts
    result: Result
    stored: Stored | None


def stored_in(contests: Collection[int]) -> dict[int, list[Stored]]:
    """The candidacies of contests on record, in official order."""
    found: dict[int, list[Stored]] = defaultdict(list)
    rows = Candidacy.objects.filter(contest__in=contests).order_by("contest", *OFFICIAL_ORDER)
    for contest, pk, name, *rest in rows.values_list("contest", "pk", "name", *FACTS, *Result._fields).iterator(5_000):
        facts = len(FACTS)
        found[contest].append(Stored(pk, name, Facts(*rest[:facts]), Result(*rest[facts:])))
    return found


def people_called(values: Collection[str]) -> dict[str, int]:
    """The politicians meant by ids: those of the sources, and those that pages show in their addresses (of a merged one, who it became)."""
    addressed = public_ids(values)
    rows = Politician.objects.filter(pk__in=set(addressed.values())).values_list("pk", "merged_into")
    known = {pk: merged_into or pk for pk, merged_into in rows} if addressed else {}
    return {**{text: known[pk] for text, pk in addressed.items() if pk in known}, **identified(values)}


class Candidates:
    """Those of one contest: on record, and by the rows that came before. Raises ``Refused`` with the code of a column."""

    def __init__(self, tier: str, stored: Collection[Stored], known: Known, people: Mapping[str, int]) -> None:
        self._of_list = tier == Tier.PROPORTIONAL
        self._known, self._people = known, people
        self.stored = list(stored)
        self._by_number = {one.facts.number: one for one in self.stored if one.facts.number and not self._of_list}
        self._by_name: dict[str, list[Stored]] = defaultdict(list)
        for one in self.stored:
            for name in {self._fold(one.name), self._fold(one.facts.name_on_ballot)} - {""}:
                self._by_name[name].append(one)
        self._numbers: dict[int, int] = {}
        self._names: dict[tuple[str, int | None], list[tuple[int, int | None]]] = {}
        self._meant: dict[int, int] = {}

    @staticmethod
    def _fold(name: str) -> str:
        return fold(name) if name else ""

    def party(self, own: Own) -> int | None:
        """The party that a row names; None when it names none."""
        if not own.party:
            return None
        found = self._known.parties.get(own.party) or self._known.parties.get(fold(own.party))
        if found is None:
            raise Refused(
                "party",
                f"「{shown(own.party)}」は登録のない党派です。政党の表（parties）で登録するか、登録のある名前で書いてください",
            )
        return found

    def read(self, line: int, own: Own) -> Person:
        """Who a row means."""
        party = self.party(own)
        if own.list_seats is not None:
            raise Refused("list_seats", "候補者の行には書けません。候補者名を空にした名簿の行に書いてください")
        if own.number and not self._of_list:
            if earlier := self._numbers.get(own.number):
                raise Refused("number", f"届出番号{own.number}は、同じ選挙区の{earlier}行目にもあります")
            self._numbers[own.number] = line
        stored = self._stored(own, party) if self.stored else None
        # Two of one name are told apart by their numbers, on lists by their parties.
        same = (own.name, party if self._of_list else None)
        seen = self._names.setdefault(same, [])
        earlier = next((at for at, number in seen if self._of_list or not number or not own.number), None)
        if earlier := earlier or (self._meant.get(stored.pk) if stored else None):
            raise Refused("name", f"「{shown(own.name)}」は、同じ選挙区の{earlier}行目にもあります")
        seen.append((line, own.number))
        if stored:
            self._meant[stored.pk] = line
        politician = self._politician(own, stored)
        result = Result(own.votes, own.elected, bool(own.elected_from_list))
        facts = Facts(
            own.number, politician, party, own.name_on_ballot, own.kana, own.age, own.status, own.occupation, own.endorsements, own.list_rank,
            bool(own.dual),
        )  # fmt: skip
        if stored is None:
            return Person(line, own, facts, result, None)
        merged = Facts._make(new or old for new, old in zip(facts, stored.facts, strict=True))
        if own.dual is not None:
            merged = merged._replace(dual=own.dual)
        before = stored.result
        result = Result(
            before.votes if own.votes is None else own.votes,
            *((before.elected, before.elected_from_list) if own.elected is None else result[1:]),
        )
        return Person(line, own, merged, result, stored)

    def _stored(self, own: Own, party: int | None) -> Stored | None:
        by_number = self._by_number.get(own.number) if own.number else None
        folded = {self._fold(own.name), self._fold(own.name_on_ballot)} - {""}
        named = {one.pk: one for name in folded for one in self._by_name.get(name, ())}
        if self._of_list and party:
            named = {pk: one for pk, one in named.items() if one.facts.party_id in (None, party)}
        if by_number:
            if by_number.pk not in named:
                raise Refused(
                    "name", f"「{shown(own.name)}」ですが、登録では届出番号{own.number}は「{by_number.name}」です"
                )
            return by_number
        if own.number:
            named = {pk: one for pk, one in named.items() if not one.facts.number or self._of_list}
        if len(named) > 1:
            raise Refused(
                "number", f"同じ選挙区に「{shown(own.name)}」が{len(named)}人います。届出番号で区別してください"
            )
        found = next(iter(named.values()), None)
        if found is None and own.number and any(self._by_name.get(name) for name in folded) and not self._of_list:
            other = next(one for name in folded for one in self._by_name.get(name, ()))
            raise Refused("number", f"{own.number}ですが、登録では「{other.name}」の届出番号は{other.facts.number}です")
        return found

    def _politician(self, own: Own, stored: Stored | None) -> int | None:
        if not own.person_id:
            return None
        found = self._people.get(own.person_id)
        if found is None:
            raise Refused(
                "person_id", f"「{shown(own.person_id)}」は登録のない政治家IDです。分からないときは空にしてください"
            )
        if stored and stored.facts.politician_id not in (None, found):
            raise Refused(
                "person_id", f"「{shown(own.person_id)}」ですが、この候補者は別の政治家として登録されています"
            )
        return found
