"""Own ballots of a browser, and an account that keeps them together on request."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.membership import close_account
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import JoinedElsewhere, NothingToJoin, UnsettledBallots
from tsushinbo.evaluations.models import (
    Ballot,
    Choice,
    Helpfulness,
    JoinedVoter,
    Reaction,
    Reason,
    ReasonText,
    Standing,
)
from tsushinbo.evaluations.queries import RECOUNTED, tally_mismatches
from tsushinbo.evaluations.queries.joining import joined_voter
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
PAGE = "/accounts/ballots/"


def cast(pledge: Pledge, voter: int, choice: Choice = Choice.GOOD, minutes: int = 0, text: str = "") -> None:
    reasons = {Reason.CLEAR, *([Reason.OTHER] if text else [])}
    at = NOW + timedelta(minutes=minutes)
    services.cast_ballot(pledge=pledge, voter=voter, choice=choice, reasons=reasons, text=text, network="n", at=at)


def join(user: User, voter: int | None) -> int:
    return services.join_ballots(user=user, voter=voter, at=NOW + timedelta(hours=1))


def is_exact() -> bool:
    return not any(tally_mismatches(of) for of in RECOUNTED)


def test_joining_keeps_the_number_sealed() -> None:
    user = UserFactory.create()
    cast(PledgeFactory(), 7654321)
    assert join(user, 7654321) == 7654321
    assert joined_voter(user) == 7654321
    row = json.dumps(list(JoinedVoter.objects.values()), default=str)
    assert "7654321" not in row
    assert f'"{user.pk}"' not in row
    assert joined_voter(UserFactory.create()) is None


def test_of_two_ballots_on_one_pledge_the_later_stays_and_tallies_are_exact() -> None:
    user, both, older, theirs = UserFactory.create(), PledgeFactory(), PledgeFactory(), PledgeFactory()
    cast(both, 1, Choice.GOOD, 0, text="先に書いた理由")
    cast(both, 2, Choice.BAD, 5)
    cast(older, 1, Choice.BAD, 9)
    cast(older, 2, Choice.GOOD, 3, text="古い理由")
    cast(theirs, 2, Choice.GOOD, 1, text="残る理由")
    cast(both, 3)
    join(user, 1)
    assert join(user, 2) == 1
    kept = dict(Ballot.objects.filter(voter=1).values_list("pledge", "choice"))
    assert kept == {both.pk: "bad", older.pk: "bad", theirs.pk: "good"}
    assert not Ballot.objects.filter(voter=2).exists()
    assert list(ReasonText.objects.values_list("text", "voter")) == [("残る理由", 1)]
    both.tally.refresh_from_db()
    assert (both.tally.good, both.tally.bad) == (1, 1)
    assert is_exact()


def test_reactions_go_along() -> None:
    user, both, theirs = UserFactory.create(), ReportFactory(), ReportFactory()
    for voter, report, choice, minutes in (
        (1, both, Helpfulness.HELPFUL, 0), (2, both, Helpfulness.UNHELPFUL, 5), (2, theirs, Helpfulness.HELPFUL, 0),
    ):  # fmt: skip
        services.react(report=report, voter=voter, choice=choice, at=NOW + timedelta(minutes=minutes))
    cast(PledgeFactory(), 1)
    join(user, 1)
    join(user, 2)
    assert dict(Reaction.objects.values_list("report", "helpful")) == {both.pk: False, theirs.pk: True}
    assert set(Reaction.objects.values_list("voter", flat=True)) == {1}
    assert is_exact()


def test_no_two_accounts_keep_one_browser() -> None:
    first, second = UserFactory.create(), UserFactory.create()
    cast(PledgeFactory(), 1)
    join(first, 1)
    with pytest.raises(JoinedElsewhere):
        join(second, 1)
    services.part_ballots(user=first)
    assert join(second, 1) == 1


def test_a_ballot_that_a_moderator_decides_on_is_not_moved() -> None:
    user, pledge = UserFactory.create(), PledgeFactory()
    cast(pledge, 1)
    Ballot.objects.filter(voter=1).update(standing=Standing.HELD)
    with pytest.raises(UnsettledBallots):
        join(user, 1)
    assert not JoinedVoter.objects.exists()


def test_without_any_number_there_is_nothing_to_join() -> None:
    with pytest.raises(NothingToJoin):
        join(UserFactory.create(), None)


def test_ballots_on_the_own_sides_pledges_go() -> None:
    user, own, other = UserFactory.create(), PledgeFactory(), PledgeFactory()
    DelegateFactory(user=user, politician=own.politician)
    cast(own, 1)
    cast(other, 1)
    join(user, 1)
    assert Ballot.objects.get().pledge == other
    assert is_exact()


def test_parting_forgets_and_leaves_the_ballots() -> None:
    user = UserFactory.create()
    cast(PledgeFactory(), 1)
    join(user, 1)
    assert exported(user)["ballots"][0]["choice"] == "good"
    assert services.part_ballots(user=user)
    assert not services.part_ballots(user=user)
    assert not JoinedVoter.objects.exists()
    assert Ballot.objects.filter(voter=1).exists()
    assert exported(user)["ballots"] == []


def test_a_closed_account_leaves_only_counts() -> None:
    user = UserFactory.create()
    cast(PledgeFactory(), 1)
    join(user, 1)
    close_account(user=user)
    assert not JoinedVoter.objects.exists()
    assert Ballot.objects.exists()


def test_under_another_secret_key_it_is_as_if_never_joined(settings: object) -> None:
    user = UserFactory.create()
    cast(PledgeFactory(), 1)
    join(user, 1)
    settings.SECRET_KEY = "another key that is as long as the first one was, at least"  # type: ignore[attr-defined]
    assert joined_voter(user) is None


def judge(client: Client, pledge: Pledge, choice: str = "good") -> None:
    client.post(f"{pledge.get_absolute_url()}ballot/", {"choice": choice})


def test_a_browser_lists_its_ballots_without_an_account(client: Client) -> None:
    pledge, others = PledgeFactory(title="給食費を無償にします"), PledgeFactory(title="ほかの人の評価")
    judge(client, pledge)
    judge(Client(), others)
    answer = client.get(PAGE)
    page = answer.content.decode()
    assert "給食費を無償にします" in page
    assert "支持する" in page
    assert "ほかの人の評価" not in page
    assert "ログインして結び付ける" in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_ballot_is_withdrawn_from_the_list_and_nobody_elses(client: Client) -> None:
    pledge = PledgeFactory()
    judge(client, pledge)
    stranger = Client()
    for text in (pledge.get_absolute_url().split("/")[-2], "x", "", "\x00"):
        stranger.post(PAGE, {"deed": "withdraw", "pledge": text})
    assert Ballot.objects.count() == 1
    client.post(PAGE, {"deed": "withdraw", "pledge": pledge.get_absolute_url().split("/")[-2]})
    assert not Ballot.objects.exists()
    assert is_exact()


def test_nobody_joins_without_an_account(client: Client) -> None:
    judge(client, PledgeFactory())
    for deed in ("join", "part"):
        assert client.post(PAGE, {"deed": deed}).headers["Location"] == f"/accounts/login/?next={PAGE}"
    assert not JoinedVoter.objects.exists()


def test_two_devices_become_one_voter(client: Client) -> None:
    user, pledge, more = UserFactory.create(), PledgeFactory(), PledgeFactory(title="街灯を増やします")
    phone = Client()
    judge(client, pledge)
    judge(phone, pledge, "bad")
    judge(phone, more)
    for browser in (client, phone):
        browser.force_login(user)
    client.post(PAGE, {"deed": "join"})
    assert "別に2件の評価があります" in phone.get(PAGE).content.decode()
    before = phone.cookies["tsushinbo_voter"].value
    phone.post(PAGE, {"deed": "join"})
    assert phone.cookies["tsushinbo_voter"].value != before
    assert Ballot.objects.count() == 2
    assert "街灯を増やします" in client.get(PAGE).content.decode()
    judge(phone, pledge, "good")
    assert Ballot.objects.filter(pledge=pledge).get().choice == "good"
    assert is_exact()
    client.post(PAGE, {"deed": "part"})
    assert not JoinedVoter.objects.exists()


def test_a_new_device_sees_and_withdraws_what_the_account_keeps(client: Client) -> None:
    user, pledge = UserFactory.create(), PledgeFactory(title="給食費を無償にします")
    judge(client, pledge)
    client.force_login(user)
    client.post(PAGE, {"deed": "join"})
    elsewhere = Client()
    elsewhere.force_login(user)
    assert "給食費を無償にします" in elsewhere.get(PAGE).content.decode()
    elsewhere.post(PAGE, {"deed": "withdraw", "pledge": pledge.get_absolute_url().split("/")[-2]})
    assert not Ballot.objects.exists()


def test_a_refusal_is_said_on_the_page(client: Client) -> None:
    client.force_login(UserFactory.create())
    page = client.post(PAGE, {"deed": "join"}, follow=True).content.decode()
    assert NothingToJoin.message in page


def test_a_long_list_costs_no_more(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pledges = [PledgeFactory() for _ in range(35)]
    for pledge in pledges:
        judge(client, pledge)
    with django_assert_num_queries(2):
        client.get(PAGE)
    user = UserFactory.create()
    client.force_login(user)
    for pledge in pledges[:3]:
        services.assess_pledge(pledge=pledge, author=user, progress=40, achievement=20, at=timezone.now())
    client.get("/accounts/assessments/")
    with django_assert_num_queries(6):  # session, account, count, rows, unread, note of use
        page = client.get("/accounts/assessments/").content.decode()
    assert page.count("進捗度 <b>40</b>") == 3


def test_assessments_are_listed_to_who_made_them(client: Client) -> None:
    assert client.get("/accounts/assessments/").headers["Location"] == "/accounts/login/?next=/accounts/assessments/"
    services.assess_pledge(
        pledge=PledgeFactory(), author=UserFactory.create(), progress=40, achievement=20, at=timezone.now()
    )
    client.force_login(UserFactory.create())
    assert "評価は、まだありません" in client.get("/accounts/assessments/").content.decode()
