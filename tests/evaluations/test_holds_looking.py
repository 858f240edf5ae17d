"""Looking for attacks on an invented site in the database: what was planted is held, honest crowds are not, and another look changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tests.evaluations.counting import AT, cast, kept
from tests.evaluations.holding import exclude, hold, release
from tests.evaluations.planting import END, Planted, time_of
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Alert, Ballot, BallotNetwork, HeldBallot, HoldCase, Standing, Tally
from tsushinbo.evaluations.queries import tally_mismatches
from tsushinbo.evaluations.queries.holds import facts_of_alert, frozen_parties, frozen_politicians, standing_mismatches
from tsushinbo.evaluations.services import attacks
from tsushinbo.evaluations.services.attacks import Looked, look_for_attacks
from tsushinbo.evaluations.services.holds import mark_alert_seen
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack, surge

pytestmark = pytest.mark.django_db
NOTHING = Looked()
# Within the two days for which networks are kept.
BEGINS = 119.5


@pytest.fixture(autouse=True)
def _no_limit(settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_VOTER = settings.RATE_BALLOTS_PER_NETWORK = 1_000_000


@pytest.fixture
def site() -> Planted:
    return Planted()


def held() -> set[tuple[int, int]]:
    return set(Ballot.objects.filter(standing=Standing.HELD).values_list("pledge", "voter"))


def targets_of(case: HoldCase) -> set[tuple[str, int, str]]:
    return {(target["kind"], target["id"], target["choice"]) for target in case.details["targets"]}


def in_order() -> bool:
    return not list(tally_mismatches()) and not list(standing_mismatches())


# what is planted


def test_ordinary_life_holds_nothing(site: Planted) -> None:
    assert look_for_attacks(at=END).held == 0
    assert not Tally.objects.exclude(held=0).exists()


def test_a_naive_campaign_is_held_and_nothing_else(site: Planted) -> None:
    targets = site.well_supported()
    before = {pledge.pk: kept(pledge) for pledge in site.pledges}
    attack(site.scene, targets, STYLES["naive"], 30, begins=BEGINS)
    campaign = site.cast()
    looked = look_for_attacks(at=END)
    assert held() == campaign
    assert (looked.held, looked.cases) == (len(campaign), 1)
    case = HoldCase.objects.get()
    assert case.sign == HoldCase.Sign.CO_TARGET
    assert targets_of(case) == {("politician", site.owners[target].pk, "bad") for target in targets}
    assert (case.details["ballots"], case.details["voters"]) == (len(campaign), 30)
    assert time_of(0) < case.begins_at < case.ends_at <= END
    # Without them the tallies are as if nobody had come.
    for pledge in site.pledges:
        assert {name: count for name, count in kept(pledge).items() if name != "held"} == before[pledge.pk]
    assert in_order()


def test_another_look_at_the_same_ballots_changes_nothing(site: Planted) -> None:
    attack(site.scene, site.well_supported(), STYLES["naive"], 30, begins=BEGINS)
    site.cast()
    look_for_attacks(at=END)
    before = [list(model.objects.order_by("pk").values()) for model in (HoldCase, HeldBallot, Alert, Tally, Ballot)]
    assert look_for_attacks(at=END) == NOTHING
    after = [list(model.objects.order_by("pk").values()) for model in (HoldCase, HeldBallot, Alert, Tally, Ballot)]
    assert after == before


def test_an_honest_surge_is_not_held_and_raises_an_alert_once(site: Planted) -> None:
    politician = int(site.well_supported()[0])
    surge(site.scene, politician, 250, newcomers=0.2, begins=118.5)
    site.cast()
    assert look_for_attacks(at=END).held == 0
    assert not held()
    owner = site.owners[politician]
    assert set(Alert.objects.values_list("politician", flat=True)) == {owner.pk}
    assert frozen_politicians(END) == {owner.pk}
    raised = Alert.objects.count()
    for alert in Alert.objects.all():
        mark_alert_seen(alert=alert, by=UserFactory.create(), at=END)
    # The windows of tomorrow begin at other hours, and the same surge is still in them.
    assert look_for_attacks(at=END + timedelta(days=1)).alerts == 0
    assert Alert.objects.count() == raised
    assert frozen_politicians(END) == set()


def test_old_ballots_that_are_turned_over_all_at_once_raise_an_alert(site: Planted, pledge: Pledge) -> None:
    site.cast()
    voters = range(900_000_000, 900_000_090)
    for day, voter in enumerate(voters, start=1):
        cast(pledge, voter, at=END - timedelta(days=day))
    look_for_attacks(at=END - timedelta(hours=2))
    assert not Alert.objects.filter(politician=pledge.politician).exists()
    for voter in voters:
        cast(pledge, voter, "bad", at=END - timedelta(hours=1))
    assert look_for_attacks(at=END).held == 0
    assert set(Alert.objects.values_list("politician", "kind", "choice")) >= {(pledge.politician_id, "burst", "bad")}
    assert frozen_politicians(END) == {pledge.politician_id}
    alert = Alert.objects.get(politician=pledge.politician, kind="burst")
    assert facts_of_alert(alert).bad == 90


def test_ballots_that_come_later_join_the_open_case(site: Planted) -> None:
    targets = site.well_supported()
    attack(site.scene, targets, STYLES["naive"], 30, begins=119.0)
    first = site.cast()
    look_for_attacks(at=time_of(int(END.timestamp()) - 43_200))
    attack(site.scene, targets, STYLES["naive"], 20, begins=119.6)
    second = site.cast()
    looked = look_for_attacks(at=END)
    assert (looked.held, looked.cases) == (len(second), 0)
    case = HoldCase.objects.get()
    assert held() == first | second
    assert (case.details["ballots"], case.details["voters"]) == (len(first | second), 50)
    assert case.changed_at == END
    assert in_order()


def test_what_was_released_is_never_held_again_and_what_comes_then_is_a_new_case(site: Planted) -> None:
    targets = site.well_supported()
    attack(site.scene, targets, STYLES["naive"], 30, begins=119.0)
    first = site.cast()
    look_for_attacks(at=END)
    release(HoldCase.objects.get())
    assert look_for_attacks(at=END) == NOTHING
    attack(site.scene, targets, STYLES["naive"], 20, begins=119.6)
    second = site.cast()
    assert look_for_attacks(at=END).cases == 1
    assert held() == second
    assert not held() & first


def test_what_was_excluded_stays_where_it_is(site: Planted) -> None:
    attack(site.scene, site.well_supported(), STYLES["naive"], 30, begins=BEGINS)
    campaign = site.cast()
    look_for_attacks(at=END)
    exclude(HoldCase.objects.get())
    assert look_for_attacks(at=END) == NOTHING
    assert not held()
    assert Ballot.objects.filter(standing=Standing.EXCLUDED).count() == len(campaign)


def test_a_campaign_against_parties_is_held_as_one_against_people() -> None:
    site = Planted(parties=24)
    targets = site.well_supported()
    attack(site.scene, targets, STYLES["naive"], 30, begins=BEGINS)
    campaign = site.cast()
    look_for_attacks(at=END)
    assert held() == campaign
    parties = {site.owners[target].pk for target in targets}
    assert targets_of(HoldCase.objects.get()) == {("party", party, "bad") for party in parties}
    assert frozen_parties(END) == parties
    assert frozen_politicians(END) == set()


# keys without a history


@pytest.fixture
def thrown_away(site: Planted) -> set[tuple[int, int]]:
    """Ballots of an attack that drops its cookie after each, out of a few networks, held as fresh."""
    attack(site.scene, site.well_supported(), STYLES["throwaway"], 10, begins=BEGINS)
    campaign = site.cast()
    look_for_attacks(at=END)
    assert held() == campaign
    assert set(HoldCase.objects.values_list("sign", flat=True)) == {HoldCase.Sign.FRESH}
    return campaign


def go_on(site: Planted, voter: int, *, days: int, pledges: tuple[int, ...]) -> None:
    for number in pledges:
        cast(site.pledges[number], voter, "good", at=END + timedelta(days=days, minutes=number))


def test_a_fresh_key_that_lives_on_is_let_go_though_its_network_is_forgotten(
    site: Planted, thrown_away: set[tuple[int, int]]
) -> None:
    (pledge, voter), *others = sorted(thrown_away)
    # A ballot on the pledge that is held would be held too.
    one, two, *rest = [number for number, other in enumerate(site.pledges) if other.pk != pledge]
    elsewhere = next(n for n in rest if site.pledges[n].politician_id != site.pledges[one].politician_id)
    go_on(site, voter, days=8, pledges=(one, two, elsewhere))
    later = END + timedelta(days=9)
    assert look_for_attacks(at=later).lived_on == 1
    assert not BallotNetwork.objects.exists()
    assert Ballot.objects.get(pledge=pledge, voter=voter).standing == Standing.COUNTED
    assert HeldBallot.objects.get(voter=voter).ending == HeldBallot.Ending.LIVED_ON
    assert held() == set(others)
    assert sum(HoldCase.objects.values_list("details__ballots", flat=True)) == len(others)
    assert in_order()
    assert look_for_attacks(at=later) == NOTHING


def test_one_that_came_back_too_soon_too_seldom_or_to_one_page_is_not(
    site: Planted, thrown_away: set[tuple[int, int]]
) -> None:
    (_, soon), (_, seldom), (_, one_page), *_ = sorted(thrown_away)
    go_on(site, soon, days=5, pledges=(0, 1, 8))
    go_on(site, seldom, days=8, pledges=(0, 8))
    go_on(site, one_page, days=8, pledges=(0, 1, 2))
    assert look_for_attacks(at=END + timedelta(days=9)).lived_on == 0
    assert held() == thrown_away


def test_a_case_of_which_all_lived_on_needs_no_moderator(pledge: Pledge) -> None:
    others = PledgeFactory.create_batch(3)
    cast(pledge, 1, "bad")
    hold(pledge, sign="fresh")
    for other in others:
        cast(other, 1, at=AT + timedelta(days=8))
    assert look_for_attacks(at=AT + timedelta(days=9)).lived_on == 1
    assert HoldCase.objects.get().state == HoldCase.State.RELEASED
    assert kept(pledge) == {"bad": 1}


@pytest.mark.parametrize("sign", ["co_target", "network"])
def test_other_signs_are_not_lived_down(pledge: Pledge, sign: str) -> None:
    cast(pledge, 1, "bad")
    hold(pledge, sign=sign)
    for other in PledgeFactory.create_batch(3):
        cast(other, 1, at=AT + timedelta(days=8))
    assert look_for_attacks(at=AT + timedelta(days=9)) == NOTHING
    assert kept(pledge) == {"held": 1}


def test_an_excluded_key_does_not_live_it_down(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    exclude(hold(pledge, sign="fresh"))
    for other in PledgeFactory.create_batch(3):
        cast(other, 1, at=AT + timedelta(days=8))
    assert look_for_attacks(at=AT + timedelta(days=9)) == NOTHING


# what happens meanwhile


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let something happen after the ballots were read and before anything is held."""

    def arrange(deed: Callable[[], object]) -> None:
        detect = attacks.detect

        def detect_and_wait(*args: object, **rest: object) -> object:
            found = detect(*args, **rest)  # type: ignore[arg-type]
            deed()
            return found

        monkeypatch.setattr(attacks, "detect", detect_and_wait)

    return arrange


