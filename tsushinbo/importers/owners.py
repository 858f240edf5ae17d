"""Whose a pledge is, when a table names a person."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Q

from tsushinbo.addresses import derived_id
from tsushinbo.elections.models import Candidacy
from tsushinbo.importers.matching import PERSON_ID, Matcher, Profile, folded_names, identified, profiles, read_as
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.services import Doubt, ask_for_matching, record_doubts
from tsushinbo.importers.tables.base import Batch
from tsushinbo.people.services import PersonFact, keep_people
from tsushinbo.people.services.politicians import fold

CANDIDATE = "candidate"


class PledgeOwner(NamedTuple):
    """A party by its id, or a person by the source's id or, where it gives none, by the name used at an election."""

    party: int | None = None
    person_id: str = ""
    name: str = ""
    election: str = ""

    @property
    def candidate(self) -> str:
        """The outside id of somebody who is known as a candidate only. Example: 安野たかひろ@2024年東京都知事選挙."""
        return f"{self.name}@{self.election}"[:120]


class Owners:
    """The politicians that the owners of a batch mean; those known by name only are put on record when there is nobody else."""

    def __init__(self, batch: Batch, owners: Collection[PledgeOwner]) -> None:
        self._batch = batch
        self._people = identified({owner.person_id for owner in owners if owner.person_id}, PERSON_ID)
        self._candidates = identified({owner.candidate for owner in owners if owner.name}, CANDIDATE)
        self._profiles = profiles(self._people.values())

    def politician(self, owner: PledgeOwner) -> int | None:
        """The politician meant; None for a party. Raises Refused for an unknown id, or an id that belongs to another name."""
        if not owner.name:
            return None
        if not owner.person_id:
            return self._by_name(owner)
        found = self._people.get(owner.person_id)
        if found is None:
            reason = f"unknown person {shown(owner.person_id)}; import the table of people first"
            raise Refused("person_id", reason)
        if fold(owner.name) not in self._profiles[found].spellings and found not in read_as(owner.name):
            reason = f"{shown(owner.name)} is not a name on record of person {shown(owner.person_id)}"
            raise Refused("person_name", reason)
        return found

    def _by_name(self, owner: PledgeOwner) -> int:
        if owner.candidate in self._candidates:
            return self._candidates[owner.candidate]
        politician = _candidate(owner) or derived_id("politician", owner.candidate)
        fact = PersonFact(
            politician_id=politician,
            leading=politician == derived_id("politician", owner.candidate),
            scheme=CANDIDATE,
            value=owner.candidate,
            name=owner.name,
        )
        keep_people([fact], at=self._batch.at)
        if fact.leading:
            self._look_for_others(owner, politician)
        self._candidates[owner.candidate] = politician
        return politician

    def _look_for_others(self, owner: PledgeOwner, politician: int) -> None:
        """Put before a person who else the new politician may be: a name alone settles nothing."""
        profile = Profile(spellings=folded_names(owner.name))
        match = Matcher([profile]).find(profile, also=read_as(owner.name))
        doubts = [
            Doubt(first=pk, second=politician, reason=reason) for pk, reason in match.doubts.items() if pk != politician
        ]
        self._batch.doubts += record_doubts(doubts)
        ask_for_matching()


def _candidate(owner: PledgeOwner) -> int | None:
    """The one politician who stood under this name at this election, if the election is on record."""
    named = Q(name=owner.name) | Q(name_on_ballot=owner.name)
    candidacies = Candidacy.objects.filter(named, contest__election__key=owner.election)
    people = set(candidacies.order_by().values_list("politician", flat=True))
    return people.pop() if len(people) == 1 else None
