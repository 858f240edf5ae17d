"""Laws of holding, over any sequence of what voters, detection and moderators do."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tests.evaluations.counting import AT, cast, counted, kept
from tests.evaluations.holding import exclude, hold, release
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import DecidedSoAlready
from tsushinbo.evaluations.models import Ballot, HeldBallot, HoldCase, HoldDecision, Standing
from tsushinbo.evaluations.queries import tally_mismatches
from tsushinbo.evaluations.queries.holds import standing_mismatches, unfinished_cases
from tsushinbo.evaluations.services.holds import mend_standings
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
# The database is rolled back after the last example, not after each; every example makes pledges of its own.
many = running(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
VOTERS = (1, 2, 3)


@pytest.fixture(autouse=True)
def _no_limit(settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_VOTER = 1_000_000


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("cast"), st.sampled_from(VOTERS), st.sampled_from(["good", "bad"])),
        st.tuples(st.just("withdraw"), st.sampled_from(VOTERS), st.just("")),
        st.tuples(st.just("hold"), st.sampled_from(VOTERS), st.just("")),
        st.tuples(st.sampled_from(["release", "exclude"]), st.integers(0, 3), st.just("")),
    ),
    min_size=1,
    max_size=20,
)


class Told:
    """What ought to be, told in plain words: the ballots there are, and what was said last of each voter."""

    def __init__(self) -> None:
        self.ballots: dict[int, str] = {}
        self.standing: dict[int, Standing] = {}
        self.cases: list[tuple[HoldCase, int]] = []

    def tally(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for voter, choice in self.ballots.items():
            standing = self.standing.get(voter, Standing.COUNTED)
            column = choice if standing == Standing.COUNTED else standing.name.lower()
            counts[column] = counts.get(column, 0) + 1
        return counts


def do(pledge: Pledge, told: Told, deed: str, who: int, choice: str) -> None:
    if deed == "cast":
        cast(pledge, who, choice, "clear" if choice == "good" else "other")
        told.ballots[who] = choice
    elif deed == "withdraw":
        assert services.withdraw_ballot(pledge=pledge, voter=who, at=AT) == (who in told.ballots)
        told.ballots.pop(who, None)
    elif deed == "hold":
        if who in told.ballots and not HeldBallot.objects.filter(pledge=pledge, voter=who).exists():
            told.cases.append((hold(pledge, voters=(who,)), who))
            told.standing[who] = Standing.HELD
    elif told.cases:
        case, voter = told.cases[who % len(told.cases)]
        case.refresh_from_db()
        decide, after = (release, Standing.COUNTED) if deed == "release" else (exclude, Standing.EXCLUDED)
        if told.standing[voter] == after and case.state != HoldCase.State.OPEN:
            with pytest.raises(DecidedSoAlready):
                decide(case)
        else:
            decide(case)
            told.standing[voter] = after


@many
@given(deeds)
def test_the_tally_always_equals_a_recount_and_what_was_decided(sequence: list[tuple[str, int, str]]) -> None:
    pledge, told = PledgeFactory.create(), Told()
    with transaction.atomic():
        for deed in sequence:
            do(pledge, told, *deed)
        stored = kept(pledge)
        assert stored == counted(pledge)
        assert {name: stored.get(name, 0) for name in ("good", "bad", "held", "excluded")} == {
            name: told.tally().get(name, 0) for name in ("good", "bad", "held", "excluded")
        }
        assert not list(tally_mismatches())
        assert not list(standing_mismatches())
        assert not unfinished_cases().exists()
        assert mend_standings(at=AT) == 0


@many
@given(deeds, st.sampled_from(["good", "bad"]))
def test_withdrawing_restores_the_tally_exactly_whatever_was_held(
    sequence: list[tuple[str, int, str]], choice: str
) -> None:
    pledge, told = PledgeFactory.create(), Told()
    for deed in sequence:
        do(pledge, told, *deed)
    for voter in (*VOTERS, 99):
        services.withdraw_ballot(pledge=pledge, voter=voter, at=AT)
        before = kept(pledge)
        cast(pledge, voter, choice, "feasible", "insincere")
        services.withdraw_ballot(pledge=pledge, voter=voter, at=AT)
        assert kept(pledge) == before
    assert kept(pledge) == {}


@many
@given(st.lists(st.tuples(st.sampled_from(VOTERS), st.sampled_from(["good", "bad"])), min_size=1, max_size=6))
def test_holding_and_releasing_is_as_if_nothing_had_been(ballots: list[tuple[int, str]]) -> None:
    pledge = PledgeFactory.create()
    for voter, choice in ballots:
        cast(pledge, voter, choice, "sincere")
    before, rows = kept(pledge), list(Ballot.objects.filter(pledge=pledge).order_by("voter").values())
    held = tuple({voter for voter, _ in ballots})
    case, person = hold(pledge, voters=held), UserFactory.create()
    assert kept(pledge) == {"held": len(held)}
    release(case, by=person)
    assert kept(pledge) == before
    assert list(Ballot.objects.filter(pledge=pledge).order_by("voter").values()) == rows
    assert HoldDecision.objects.get(case=case).ballots == len(held)
