"""Writes of a count (開票): results and how far they are, entered again and again, and the record of what they changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.addresses import new_id
from tsushinbo.elections.counting import (
    Change,
    Fault,
    ListResult,
    Number,
    Progress,
    Result,
    State,
    changes_final,
    changes_of,
    faults,
)
from tsushinbo.elections.models import Candidacy, Contest, CountEntry, Election, PartyResult
from tsushinbo.elections.queries.counts import OnRecord, PartyList, on_record, rules_of
from tsushinbo.elections.services.rows import ContestRow, PartyResultRow
from tsushinbo.errors import RuleBroken
from tsushinbo.people.models import Tier
from tsushinbo.sources.keeping import insert, update


class CountMoved(RuleBroken):
    """Somebody else entered something of this contest since the form was opened."""

    message = (
        "この画面を開いたあとに、ほかの人かファイルがこの選挙区の結果を登録しました。入力した数字は残っています。"
        "いまの記録と見比べて、まだ違うところがあれば、もう一度登録してください。"
    )


class CountRefused(RuleBroken):
    """The rules of a count speak against it."""

    message = "登録できませんでした。"

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = tuple(found)


@dataclass(frozen=True)
class Source:
    """Who, or which file, says so. ``role`` is what the public record shows."""

    actor: User | None = None
    role: str = ""
    file: str = ""
    digest: str = ""


class Counted[R](NamedTuple):
    """One candidate or list with the result before and after."""

    pk: int | None
    whose: str
    before: R
    after: R


@dataclass
class Written:
    """A count of one contest that the rules accept, ready to be written.

    new_lists: results of lists that had none. is_new: the contest was put on record with its count a moment ago (add_counted_contests).
    """

    contest: Contest
    before: State
    after: State
    results: list[Counted[Result]] = field(default_factory=list)
    lists: list[Counted[ListResult]] = field(default_factory=list)
    new_lists: list[PartyResultRow] = field(default_factory=list)
    reason: str = ""
    is_new: bool = False


@transaction.atomic
def record_count(
    *,
    contest_id: int,
    version: int,
    progress: Progress,
    results: Mapping[int, Result],
    lists: Mapping[str, ListResult],
    reason: str,
    source: Source,
    at: datetime,
) -> bool:
    """Record how the count of a contest stands; return whether anything changed.

    results: by the id of the candidacy. lists: by the name of the party. Raises CountMoved where ``version`` is no longer the contest's, and
    CountRefused with what speaks against it; nothing is written then.
    """
    locked = Contest.objects.select_for_update(of=("self",)).select_related("election__area")
    contest = locked.get(pk=contest_id)
    if contest.count_version != version:
        raise CountMoved
    known = on_record([contest])[contest.pk]
    written = counted(contest, known, progress, results, lists, reason)
    if found := faults(written.before, written.after, rules_of(replaced(contest, progress), at), reason):
        raise CountRefused(found)
    if written.before == written.after:
        return False
    write_counts([written], source=source, at=at)
    return True


def replaced(contest: Contest, progress: Progress) -> Contest:
    """The contest as it will be, for the rules: where no vote is taken the polls are over sooner."""
    contest.uncontested = progress.uncontested
    return contest


def counted(
    contest: Contest,
    known: OnRecord,
    progress: Progress,
    results: Mapping[int, Result],
    lists: Mapping[str, ListResult],
    reason: str = "",
) -> Written:
    """What is on record of a contest beside what it will be. Who is in neither mapping stays as on record."""
    people = [
        Counted(one.pk, one.name, one.result, results.get(one.pk, one.result)) for one in known.candidates
    ]  # fmt: skip
    of_lists = [(one, lists.get(one.name, one.result)) for one in known.lists]
    return Written(
        contest,
        known.state,
        State(
            progress,
            [one.after for one in people],
            [after for _, after in of_lists],
            [*(one.whose for one in people), *(one.name for one, _ in of_lists)],
        ),
        [one for one in people if one.before != one.after],
        [Counted(one.pk, one.name, one.result, after) for one, after in of_lists if one.pk and after != one.result],
        [_new_list(contest, one, after) for one, after in of_lists if not one.pk and after != one.result],
        reason,
    )


def _new_list(contest: Contest, one: PartyList, after: ListResult) -> PartyResultRow:
    return PartyResultRow(
        contest.election_id, Tier.PROPORTIONAL.value, contest.name, one.party_id, one.name, after.votes, None, after.seats
    )  # fmt: skip


class _Entry(NamedTuple):
    id: int
    contest_id: int
    version: int
    at: datetime
    actor_id: int | None
    role: str
    file: str
    digest: str
    counted_percent: Number | None
    counted_at: datetime | None
    changes: list[dict[str, str]]
    of_final: bool
    reason: str


class _CountColumns(NamedTuple):
    uncontested: bool
    counted_percent: Number | None
    counted_at: datetime | None
    turnout_percent: Number | None
    electors: int | None
    count_version: int
    counted_here: bool


class _CountedContest(NamedTuple):
    id: int
    election_id: int
    tier: str
    name: str
    constituency_id: int | None
    seats: int | None
    uncontested: bool
    counted_percent: Number | None
    counted_at: datetime | None
    turnout_percent: Number | None
    electors: int | None
    count_version: int
    counted_here: bool


def _of_contest(count: Written) -> _CountColumns:
    contest = count.contest
    return _CountColumns(
        *count.after.progress, contest.count_version + 1, contest.counted_here or count.after.has_results
    )


@transaction.atomic
def add_counted_contests(counts: Sequence[tuple[ContestRow, Written]], *, at: datetime) -> None:
    """Put contests on record together with how far their counts are: half the work of a row that is written twice."""
    insert(Contest, [_CountedContest._make((*row, *_of_contest(count))) for row, count in counts], at=at)
    for _, count in counts:
        count.is_new = True


@transaction.atomic
def write_counts(written: Sequence[Written], *, source: Source, at: datetime) -> None:
    """Write counts that the rules accept, of contests that are locked or new, each with its entry in the record."""
    results = [one for count in written for one in count.results]
    update(Candidacy, Result._fields, [(*one.after, one.pk) for one in results], at=at)
    lists = [one for count in written for one in count.lists]
    update(PartyResult, ListResult._fields, [(*one.after, one.pk) for one in lists], at=at)
    insert(PartyResult, [row for count in written for row in count.new_lists], at=at)
    contests = [(*_of_contest(count), count.contest.pk) for count in written if not count.is_new]
    update(Contest, _CountColumns._fields, contests, at=at)
    insert(CountEntry, [_entry(count, source, at) for count in written], at=at)
    held = {count.contest.election_id for count in written if count.after.has_results}
    Election.objects.filter(pk__in=held, upcoming=True).update(upcoming=False)


def _entry(count: Written, source: Source, at: datetime) -> _Entry:
    changed = [
        *((one.whose, changes_of(one.before, one.after)) for one in count.results),
        *((one.whose, changes_of(one.before, one.after)) for one in count.lists),
    ]
    changes = [{"whose": whose, **change._asdict()} for whose, found in changed for change in found]
    return _Entry(
        id=new_id(),
        contest_id=count.contest.pk,
        version=count.contest.count_version + 1,
        at=at,
        actor_id=source.actor.pk if source.actor else None,
        role=source.role,
        file=source.file[-200:],
        digest=source.digest,
        counted_percent=count.after.progress.counted_percent,
        counted_at=count.after.progress.counted_at,
        changes=changes,
        of_final=changes_final(count.before, count.after),
        reason=count.reason,
    )


OF_TABLE = "取り込み元の表の値が変わりました。"


class TableChange(NamedTuple):
    """A result on record that a table of open data says otherwise."""

    contest_id: int
    whose: str
    changes: list[Change]


def record_table_changes(found: Collection[TableChange], *, file: str, at: datetime) -> None:
    """Put into the record what a table of open data changed of results; call it in the transaction that changes them."""
    by_contest: dict[int, list[dict[str, str]]] = {}
    for one in found:
        rows = [{"whose": one.whose, **change._asdict()} for change in one.changes]
        by_contest.setdefault(one.contest_id, []).extend(rows)
    contests = list(Contest.objects.select_for_update().filter(pk__in=by_contest).order_by("pk"))
    source = Source(file=file)
    entries = []
    for contest in contests:
        base = _entry(Written(contest, State(Progress()), State(Progress()), reason=OF_TABLE), source, at)
        entries.append(
            base._replace(
                changes=by_contest[contest.pk],
                of_final=not contest.is_partial,
                counted_percent=contest.counted_percent,
                counted_at=contest.counted_at,
            )
        )
        contest.count_version += 1
    insert(CountEntry, entries, at=at)
    Contest.objects.bulk_update(contests, ["count_version"], batch_size=500)