def test_who_withdrew_or_changed_meanwhile_breaks_nothing(
    site: Planted, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    attack(site.scene, site.well_supported(), STYLES["naive"], 30, begins=BEGINS)
    campaign = sorted(site.cast())
    pledges = {pledge.pk: pledge for pledge in site.pledges}

    def change() -> None:
        for pledge, voter in campaign[::3]:
            services.withdraw_ballot(pledge=pledges[pledge], voter=voter, at=END)
        for pledge, voter in campaign[1::3]:
            cast(pledges[pledge], voter, "good", "clear", at=END)

    meanwhile(change)
    looked = look_for_attacks(at=END)
    left = set(campaign) - set(campaign[::3])
    assert looked.held == len(left)
    assert held() == left
    assert HeldBallot.objects.count() == len(left)
    assert in_order()


def test_a_case_that_is_decided_meanwhile_does_not_grow(site: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    targets = site.well_supported()
    attack(site.scene, targets, STYLES["naive"], 30, begins=119.0)
    first = site.cast()
    look_for_attacks(at=END)
    attack(site.scene, targets, STYLES["naive"], 20, begins=119.6)
    second = site.cast()
    open_case = attacks._open_case

    def decide_then(*args: Any) -> HoldCase | None:
        found = open_case(*args)
        if found is not None:
            exclude(HoldCase.objects.get(pk=found.pk))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(attacks, "_open_case", decide_then)
        look_for_attacks(at=END)
    assert HoldCase.objects.get(state=HoldCase.State.EXCLUDED).ballots.count() == len(first)
    look_for_attacks(at=END)
    assert held() == second
    assert in_order()
