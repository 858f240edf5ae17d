"""Import a file of an election office: plan it, and store what was planned in one transaction. By command and by page alike."""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from tsushinbo.elections.models import Candidacy, Contest, Election
from tsushinbo.elections.services import (
    CountMoved,
    Source,
    add_contests,
    add_counted_contests,
    keep_elections,
    write_counts,
)
from tsushinbo.errors import RuleBroken
from tsushinbo.importers.candidates import match_candidates
from tsushinbo.importers.counts.cells import public_ids
from tsushinbo.importers.counts.groups import Groups
from tsushinbo.importers.counts.people import FACTS, NewCandidacy, Person
from tsushinbo.importers.counts.plan import Plan, Planned, plan_of
from tsushinbo.importers.counts.reading import open_table
from tsushinbo.importers.services import ask_for_matching
from tsushinbo.importers.tables.candidacies import spellings_of
from tsushinbo.people.services import add_constituencies, add_spellings
from tsushinbo.sources.keeping import insert, update


class DayInDoubt(RuleBroken):
    """A new election lies near another of the same office and area, and nobody said that its day is right."""

    message = "近い日付の同じ選挙があります。投票日が正しいことを確かめて、印を付けてください。"


def read_file(data: bytes, *, ignore_unknown: bool = False) -> Groups:
    """Read a file. Raises Unusable with a Japanese reason where it is no such table."""
    groups = Groups(open_table(data), ignore_unknown)
    groups.read()
    return groups


def preview(data: bytes, *, at: datetime, reason: str = "", ignore_unknown: bool = False) -> Plan:
    """What an import would do; nothing is written. Raises Unusable."""
    return plan_of(read_file(data, ignore_unknown=ignore_unknown), at=at, reason=reason)


def import_count(
    data: bytes,
    *,
    source: Source,
    at: datetime,
    reason: str = "",
    ignore_unknown: bool = False,
    seen: str | None = None,
    days_are_right: bool = True,
) -> Plan:
    """Import a file and return what became of it: contests whose rows are sound are stored, all in one transaction.

    seen: the stamp of the plan that somebody looked at. days_are_right: somebody said so of new elections that lie near others. Raises Unusable,
    CountMoved where what is on record is no longer what was looked at, and DayInDoubt where nobody said so.
    """
    try:
        with _without_collecting():
            plan = _import(data, source, at, reason, ignore_unknown, seen, days_are_right)
    except IntegrityError as fault:
        # Somebody put the same new election, contest or candidate on record in the same moment.
        raise CountMoved(MOVED) from fault
    match_candidates(at=at)
    return plan


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let the collector of circular garbage rest: a plan is a million small objects that all stay, and looking through them again and again takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _import(
    data: bytes, source: Source, at: datetime, reason: str, ignore_unknown: bool, seen: str | None, days_are_right: bool
) -> Plan:
    groups = read_file(data, ignore_unknown=ignore_unknown)
    with transaction.atomic():
        # Before anything is looked at: whoever enters a count of the same contests waits for us, or we for them.
        _lock(groups)
        plan = plan_of(groups, at=at, reason=reason)
        if seen is not None and seen != stamp_of(plan):
            raise CountMoved(MOVED)
        if not days_are_right and plan.day_in_doubt:
            raise DayInDoubt
        _store(plan, source, at)
    return plan


MOVED = "表示したあとに、このファイルの選挙区の記録が変わりました。いまの記録との違いを、もう一度確かめてください。"


def stamp_of(plan: Plan) -> str:
    """What a plan was made on, and what it would do, as a short text to compare."""
    near = [(new.election.pk, [other.pk for other, _ in new.near]) for new in plan.new_elections]
    text = repr((sorted(plan.versions.items()), plan.rows, plan.refused, sorted(plan.counts.items()), near))
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _lock(groups: Groups) -> None:
    days = {group.shared.polling_on.isoformat() for group in groups}
    keys = {group.shared.election_id for group in groups} - {""}
    of_days = Election.objects.filter(
        Q(polling_on__in=days) | Q(key__in=keys) | Q(pk__in=set(public_ids(keys).values()))
    )
    contests = Contest.objects.filter(election__in=of_days).order_by("pk").select_for_update(of=("self",))
    list(contests.values_list("pk", flat=True))


def _store(plan: Plan, source: Source, at: datetime) -> None:
    """Write a plan; inside a transaction."""
    if plan.places is None or not plan.contests:
        return
    wanted = {one.contest.election_id for one in plan.contests}
    keep_elections([row for pk, row in plan.places.new_elections.items() if pk in wanted], at=at)
    for pk, day in plan.places.new_days.items():
        if pk in wanted:
            _date(plan, pk, day.isoformat())
    add_constituencies([one.place.constituency for one in plan.contests if one.place.constituency], at=at)
    new = [one for one in plan.contests if one.place.row]
    add_contests([one.place.row for one in new if one.place.row and not one.written], at=at)
    add_counted_contests([(one.place.row, one.written) for one in new if one.place.row and one.written], at=at)
    update(Contest, ("seats",), [(one.seats, one.contest.pk) for one in plan.contests if one.seats], at=at)
    people = [row for one in plan.contests for row in _new(one)]
    insert(Candidacy, people, at=at)
    changed = [person for one in plan.contests for person in one.changed]
    update(Candidacy, FACTS, [(*one.facts, one.stored.pk) for one in changed if one.stored], at=at)
    write_counts([one.written for one in plan.contests if one.written], source=source, at=at)
    linked = [
        _row(0, 0, one) for one in changed if one.stored and one.facts.politician_id != one.stored.facts.politician_id
    ]
    add_spellings(spellings_of([*people, *linked]), at=at)
    if people or changed:
        ask_for_matching()


def _date(plan: Plan, pk: int, day: str) -> None:
    election = next(one.contest.election for one in plan.contests if one.contest.election_id == pk)
    Election.objects.filter(pk=pk).update(
        polling_on=day, precision=Election.Precision.DAY, announced_on=election.announced_on
    )


def _new(planned: Planned) -> list[NewCandidacy]:
    """The candidacies to be put on record, in the order of the file behind those there are."""
    behind = planned.on_record
    return [_row(planned.contest.pk, behind + place, person) for place, person in enumerate(planned.new, 1)]


def _row(contest: int, place: int, person: Person) -> NewCandidacy:
    facts = person.facts
    return NewCandidacy(
        contest,
        f"count-{place:04d}",
        facts.number,
        facts.politician_id,
        facts.party_id,
        person.own.name,
        facts.name_on_ballot,
        facts.kana,
        facts.age,
        facts.status,
        facts.occupation,
        facts.endorsements,
        person.result.votes,
        facts.list_rank,
        facts.dual,
        person.result.elected,
        person.result.elected_from_list,
    )
