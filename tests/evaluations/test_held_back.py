"""What draws and lists make of pledges whose politician stands in an election."""

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.cast import assessed, tally
from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.elections.queries import mode
from tsushinbo.evaluations.queries import draw_pledge, own_box, public_box
from tsushinbo.evaluations.queries.held_back import hold_back
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
QUIET, CAMPAIGN = "2026-12-12T23:59:59+09:00", "2026-12-13T00:00:00+09:00"


def at(moment: str) -> time_machine.travel:
    mode.forget()
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def pledge() -> Pledge:
    """A judged pledge of somebody who stands."""
    made = PledgeFactory.create()
    election = UpcomingElectionFactory(polling_on="2026-12-20", precision="day", announced_on="2026-12-13")
    CandidacyFactory(contest=ContestFactory(election=election), politician=made.politician)
    tally(made, 30, 10, held=2)
    assessed(made, 12)
    return made


def read(pledge: Pledge) -> Pledge:
    return Pledge.objects.select_related("tally", "assessment_tally").get(pk=pledge.pk)


def test_nothing_is_left_of_the_figures_but_why(pledge: Pledge) -> None:
    for moment, held in ((QUIET, False), (CAMPAIGN, True)):
        with at(moment):
            found = read(pledge)
            hold_back([found], timezone.now())
            assert (found.hold is not None) is held
            box, own = public_box(found), own_box(found, voter=None)
        counted = (box.tally.ballots, box.tally.held, own.tally.ballots, box.progress_missing)
        assert counted == ((0, 0, 0, 10) if held else (40, 2, 40, 0))
        assert Pledge.objects.get(pk=pledge.pk).tally.ballots == 40


def test_many_pledges_take_one_query_and_parties_none(
    pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many = [PledgeFactory.create() for _ in range(3)]
    with at(CAMPAIGN):
        mode.running(timezone.now())
        with django_assert_num_queries(1):
            hold_back([pledge, *many], timezone.now())
        with django_assert_num_queries(0):
            hold_back([PartyPledgeFactory.build()], timezone.now())
    assert [one.hold is not None for one in (pledge, *many)] == [True, False, False, False]


def test_draw_does_not_tell_which_pledge_few_have_judged(pledge: Pledge) -> None:
    rare = PledgeFactory.create(politician=pledge.politician)

    def drawn() -> set[int]:
        found = (draw_pledge(seed=seed) for seed in range(30))
        return {one.pk for one in found if one is not None}

    with at(QUIET):
        assert drawn() == {rare.pk}
    with at(CAMPAIGN):
        assert drawn() == {rare.pk, pledge.pk}
