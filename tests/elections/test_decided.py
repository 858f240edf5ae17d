"""When results are shown: by each contest, and of the whole election."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tsushinbo.elections.models import Contest, Election
from tsushinbo.elections.phases import TOKYO
from tsushinbo.elections.queries import all_decided, contest_rows, is_decided

pytestmark = pytest.mark.django_db
CLOSED = datetime(2026, 12, 13, 20, tzinfo=TOKYO)
SECOND = timedelta(seconds=1)


@pytest.fixture
def election() -> Election:
    return UpcomingElectionFactory.create(announced_on=date(2026, 12, 6), polling_on="2026-12-13", precision="day")


def contest(election: Election, **own: object) -> Contest:
    made = ContestFactory.create(election=election, **own)
    CandidacyFactory.create(contest=made, elected=True)
    return made


@pytest.mark.parametrize(
    ("own", "from_then_on"),
    [
        ({}, CLOSED),
        ({"polls_close_at": time(16)}, CLOSED.replace(hour=16)),
        ({"polling_on": date(2026, 12, 20)}, CLOSED + timedelta(days=7)),
        ({"polling_on": date(2026, 12, 20), "polls_close_at": time(18)}, CLOSED.replace(hour=18) + timedelta(days=7)),
        ({"uncontested": True}, datetime(2026, 12, 6, 17, tzinfo=TOKYO)),
    ],
    ids=["as the election", "closed early", "put off", "put off and closed early", "no vote"],
)
def test_a_contest_is_decided_when_its_own_polls_close(
    election: Election, own: dict[str, object], from_then_on: datetime
) -> None:
    made = contest(election, **own)
    for at, decided in ((from_then_on - SECOND, False), (from_then_on, True), (from_then_on.astimezone(UTC), True)):
        assert is_decided(made, at) is decided
        (row,) = contest_rows(Contest.objects.filter(pk=made.pk), at)
        assert (row.decided, [one.contest_id for one in row.elected]) == (decided, [made.pk] if decided else [])


def test_totals_of_an_election_wait_for_all_contests_but_those_put_off(election: Election) -> None:
    contests = [
        contest(election),
        contest(election, polls_close_at=time(16)),
        contest(election, polling_on=date(2026, 12, 20)),
    ]
    assert not all_decided(election, contests, CLOSED - SECOND)
    assert all_decided(election, contests, CLOSED)
    assert [row.decided for row in contest_rows(election.contests.order_by("pk"), CLOSED)].count(True) == 2


def test_where_every_poll_is_put_off_the_election_waits_for_them(election: Election) -> None:
    contests = [contest(election, polling_on=date(2026, 12, 20))]
    assert not all_decided(election, contests, CLOSED)
    assert all_decided(election, contests, CLOSED + timedelta(days=7))


def test_one_contest_that_closes_early_is_all_of_its_election(election: Election) -> None:
    assert all_decided(election, [contest(election, polls_close_at=time(16))], CLOSED.replace(hour=16))


def test_without_contests_the_day_of_the_election_counts(election: Election) -> None:
    assert not all_decided(election, [], CLOSED - SECOND)
    assert all_decided(election, [], CLOSED)
