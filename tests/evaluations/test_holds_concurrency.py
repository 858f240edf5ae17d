"""Voters, detection and moderators at once, each on a connection of its own, on the database that is really there."""

from contextlib import suppress

import pytest

from tests.accounts.factories import UserFactory
from tests.evaluations.counting import AT, cast, counted, kept
from tests.evaluations.holding import exclude, hold, release
from tests.evaluations.test_concurrency import all_at_once
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import CaseChanged
from tsushinbo.evaluations.models import Ballot, HoldCase, HoldDecision
from tsushinbo.evaluations.queries import tally_mismatches
from tsushinbo.evaluations.queries.holds import standing_mismatches, unfinished_cases
from tsushinbo.evaluations.services.holds import mend_standings
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db(transaction=True)
VOTERS = tuple(range(1, 25))


def judge(pledges: list[Pledge], voter: int) -> None:
    """Change one's mind, withdraw, cast again."""
    for pledge in pledges if voter % 2 else reversed(pledges):
        cast(pledge, voter, "good", "clear")
        services.withdraw_ballot(pledge=pledge, voter=voter, at=AT)
        cast(pledge, voter, "bad", "unclear", "other")
        if voter % 3 == 0:
            services.withdraw_ballot(pledge=pledge, voter=voter, at=AT)


@pytest.mark.parametrize("decide", [release, exclude])
def test_voters_who_change_while_a_case_is_decided_break_no_tally(decide: type) -> None:
    pledges = PledgeFactory.create_batch(2)
    for pledge in pledges:
        for voter in VOTERS:
            cast(pledge, voter, "bad")
    case, person = hold(*pledges, voters=VOTERS), UserFactory.create()
    all_at_once(lambda: decide(case, by=person), *(lambda voter=voter: judge(pledges, voter) for voter in VOTERS))
    for pledge in pledges:
        assert kept(pledge) == counted(pledge)
        expected = {"excluded": 16} if decide is exclude else {"bad": 16, "unclear": 16, "other": 16}
        assert kept(pledge) == expected
    assert not list(tally_mismatches())
    assert not list(standing_mismatches())
    assert not unfinished_cases().exists()


def test_voters_who_change_while_they_are_held_break_no_tally() -> None:
    pledges = PledgeFactory.create_batch(2)
    for pledge in pledges:
        for voter in VOTERS:
            cast(pledge, voter, "bad")
    all_at_once(lambda: hold(*pledges, voters=VOTERS), *(lambda voter=voter: judge(pledges, voter) for voter in VOTERS))
    for pledge in pledges:
        # Who was just withdrawing when the others were held is found by the next look.
        assert kept(pledge) == counted(pledge)
        assert kept(pledge).get("held", 0) + kept(pledge).get("bad", 0) == 16
    assert not list(standing_mismatches())


def test_of_two_moderators_at_once_one_decides(pledge: Pledge) -> None:
    for voter in VOTERS:
        cast(pledge, voter, "bad")
    hold(pledge, voters=VOTERS)
    people = UserFactory.create_batch(6)
    told: list[str] = []

    def decide(number: int) -> None:
        case = cases[number]
        try:
            (release if number % 2 else exclude)(case, by=people[number])
        except CaseChanged:
            told.append("too late")

    cases = [HoldCase.objects.get() for _ in people]
    all_at_once(*(lambda number=number: decide(number) for number in range(6)))
    assert len(told) == 5
    assert HoldDecision.objects.count() == 1
    standing = {HoldDecision.Verdict.RELEASE: "bad", HoldDecision.Verdict.EXCLUDE: "excluded"}
    assert kept(pledge) == counted(pledge) == {standing[HoldDecision.objects.get().verdict]: 24}


def test_counting_anew_and_mending_meanwhile_lose_nothing(pledge: Pledge) -> None:
    for voter in VOTERS:
        cast(pledge, voter, "bad")
    case, person = hold(pledge, voters=VOTERS[:12]), UserFactory.create()

    def revise() -> None:
        for deed in (exclude, release, exclude):
            with suppress(CaseChanged):
                deed(HoldCase.objects.get(pk=case.pk), by=person)

    works = [lambda: services.recount([pledge.pk]), lambda: mend_standings(at=AT)] * 5
    all_at_once(revise, *works, *(lambda voter=voter: cast(pledge, voter, "good") for voter in VOTERS))
    mend_standings(at=AT)
    assert kept(pledge) == counted(pledge) == {"good": 12, "excluded": 12}
    assert Ballot.objects.count() == 24
    assert not list(standing_mismatches())
