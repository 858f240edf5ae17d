"""Attack signs on invented sites whose truth is known: who attacked, and who did not."""

from dataclasses import replace

import numpy as np
import pytest

from tsushinbo.scoring.attacks.ballots import Ballots
from tsushinbo.scoring.attacks.policy import Findings, detect
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack, crowd, neighbours, surge
from tsushinbo.scoring.synthetic.opinions import Integers
from tsushinbo.scoring.synthetic.traffic import Kind, Scene, Site

pytestmark = pytest.mark.any_database

VOTERS, BALLOTS, SURGES = 4000, 75_000, 12


def scene(seed: int) -> Scene:
    generator = np.random.default_rng(seed)
    made = Scene(Site.draw(generator), generator)
    made.ordinary(VOTERS, BALLOTS)
    for _ in range(SURGES):
        surge(made, int(generator.integers(300)), BALLOTS // 300 // 8)
    return made


def looked_at(made: Scene) -> tuple[Ballots, Integers, Findings]:
    ballots, kinds = made.ballots()
    return ballots, kinds, detect(ballots)


def rows_of(ballots: Ballots, rows: Integers) -> Ballots:
    """Some of the ballots, in this order; what is known of voters and pledges stays."""
    names = ("voter", "pledge", "choice", "at", "network")
    return replace(ballots, **{name: getattr(ballots, name)[rows] for name in names})


@pytest.mark.parametrize("seed", [1, 2])
def test_news_with_many_old_voters_of_both_minds_holds_nothing(seed: int) -> None:
    _, _, findings = looked_at(scene(seed))
    assert not findings.held.any()


@pytest.mark.parametrize("style", ["naive", "mixed", "stealth", "throwaway"])
def test_a_campaign_of_every_twentieth_voter_is_held_and_nobody_else(style: str) -> None:
    made = scene(3)
    attack(made, neighbours(made.generator, made.site), STYLES[style], VOTERS // 20)
    _, kinds, findings = looked_at(made)
    attacked, planted = kinds == Kind.ATTACK, np.isin(kinds, (Kind.ATTACK, Kind.CAMOUFLAGE))
    assert findings.held[attacked].mean() >= 0.95
    assert (findings.held & planted).sum() / findings.held.sum() >= 0.99


def test_a_local_crowd_with_its_own_opinions_is_hardly_held() -> None:
    made = scene(4)
    crowd(made, neighbours(made.generator, made.site), VOTERS // 20)
    _, kinds, findings = looked_at(made)
    assert findings.held[kinds == Kind.CROWD].mean() <= 0.19


def test_the_order_of_the_ballots_does_not_matter() -> None:
    made = scene(5)
    attack(made, neighbours(made.generator, made.site), STYLES["mixed"], VOTERS // 20)
    ballots, _, findings = looked_at(made)
    order = np.random.default_rng(0).permutation(len(ballots))
    shuffled = rows_of(ballots, order)
    assert np.array_equal(detect(shuffled).held, findings.held[order])


def test_ballots_that_a_moderator_cleared_are_held_no_more() -> None:
    made = scene(6)
    attack(made, neighbours(made.generator, made.site), STYLES["naive"], VOTERS // 20)
    ballots, _, findings = looked_at(made)
    again = detect(ballots, cleared=findings.held)
    assert not (again.held & findings.held).any()


def test_an_empty_site_and_a_single_ballot_hold_nothing() -> None:
    ballots, _ = scene(7).ballots()
    for rows in (0, 1):
        few = rows_of(ballots, np.arange(rows))
        assert not detect(few).held.any()
