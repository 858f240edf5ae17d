"""Many voters at once, each on a connection of its own, on the database that is really there."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.evaluations.assessing import assess, counted_sums, kept_sums, self_assess
from tests.evaluations.counting import AT, cast, counted, kept
from tests.evaluations.reacting import counted_reactions, kept_reactions, react, withdraw
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Assessment, AssessmentTally, Ballot, Reaction, Tally
from tsushinbo.evaluations.queries import ASSESSMENTS, REACTIONS, tally_mismatches
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db(transaction=True)
VOTERS = 50


def all_at_once(*works: Callable[[], object]) -> None:
    """Run each in a thread of its own, started at the same moment; raise what any of them raised."""
    gate = threading.Barrier(len(works))
    faults: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(60)
            work()
        except BaseException as fault:  # noqa: BLE001 - raised again by the test
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    if faults:
        raise faults[0]


def test_fifty_voters_at_once_are_counted_exactly(pledge: Pledge) -> None:
    works = [
        lambda voter=voter: cast(pledge, voter, "good" if voter % 3 else "bad", "clear", network="network:one-school")
        for voter in range(1, VOTERS + 1)
    ]
    all_at_once(*works)
    assert kept(pledge) == counted(pledge) == {"good": 34, "bad": 16, "clear": 50}


def test_fifty_voters_who_change_their_minds_are_counted_exactly() -> None:
    pledges = PledgeFactory.create_batch(2)

    def judge(voter: int) -> None:
        for pledge in pledges if voter % 2 else reversed(pledges):
            cast(pledge, voter, "good", "clear")
            cast(pledge, voter, "bad", "unclear", "other", text="理由")
            if voter % 5 == 0:
                services.withdraw_ballot(pledge=pledge, voter=voter, at=pledge.created_at)

    all_at_once(*(lambda voter=voter: judge(voter) for voter in range(1, VOTERS + 1)))
    for pledge in pledges:
        assert kept(pledge) == counted(pledge) == {"bad": 40, "unclear": 40, "other": 40}


def test_twenty_taps_of_one_voter_are_one_ballot(pledge: Pledge) -> None:
    all_at_once(*(lambda: cast(pledge, 1, "good", "clear") for _ in range(20)))
    assert Ballot.objects.count() == 1
    assert kept(pledge) == {"good": 1, "clear": 1}


def test_two_tabs_of_one_voter_end_in_one_true_ballot(pledge: Pledge) -> None:
    choices = ["good", "bad"] * 10
    all_at_once(*(lambda choice=choice: cast(pledge, 1, choice, "other", text=choice) for choice in choices))
    assert Ballot.objects.count() == 1
    assert kept(pledge) == counted(pledge)


def test_casting_and_withdrawing_at_once_leave_a_true_count(pledge: Pledge) -> None:
    def withdraw() -> None:
        services.withdraw_ballot(pledge=pledge, voter=1, at=pledge.created_at)

    all_at_once(*[lambda: cast(pledge, 1, "good", "clear"), withdraw] * 10)
    assert kept(pledge) == counted(pledge)


def test_counting_anew_meanwhile_loses_nothing(pledge: Pledge) -> None:
    recounts = [lambda: services.recount([pledge.pk])] * 10
    all_at_once(*recounts, *(lambda voter=voter: cast(pledge, voter) for voter in range(1, 31)))
    assert kept(pledge) == counted(pledge) == {"good": 30}
    assert not list(tally_mismatches())


def test_fifty_browsers_at_once_are_fifty_voters(pledge: Pledge) -> None:
    address = reverse("evaluations:ballot", args=[pledge.pk])
    answers: list[int] = []

    def judge(number: int) -> None:
        data = {"choice": "good" if number % 2 else "bad", "reasons": ["feasible"]}
        answers.append(Client().post(address, data).status_code)

    all_at_once(*(lambda number=number: judge(number) for number in range(VOTERS)))
    assert answers == [303] * VOTERS
    assert kept(pledge) == counted(pledge) == {"good": 25, "bad": 25, "feasible": 50}


def test_a_tally_follows_its_first_ballots_however_many_come_first(pledge: Pledge) -> None:
    assert not Tally.objects.exists()
    all_at_once(*(lambda voter=voter: cast(pledge, voter) for voter in range(1, 11)))
    assert kept(pledge) == {"good": 10}


def test_twenty_people_at_once_are_added_up_exactly(pledge: Pledge) -> None:
    people = UserFactory.create_batch(20)
    assert not AssessmentTally.objects.exists()

    def judge(number: int) -> None:
        assess(pledge, people[number], number, 1, comment="言葉")
        assess(pledge, people[number], number * 5, 2)
        if number % 4 == 0:
            services.withdraw_assessment(pledge=pledge, author=people[number], at=AT)

    all_at_once(*(lambda number=number: judge(number) for number in range(20)))
    assert kept_sums(pledge) == counted_sums(pledge)
    assert kept_sums(pledge)[0] == 15
    assert Assessment.objects.count() == 40


def test_ten_tabs_of_one_account_end_in_one_true_assessment(pledge: Pledge) -> None:
    person = UserFactory.create()
    withdraw = lambda: services.withdraw_assessment(pledge=pledge, author=person, at=AT)  # noqa: E731
    all_at_once(*(lambda number=number: assess(pledge, person, number, number) for number in range(10)), withdraw)
    assert Assessment.objects.filter(current=True).count() <= 1
    assert kept_sums(pledge) == counted_sums(pledge)


def test_ten_of_one_office_at_once_are_one_voice(pledge: Pledge) -> None:
    office = [DelegateFactory.create(politician=pledge.politician).user for _ in range(10)]
    all_at_once(*(lambda user=user: self_assess(pledge, user, user.pk % 100, 0) for user in office))
    assert Assessment.objects.filter(current=True, by_owner=True).count() == 1
    assert Assessment.objects.count() == 10


def test_adding_up_anew_meanwhile_loses_nothing(pledge: Pledge) -> None:
    people = UserFactory.create_batch(10)
    recounts = [lambda: services.recount([pledge.pk], ASSESSMENTS)] * 10
    all_at_once(*recounts, *(lambda person=person: assess(pledge, person, 50, 50) for person in people))
    assert kept_sums(pledge) == counted_sums(pledge)
    assert kept_sums(pledge)[0] == 10
    assert not list(tally_mismatches(ASSESSMENTS))


def test_thirty_readers_at_once_are_counted_exactly_while_it_is_counted_anew() -> None:
    reports = ReportFactory.create_batch(2)

    def judge(voter: int) -> None:
        for report in reports if voter % 2 else reversed(reports):
            react(report, voter)
            react(report, voter, "unhelpful")
            if voter % 5 == 0:
                withdraw(report, voter)

    recounts = [lambda: services.recount([report.pk for report in reports], REACTIONS)] * 5
    all_at_once(*recounts, *(lambda voter=voter: judge(voter) for voter in range(1, 31)))
    for report in reports:
        assert kept_reactions(report) == counted_reactions(report) == {"unhelpful": 24}
    assert not tally_mismatches(REACTIONS)


def test_taps_and_withdrawals_of_one_reader_leave_a_true_count() -> None:
    report = ReportFactory.create()
    taps = [lambda: react(report, 1), lambda: react(report, 1, "unhelpful"), lambda: withdraw(report, 1)]
    all_at_once(*taps * 7)
    assert Reaction.objects.count() <= 1
    assert kept_reactions(report) == counted_reactions(report)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no lock on the whole database")
def test_a_database_locked_for_too_long_is_told_and_the_next_try_works(
    client: Client, pledge: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("evaluations:ballot", args=[pledge.pk])
    connection.close()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            locked.set()
            done.wait(60)
            cursor.execute("ROLLBACK")
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert locked.wait(60)
        response = client.post(address, {"choice": "good", "reasons": ["other"], "reason_text": "書いた理由"})
    finally:
        done.set()
        holder.join(60)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "書いた理由" in response.content.decode()
    assert not Ballot.objects.exists()
    assert client.post(address, {"choice": "good"}).status_code == 303
    connection.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL flushes every commit by itself")
def test_every_commit_of_sqlite_reaches_the_disk() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        # 2 is FULL: in WAL mode NORMAL would leave the last commits to the next checkpoint.
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
