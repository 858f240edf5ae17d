"""Rules of holding by themselves, each on a small site with what it is there for: a test fails where its rule is taken out."""

from dataclasses import replace

import numpy as np
import pytest

from tests.scoring.small_scenes import several, small
from tsushinbo.scoring.attacks.ballots import DAY
from tsushinbo.scoring.attacks.policy import Findings, detect
from tsushinbo.scoring.method import METHOD, AttackParameters
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack, home
from tsushinbo.scoring.synthetic.traffic import START, Kind, Scene

pytestmark = pytest.mark.any_database

PARAMETERS = METHOD.attacks


def come(
    scene: Scene, kind: Kind, people: int, on: dict[int, tuple[int, int]], *, day: float, days: float = 0.0
) -> None:
    """Let new people come who all do the same: of each politician so many ballots, the first few of them 支持."""
    numbers = scene.join(people, np.full(people, START + int(day * DAY)))
    at = START + ((day + np.linspace(0, days, people)) * DAY).astype(np.int64)
    for politician, (ballots, good) in on.items():
        own = np.flatnonzero(scene.site.owner == politician)
        # Each begins at another pledge.
        pledge = own[(np.arange(people)[:, None] + np.arange(ballots)) % len(own)]
        choice = np.broadcast_to(np.arange(ballots) < good, pledge.shape)
        scene.cast(np.repeat(numbers, ballots), pledge.ravel(), np.repeat(at, ballots), kind, choice=choice.ravel())


def held(scene: Scene, kind: Kind, method: AttackParameters = PARAMETERS) -> float:
    """The share of the ballots of a kind that is held."""
    ballots, kinds = scene.ballots()
    findings: Findings = detect(ballots, method=method)
    return float(findings.held[kinds == kind].mean())


# Of pairs that belong to one cause, the case that explains the most voters.


def overlapping() -> Scene:
    """A campaign against three, of whom most go for all alike and some for the third, and honest people who dislike the first two and like the third.

    The first two are the strongest pair, and those of one mind about them include the honest ones; a pair with the third leads to all of the campaign.
    """
    scene = small(3)
    first, second, third = (int(one) for one in several(scene))
    come(scene, Kind.ATTACK, 12, {first: (2, 0), second: (2, 0), third: (2, 0)}, day=50, days=20)
    come(scene, Kind.ATTACK, 10, {first: (1, 0), second: (1, 0), third: (4, 0)}, day=50, days=20)
    come(scene, Kind.CROWD, 5, {first: (3, 0), second: (3, 0), third: (3, 3)}, day=52, days=16)
    return scene


def test_of_the_cases_of_one_cause_that_is_held_which_explains_the_most_voters():
    scene = overlapping()
    assert held(scene, Kind.ATTACK) == 1
    assert held(scene, Kind.CROWD) == 0


def test_without_rivals_the_strongest_pair_hides_the_rest_of_the_campaign_and_takes_honest_people_for_it():
    scene, alone = overlapping(), replace(PARAMETERS, most_rivals=0)
    assert held(scene, Kind.ATTACK, alone) < 0.5
    assert held(scene, Kind.CROWD, alone) > 0.5


# A few of one network who say much.


def visited(seed: int) -> Scene:
    """Three of one network against three politicians, whom on the same day eight others judge too, in five ballots each of both kinds."""
    scene = small(seed)
    targets = [int(one) for one in several(scene)]
    attack(scene, np.array(targets), STYLES["naive"], 3, begins=50.0)
    come(scene, Kind.CROWD, 8, dict(zip(targets, ((2, 1), (2, 1), (1, 1)), strict=True)), day=50.1)
    return scene


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_few_who_say_much_are_told_from_those_who_say_little(seed):
    scene = visited(seed)
    assert held(scene, Kind.ATTACK) == 1
    assert held(scene, Kind.CROWD) == 0


def test_without_a_bound_of_zeal_those_who_say_little_vouch_for_the_few():
    assert held(visited(1), Kind.ATTACK, replace(PARAMETERS, zealous_ballots=PARAMETERS.focus_ballots)) == 0


def test_fewer_ballots_than_the_bound_of_zeal_are_judged_among_all():
    """Three of one network with six ballots each, two on each politician: the eight others vouch for them."""
    scene = small(1)
    targets = [int(one) for one in several(scene)]
    attack(scene, np.array(targets), replace(STYLES["naive"], ballots=6), 3, begins=50.0)
    alone = held(scene, Kind.ATTACK)
    come(scene, Kind.CROWD, 8, dict(zip(targets, ((2, 1), (2, 1), (1, 1)), strict=True)), day=50.1)
    assert (alone, held(scene, Kind.ATTACK)) == (1, 0)


def test_of_few_less_is_asked_to_make_a_politician_a_target():
    scene = visited(1)
    assert PARAMETERS.nest_target < PARAMETERS.target_least
    assert held(scene, Kind.ATTACK) == 1
    assert held(scene, Kind.ATTACK, replace(PARAMETERS, nest_target=PARAMETERS.target_least)) == 0


# People of one home.


def at_home(people: int, *, opposed: float | None = None, homes: int = 30, seed: int = 1) -> Scene:
    """Honest homes of so many people, each of whom judges three politicians of the area on one evening."""
    scene = small(seed)
    for _ in range(homes):
        home(scene, people, opposed=opposed)
    return scene


@pytest.mark.parametrize("opposed", [None, 0.97, 1.0])
def test_two_of_one_home_are_never_held_not_even_if_they_are_wholly_of_one_mind(opposed):
    assert held(at_home(2, opposed=opposed), Kind.CROWD) == 0


def test_a_policy_that_held_two_of_one_network_would_hold_couples():
    two = replace(PARAMETERS, network_least=2, nest=3.0)
    assert held(at_home(2, opposed=1.0, homes=6), Kind.CROWD, two) > 0


@pytest.mark.parametrize("people", [3, 4])
def test_a_family_that_thinks_alike_and_yet_not_always_the_same_is_not_held(people):
    assert held(at_home(people), Kind.CROWD) <= 0.01


def test_two_attackers_of_one_network_are_held_no_more_than_a_couple_and_a_third_gives_them_away():
    found = {}
    for attackers in (2, 3):
        scene = small(1)
        attack(scene, several(scene), STYLES["naive"], attackers, begins=50.0)
        found[attackers] = held(scene, Kind.ATTACK)
    assert found == {2: 0, 3: 1}
