"""Ballots read as columns of numbers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.evaluations.counting import AT, cast
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations.models import Ballot, Standing
from tsushinbo.evaluations.queries import columns
from tsushinbo.pledges.models import Pledge

EVERYTHING = ("pledge", "voter", "choice", "clarity", "feasibility", "sincerity", "other", "standing", "cast_at")


def rows(*names: str, **rest: object) -> list[tuple[int, ...]]:
    """All ballots as rows, in order."""
    chunks = list(columns.ballots(names, **rest))  # type: ignore[arg-type]
    return sorted(
        tuple(int(n) for n in row) for chunk in chunks for row in zip(*(chunk[n] for n in names), strict=True)
    )


def test_every_column_says_what_the_ballot_says(pledge: Pledge) -> None:
    cast(pledge, 1, "good", "clear", "insincere")
    cast(pledge, (1 << 63) - 1, "bad", "unclear", "feasible", "other", at=AT + timedelta(seconds=90.7))
    cast(pledge, 3, "bad", "infeasible", "sincere")
    Ballot.objects.filter(voter=3).update(standing=Standing.EXCLUDED)
    noon = int(AT.timestamp())
    assert rows(*EVERYTHING) == [
        (pledge.pk, 1, 1, 1, -1, 0, 0, 0, noon),
        (pledge.pk, 3, 0, -1, 0, 1, 0, 2, noon),
        (pledge.pk, (1 << 63) - 1, 0, 0, 1, -1, 1, 0, noon + 90),
    ]


def test_only_the_columns_asked_for_come_in_any_order(pledge: Pledge) -> None:
    cast(pledge, 7, "good", "sincere")
    assert rows("standing", "voter", "sincerity") == [(0, 7, 1)]
    assert rows("cast_at") == [(int(AT.timestamp()),)]
    cast(pledge, 7, "bad", at=AT + timedelta(days=2))
    assert rows("changed_at", "cast_at") == [(int(AT.timestamp()) + 2 * 86_400, int(AT.timestamp()))]
    with pytest.raises(KeyError):
        rows("text")


def test_ballots_cast_before_are_left_out(pledge: Pledge) -> None:
    for voter, hours in enumerate((-2, -1, 0, 1)):
        cast(pledge, voter, at=AT + timedelta(hours=hours))
    assert rows("voter", since=AT) == [(2,), (3,)]


def test_chunks_together_hold_every_ballot_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "FETCH", 3)
    monkeypatch.setattr(columns, "CHUNK", 6)
    monkeypatch.setattr(columns, "PAGES", 1)
    voters = range(400)
    for pledge in PledgeFactory.create_batch(2):
        Ballot.objects.bulk_create(
            Ballot(pledge=pledge, voter=voter, choice="good", cast_at=AT, changed_at=AT) for voter in voters
        )
    assert len(list(columns.ballots(["voter"]))) > 3
    assert rows("voter") == sorted((voter,) for voter in [*voters, *voters])


def test_no_ballots_give_no_chunk(db: None) -> None:
    assert rows(*EVERYTHING) == []


@pytest.mark.django_db(transaction=True)
def test_reading_is_of_one_moment_and_takes_no_write_lock() -> None:
    pledge = PledgeFactory.create()
    cast(pledge, 1)
    with CaptureQueriesContext(connection) as taken, columns.one_moment():
        assert rows("voter") == [(1,)]
        assert connection.in_atomic_block
    begun = [query["sql"] for query in taken]
    assert not any("IMMEDIATE" in sql for sql in begun)
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"
        assert begun[0].startswith("BEGIN DEFERRED")
    else:
        assert any("REPEATABLE READ" in sql for sql in begun)
