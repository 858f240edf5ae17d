"""What a look for attacks reads of the ballots, and that an empty or quiet site is no trouble."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from pytest_django import Settings

from tests.evaluations.counting import AT, cast, counted, kept
from tests.evaluations.holding import hold, release
from tests.people.factories import PartyFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import BallotNetwork, Standing
from tsushinbo.evaluations.queries.attacks import NO_CASE, ballots_to_look_at
from tsushinbo.evaluations.services import holds
from tsushinbo.evaluations.services.attacks import Looked, look_for_attacks
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.attacks.ballots import NO_NETWORK

pytestmark = pytest.mark.django_db
NOTHING = Looked()


@pytest.fixture(autouse=True)
def _no_limit(settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_VOTER = settings.RATE_BALLOTS_PER_NETWORK = 1_000_000


def test_an_empty_site_is_looked_at() -> None:
    assert look_for_attacks(at=AT) == NOTHING
    assert str(NOTHING) == "nothing new"


@pytest.mark.parametrize("ballots", [1, 2, 5])
def test_a_few_ballots_are_no_attack(pledge: Pledge, ballots: int) -> None:
    for voter in range(ballots):
        cast(pledge, voter + 1, "bad", network="network:a")
    assert look_for_attacks(at=AT) == NOTHING
    assert kept(pledge) == counted(pledge) == {"bad": ballots}


def test_unpublished_pledges_and_those_of_parties_are_read_too(pledge: Pledge) -> None:
    party = PartyFactory.create()
    of_party = PartyPledgeFactory.create_batch(2, party=party)
    Pledge.objects.filter(pk=pledge.pk).update(published=False)
    for one in (pledge, *of_party):
        cast(one, 1)
    seen = ballots_to_look_at(AT)
    number_of = {pledge: number for number, pledge in enumerate(seen.pledges.tolist())}
    owners = [seen.owners[seen.ballots.politician_of[number_of[one.pk]]] for one in (pledge, *of_party)]
    assert owners == [(pledge.politician_id, False), (party.pk, True), (party.pk, True)]


def test_the_columns_are_those_of_the_ballots(pledge: Pledge) -> None:
    others = PledgeFactory.create_batch(3)
    long_ago = AT - timedelta(days=200)
    cast(pledge, 1, "bad", network="network:a")
    cast(others[0], 1, "good", network="network:a", at=long_ago)
    cast(others[0], 2, "good", network="network:b", at=AT - timedelta(days=1))
    cast(others[1], 2, "bad", network="network:b", at=AT - timedelta(hours=13))
    cast(others[1], 3, "bad", network="network:b", at=AT - timedelta(days=3))
    cast(others[2], 3, "bad")
    cast(others[2], 4, "bad", network="network:c")
    case = hold(others[1], voters=(2,))
    release(hold(others[2], voters=(4,)))
    seen = ballots_to_look_at(AT)
    told = {
        (int(seen.pledges[pledge]), int(seen.voters[voter])): (
            bool(choice),
            int(at),
            int(network),
            bool(cleared),
            int(held_in),
        )
        for pledge, voter, choice, at, network, cleared, held_in in zip(
            seen.ballots.pledge,
            seen.ballots.voter,
            seen.ballots.choice,
            seen.ballots.at,
            seen.ballots.network,
            seen.cleared,
            seen.case,
            strict=True,
        )
    }
    numbers = {(row.pledge_id, row.voter): row.network for row in BallotNetwork.objects.all()}
    noon = int(AT.timestamp())
    assert told == {
        (pledge.pk, 1): (False, noon, numbers[pledge.pk, 1], False, NO_CASE),
        (others[0].pk, 2): (True, noon - 86_400, numbers[others[0].pk, 2], False, NO_CASE),
        (others[1].pk, 2): (False, noon - 13 * 3600, numbers[others[1].pk, 2], False, case.pk),
        (others[1].pk, 3): (False, noon - 3 * 86_400, NO_NETWORK, False, NO_CASE),
        (others[2].pk, 3): (False, noon, NO_NETWORK, False, NO_CASE),
        (others[2].pk, 4): (False, noon, numbers[others[2].pk, 4], True, NO_CASE),
    }
    first_at = dict(zip(seen.voters.tolist(), seen.ballots.first_at.tolist(), strict=True))
    assert first_at[1] < noon - 120 * 86_400
    assert (first_at[2], first_at[3], first_at[4]) == (noon - 86_400, noon - 3 * 86_400, noon)
    assert seen.ballots.at.dtype == np.int64


def test_a_ballot_withdrawn_in_the_very_moment_leaves_no_hold_behind(
    pledge: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    for voter in (1, 2):
        cast(pledge, voter, "bad")
    settle = holds.settle

    def withdraw_first(*args: Any, **rest: Any) -> dict[int, bool]:
        services.withdraw_ballot(pledge=pledge, voter=1, at=AT)
        return settle(*args, **rest)

    monkeypatch.setattr(holds, "settle", withdraw_first)
    case = hold(pledge, voters=(1, 2))
    assert list(case.ballots.values_list("voter", flat=True)) == [2]
    assert case.details["ballots"] == 1
    assert cast(pledge, 1, "bad").standing == Standing.COUNTED
    assert kept(pledge) == counted(pledge) == {"bad": 1, "held": 1}
