"""Writes of the import's own records: how far a file was loaded, and which people a person must tell apart."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from tsushinbo.elections.services import link_candidacy
from tsushinbo.errors import RuleBroken
from tsushinbo.importers.models import DoubtfulMatch, ImportedFile
from tsushinbo.people.models import Politician
from tsushinbo.people.services import merge

Verdict = DoubtfulMatch.Verdict
# The row that says whether candidates must be looked up among politicians anew.
MATCHING: dict[str, Any] = {"name": "(candidates)", "digest": "", "reader": "matching/1"}


class Doubt(NamedTuple):
    """A politician on record who may be the same person as another politician, or as a candidate."""

    first: int
    reason: str
    second: int | None = None
    candidacy: int | None = None


class AlreadyDecided(RuleBroken):
    """The doubt was settled before."""

    message = "この組は、すでに判断されています。"


def advance_files(files: Sequence[ImportedFile]) -> None:
    """Record how far files are stored; call it first in the transaction that stores them.

    Their rows are locked from then on, so two imports of one file take turns.
    """
    ImportedFile.objects.bulk_create(
        files,
        update_conflicts=True,
        unique_fields=["name", "digest", "reader"],
        update_fields=["lines_done", "finished_at"],
    )


def ask_for_matching() -> None:
    """Record that candidates must be looked up among politicians anew; in the transaction that changed either."""
    ImportedFile.objects.update_or_create(defaults={"finished_at": None}, **MATCHING)


def settle_matching(*, at: datetime) -> None:
    """Record that candidates were looked up."""
    ImportedFile.objects.filter(**MATCHING).update(finished_at=at)


@transaction.atomic
def record_doubts(doubts: Iterable[Doubt]) -> int:
    """Put new doubts before a person and return how many are new; what was decided is not asked again."""
    wanted = {(doubt.first, doubt.second, doubt.candidacy): doubt for doubt in doubts}
    if not wanted:
        return 0
    seconds = {doubt.second for doubt in wanted.values() if doubt.second}
    candidacies = {doubt.candidacy for doubt in wanted.values() if doubt.candidacy}
    firsts = {doubt.first for doubt in wanted.values()}
    of_pairs = Q(first__in=firsts, second__in=seconds) | Q(first__in=seconds, second__in=firsts)
    of_candidacies = Q(first__in=firsts, candidacy__in=candidacies)
    known = set()
    for first, second, candidacy in DoubtfulMatch.objects.filter(of_pairs | of_candidacies).values_list(
        "first", "second", "candidacy"
    ):
        known |= {(first, second, candidacy), (second, first, candidacy)}
    new = [doubt for key, doubt in wanted.items() if key not in known]
    DoubtfulMatch.objects.bulk_create(
        DoubtfulMatch(
            first_id=doubt.first, second_id=doubt.second, candidacy_id=doubt.candidacy, reason=doubt.reason[:300]
        )
        for doubt in new
    )
    return len(new)


def drop_answered_doubts() -> int:
    """Forget open doubts about candidacies whose politician was found meanwhile, and return how many they were."""
    answered = DoubtfulMatch.objects.filter(verdict=Verdict.OPEN, candidacy__politician__isnull=False)
    return answered.delete()[0]


@transaction.atomic
def decide_doubt(doubt: DoubtfulMatch, *, same: bool, at: datetime) -> None:
    """Settle a doubt: the same person is made one, different people stay apart and are not asked about again.

    Raises AlreadyDecided, and CandidacyTaken when the candidate was found to be somebody else meanwhile.
    """
    locked = DoubtfulMatch.objects.select_for_update().get(pk=doubt.pk)
    if locked.verdict != Verdict.OPEN:
        raise AlreadyDecided
    if same:
        first = standing(locked.first)
        if locked.candidacy is not None:
            link_candidacy(locked.candidacy, first)
        elif locked.second is not None and (second := standing(locked.second)) != first:
            merge(first, second, at=at)
    locked.verdict = Verdict.SAME if same else Verdict.DIFFERENT
    locked.decided_at = at
    locked.save()
    ask_for_matching()


@transaction.atomic
def join_people(first: int, second: int, *, at: datetime) -> None:
    """Make one politician of two that a person found to be the same; ``first`` stays. An open doubt about them is settled."""
    people = Politician.objects.in_bulk([first, second])
    merge(people[first], people[second], at=at)
    either = Q(first=first, second=second) | Q(first=second, second=first)
    DoubtfulMatch.objects.filter(either, verdict=Verdict.OPEN).update(verdict=Verdict.SAME, decided_at=at)


def standing(politician: Politician) -> Politician:
    """The row that stands for a politician today: the one it was merged into, if any."""
    while politician.merged_into is not None:
        politician = politician.merged_into
    return politician
