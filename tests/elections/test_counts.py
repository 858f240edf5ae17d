"""The rules of a count, and the record of what it changed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory
from tsushinbo.elections.counting import ListResult, Progress, Result, Rules, State, changes_of, faults
from tsushinbo.elections.models import Candidacy, Contest, CountEntry
from tsushinbo.elections.queries import standings
from tsushinbo.elections.services import (
    CandidacyRow,
    CountMoved,
    CountRefused,
    Source,
    keep_candidacies,
    record_count,
)
from tsushinbo.people.models import Tier

CLOSES = datetime(2026, 2, 8, 11, 0, tzinfo=UTC)
NIGHT = CLOSES + timedelta(hours=3)
PART = Progress(counted_percent=Decimal("43.2"), counted_at=CLOSES + timedelta(hours=1))
WHOLE = Progress(counted_percent=100, counted_at=CLOSES + timedelta(hours=2))
RULES = Rules(Tier.SINGLE_SEAT, 1, closed=True, closes_at=CLOSES, at=NIGHT)
NOTHING = State(Progress(), [Result(), Result()])
WON = State(WHOLE, [Result(200, True), Result(100, False)])


def said(before: State, after: State, rules: Rules = RULES, reason: str = "") -> set[str]:
    return {fault.what for fault in faults(before, after, rules, reason)}


def test_a_partial_count_and_then_the_final_one_are_taken() -> None:
    part = State(PART, [Result(20), Result(10)])
    assert said(NOTHING, part) == set()
    assert said(part, WON) == set()


def test_nothing_is_taken_before_the_polls_close() -> None:
    early = Rules(Tier.SINGLE_SEAT, 1, closed=False, closes_at=CLOSES, at=CLOSES - timedelta(seconds=1))
    assert said(NOTHING, State(PART, [Result(1), Result(2)]), early) == {"votes"}


def test_the_same_again_is_nothing() -> None:
    assert said(WON, WON) == set()


def test_a_final_result_changes_with_a_reason_alone() -> None:
    changed = State(WHOLE, [Result(200, True), Result(101, False)])
    assert said(WON, changed) == {"reason"}
    assert said(WON, changed, reason="集計の誤り") == set()


def test_who_was_elected_is_told_after_the_votes_without_a_reason() -> None:
    votes = State(WHOLE, [Result(200), Result(100)])
    assert said(votes, WON) == set()


def test_a_seat_from_the_list_comes_later_without_a_reason() -> None:
    assert said(WON, State(WHOLE, [Result(200, True), Result(100, False, True)])) == set()


def test_a_winner_with_fewer_votes_needs_a_reason() -> None:
    assert said(NOTHING, State(WHOLE, [Result(100, True), Result(200, False)])) == {"reason"}


def test_a_change_is_of_what_was_on_record_only() -> None:
    assert changes_of(Result(), Result(5, True)) == []
    assert [change.what for change in changes_of(Result(5, True), Result(6, False))] == ["votes", "outcome"]
    assert [change.what for change in changes_of(ListResult(5, 1), ListResult(5, 2))] == ["list_seats"]


@pytest.fixture
def contest(db: None) -> Contest:
    contest: Contest = ContestFactory.create(election=ElectionFactory.create(polling_on="2026-02-08"), seats=1)
    for number in (2, 1):
        CandidacyFactory.create(contest=contest, number=number, politician=None, name=f"見本{number}")
    return contest


def enter(contest: Contest, version: int, *votes: int, at: datetime = NIGHT, reason: str = "", progress: Progress = WHOLE) -> bool:  # fmt: skip
    rows = contest.candidacies.order_by("number").values_list("pk", flat=True)
    results = {pk: Result(number) for pk, number in zip(rows, votes, strict=True)}
    return record_count(
        contest_id=contest.pk, version=version, progress=progress, results=results, lists={}, reason=reason,
        source=Source(role="編集者"), at=at,
    )  # fmt: skip


def test_of_two_entries_under_one_version_the_second_is_refused(contest: Contest) -> None:
    assert enter(contest, 0, 10, 20)
    with pytest.raises(CountMoved):
        enter(contest, 0, 11, 21)
    assert list(Candidacy.objects.order_by("number").values_list("votes", flat=True)) == [10, 20]


def test_nothing_is_written_where_the_rules_say_no(contest: Contest) -> None:
    with pytest.raises(CountRefused):
        enter(contest, 0, 10, 20, at=CLOSES - timedelta(seconds=1))
    assert not CountEntry.objects.exists()
    contest.refresh_from_db()
    assert (contest.count_version, contest.counted_percent) == (0, None)


def test_each_value_that_changes_is_in_the_record(contest: Contest) -> None:
    enter(contest, 0, 10, 20)
    enter(contest, 1, 10, 21, reason="誤り")
    entry = CountEntry.objects.get(version=2)
    assert entry.changes == [{"whose": "見本2", "what": "votes", "before": "20", "after": "21"}]
    assert entry.of_final


def test_the_record_only_grows(contest: Contest) -> None:
    enter(contest, 0, 10, 20)
    for deed in (lambda: CountEntry.objects.update(reason="x"), lambda: CountEntry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    assert CountEntry.objects.count() == 1


def test_candidates_stand_by_their_numbers_and_a_partial_count_has_no_places(contest: Contest) -> None:
    enter(contest, 0, 10, 20, progress=PART)
    contest.refresh_from_db()
    rows = standings(contest, decided=True)
    assert [row.candidacy.number for row in rows] == [1, 2]
    assert [(row.rank, row.near_miss) for row in rows] == [(None, None)] * 2
    assert rows[0].share is not None


def row(candidacy: Candidacy, **values: object) -> CandidacyRow:
    stored = Candidacy.objects.filter(pk=candidacy.pk).values(*CandidacyRow._fields).get()
    return CandidacyRow(**{**stored, **values})


def test_a_table_of_open_data_leaves_a_count_alone(contest: Contest) -> None:
    enter(contest, 0, 10, 20)
    candidacy = Candidacy.objects.get(number=1)
    keep_candidacies([row(candidacy, votes=Decimal(99), occupation="医師")], {contest.election_id}, at=NIGHT)
    candidacy.refresh_from_db()
    assert (candidacy.votes, candidacy.occupation) == (10, "医師")


def test_a_table_that_changes_a_result_is_in_the_record(contest: Contest) -> None:
    candidacy = Candidacy.objects.get(number=1)
    Candidacy.objects.filter(pk=candidacy.pk).update(votes=7)
    keep_candidacies([row(candidacy, votes=Decimal(8))], {contest.election_id}, at=NIGHT)
    entry = CountEntry.objects.get()
    assert entry.changes == [{"whose": "見本1", "what": "votes", "before": "7", "after": "8"}]
    assert "公開データ" in entry.file
