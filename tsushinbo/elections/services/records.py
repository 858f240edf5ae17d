"""Writes of elections, contests, candidacies and results."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tsushinbo.elections.counting import Result, changes_of
from tsushinbo.elections.models import Candidacy, Contest, Election, MunicipalPartyVotes, PartyResult
from tsushinbo.elections.services.counts import TableChange, record_table_changes
from tsushinbo.elections.services.rows import (
    CandidacyRow,
    ContestRow,
    ElectionRow,
    MunicipalVotesRow,
    PartyResultRow,
)
from tsushinbo.errors import RuleBroken
from tsushinbo.people.models import Politician
from tsushinbo.sources.keeping import Outcome, insert, keep

# How the public record names what changed a result without anybody entering it.
TABLE = "公開データの表（candidacies）"


@transaction.atomic
def keep_elections(rows: Sequence[ElectionRow], *, at: datetime) -> list[Outcome]:
    """Make the elections on record equal to ``rows``, each by its id."""
    return keep(Election.objects.all(), rows, key=("id",), at=at)


@transaction.atomic
def add_contests(rows: Collection[ContestRow], *, at: datetime) -> None:
    """Put on record those of ``rows`` that are not yet; the others stay as they are."""
    by_id = {row.id: row for row in rows}
    known = set(Contest.objects.filter(pk__in=by_id).values_list("pk", flat=True))
    insert(Contest, [row for row in by_id.values() if row.id not in known], at=at)


@transaction.atomic
def keep_candidacies(rows: Sequence[CandidacyRow], elections: Collection[int], *, at: datetime) -> list[Outcome]:
    """Make the candidacies of ``elections`` on record equal to ``rows``, each by its key.

    A row that does not tell who it is leaves the politician it was linked with. One that names another contest of the same election
    moves there. Where a count was entered on this site its results stay; elsewhere a result on record that becomes another goes into the
    record of the contest.
    """
    stored = Candidacy.objects.filter(contest__election__in=elections)
    rows = _counts_kept(rows, stored)
    changed: list[TableChange] = []

    def told(before: CandidacyRow, after: CandidacyRow) -> None:
        if found := changes_of(_result(before), _result(after)):
            changed.append(TableChange(after.contest_id, after.name, found))

    outcomes = keep(stored, rows, key=("key",), at=at, unknown_keeps=("politician_id",), find_by=(), told=told)
    if changed:
        record_table_changes(changed, file=TABLE, at=at)
    return outcomes


def _result(row: CandidacyRow) -> Result:
    return Result(row.votes, row.elected, row.elected_from_list)


def _counts_kept(rows: Sequence[CandidacyRow], stored: QuerySet[Candidacy]) -> Sequence[CandidacyRow]:
    """The rows, with the results on record where a count was entered. One query where there is none."""
    counted = stored.filter(contest__counted_here=True).order_by()
    kept = {key: result for key, *result in counted.values_list("key", *Result._fields)}
    if not kept:
        return rows
    return [row._replace(**dict(zip(Result._fields, kept[row.key], strict=True))) if row.key in kept else row for row in rows]  # fmt: skip


@transaction.atomic
def keep_party_results(rows: Sequence[PartyResultRow], *, at: datetime) -> list[Outcome]:
    """Make the results of parties on record equal to ``rows``."""
    key = ("election_id", "tier", "area_name", "party_name")
    return keep(PartyResult.objects.all(), rows, key=key, at=at, find_by=("election_id",))


@transaction.atomic
def keep_municipal_votes(rows: Sequence[MunicipalVotesRow], *, at: datetime) -> list[Outcome]:
    """Make the list votes of municipalities on record equal to ``rows``."""
    key = ("election_id", "area_id", "area_name", "party_id")
    return keep(MunicipalPartyVotes.objects.all(), rows, key=key, at=at, find_by=("election_id", "area_id"))


class CandidacyTaken(RuleBroken):
    """The candidacy belongs to somebody else already."""

    message = "この立候補は、すでに別の政治家のものとして登録されています。"


@transaction.atomic
def link_candidacies(politicians: Mapping[int, int]) -> None:
    """Say who stood: the id of a candidacy → the id of the politician. Those that name somebody already stay as they are."""
    candidacies = list(Candidacy.objects.select_for_update().filter(pk__in=politicians, politician=None))
    for candidacy in candidacies:
        candidacy.politician_id = politicians[candidacy.pk]
    Candidacy.objects.bulk_update(candidacies, ["politician"], batch_size=1000)


@transaction.atomic
def link_candidacy(candidacy: Candidacy, politician: Politician) -> None:
    """Say who stood. Raises CandidacyTaken when somebody else is on record."""
    locked = Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    if locked.politician_id not in (None, politician.pk):
        raise CandidacyTaken
    locked.politician = politician
    locked.save(update_fields=["politician"])
