"""Attack signs on invented sites whose truth is known: who attacked, and who did not."""

import numpy as np
import pytest

from tests.scoring.scenes import aimed, attacked, clean, crowd_of, crowded, followed, mean, news
from tests.scoring.small_scenes import several, signs, small
from tsushinbo.scoring.attacks.ballots import DAY
from tsushinbo.scoring.attacks.policy import Sign, detect
from tsushinbo.scoring.synthetic.traffic import START, Kind

pytestmark = pytest.mark.any_database

SEEDS = range(201, 203)


# What the tables of METHOD ask for.


@pytest.mark.parametrize("style", ["naive", "mixed", "throwaway"])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_loud_attacks_by_a_share_of_all_voters_are_held(style, share):
    found = mean(attacked(style, share, of="voters"), SEEDS)
    assert found.precision >= 0.98
    assert found.recall >= 0.95
    assert found.lost > 100
    assert abs(found.lost_with_holding) <= 3


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_stealthy_attacks_by_a_share_of_all_voters_are_held(share):
    found = mean(attacked("stealth", share, of="voters"), SEEDS)
    assert found.precision >= 0.95
    assert found.recall >= 0.90
    assert found.lost > 60
    assert abs(found.lost_with_holding) <= 5


@pytest.mark.parametrize("style", ["naive", "mixed", "stealth", "throwaway"])
@pytest.mark.parametrize("share", [0.2, 1.0])
def test_attacks_with_a_share_of_the_targets_own_ballots_are_held(style, share):
    found = mean(attacked(style, share, of="ballots"), SEEDS)
    assert found.precision >= 0.95
    assert found.recall >= 0.90
    assert abs(found.lost_with_holding) <= 5 < found.lost


@pytest.mark.parametrize("style", ["naive", "mixed"])
def test_even_a_handful_of_loud_attackers_is_mostly_held(style):
    found = mean(attacked(style, 0.05, of="ballots"), range(201, 211))
    assert found.honest_held == 0
    assert found.recall >= 0.5
    assert found.lost_with_holding <= found.lost / 2


def test_a_clean_site_with_mild_news_holds_nothing_and_stays_quiet():
    found = mean(clean, range(201, 205))
    assert found.honest_held == 0
    assert found.alerts <= 1


@pytest.mark.parametrize("share", [0.05, 0.2, 1.0])
def test_an_honest_local_crowd_as_large_as_the_targets_ballots_is_not_held(share):
    assert mean(crowd_of(share, of="ballots"), SEEDS).crowd_held <= 0.01


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_an_honest_local_crowd_as_large_as_a_share_of_all_voters_is_not_held(share):
    assert mean(crowd_of(share, of="voters"), SEEDS).crowd_held <= 0.01


# Beyond the tables.


@pytest.mark.parametrize("mood", [-0.3, -0.15, 0.15])
def test_a_crowd_in_a_mood_is_not_held(mood):
    assert mean(crowded(200, mood=mood), SEEDS).crowd_held <= 0.02


def test_two_hostile_camps_at_one_place_are_not_held():
    assert mean(crowded(200, strength=2), SEEDS).honest_held <= 0.0005


@pytest.mark.parametrize(("newcomers", "mood"), [(0.2, 0.0), (0.6, 0.0), (0.8, -0.3)])
def test_large_news_hold_nothing_however_many_newcomers_and_however_angry(newcomers, mood):
    found = mean(news(500, newcomers=newcomers, mood=mood), SEEDS)
    assert found.honest_held == 0
    assert found.alerted == 1


def test_followers_of_a_party_who_come_all_the_time_are_not_held():
    assert mean(followed(200), SEEDS).crowd_held == 0


def test_a_wave_of_followers_is_not_held():
    assert mean(followed(400, wave=100), SEEDS).crowd_held == 0


def test_an_attack_against_politicians_with_followers_is_held_and_the_followers_are_not():
    found = mean(followed(400, attackers=40), SEEDS)
    assert found.recall >= 0.9
    assert found.crowd_held <= 0.01


def test_an_attack_hidden_in_an_honest_crowd_is_held_and_hardly_the_crowd():
    found = mean(crowded(200, attackers=200), SEEDS)
    assert found.recall >= 0.9
    assert found.crowd_held <= 0.05


def test_an_attack_after_an_honest_crowd_is_held_and_the_crowd_is_not():
    found = mean(crowded(200, attackers=200, later=35), SEEDS)
    assert found.recall >= 0.9
    assert found.crowd_held == 0


@pytest.mark.parametrize("style", ["naive", "mixed", "stealth", "throwaway"])
def test_a_campaign_in_favour_is_held_like_one_against(style):
    found = mean(aimed(style, 40, 3, choice=True), SEEDS)
    assert found.recall >= 0.9
    assert found.lost < -60
    assert abs(found.lost_with_holding) <= 5


def test_a_list_of_single_pledges_is_held_as_co_voting():
    scene = aimed("list", 40, 20)(201)
    findings = detect(scene.ballots)
    campaign = scene.kind == Kind.ATTACK
    assert findings.held[campaign].mean() >= 0.8
    assert Sign.CO_VOTING in signs(findings, campaign)
    assert not findings.held[~np.isin(scene.kind, [Kind.ATTACK, Kind.CAMOUFLAGE])].any()


def test_nobody_who_disliked_the_targets_before_is_silenced_by_an_attack_in_their_name():
    scene = attacked("stealth", 0.05, of="voters")(203)
    findings = detect(scene.ballots)
    on_targets = np.isin(scene.ballots.politician_of[scene.ballots.pledge], scene.targets)
    honest_against = (scene.kind == Kind.ORDINARY) & on_targets & ~scene.ballots.choice
    assert honest_against.sum() > 100
    assert findings.held[honest_against].mean() <= 0.02


# The known limits: nothing may be held, and a person has to look.


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_throwaway_keys_from_everywhere_raise_an_alert_and_hold_nothing(share):
    found = mean(attacked("throwaway, wide", share, of="voters"), SEEDS)
    assert found.recall == 0
    assert found.honest_held == 0
    assert found.alerted == 1


def test_an_attack_on_one_politician_from_everywhere_holds_nothing():
    scene = aimed("stealth", 40, 1)(201)
    assert not detect(scene.ballots).held.any()


def test_a_window_alone_holds_nothing():
    scene = small()
    target = int(several(scene)[0])
    old = np.arange(600)
    pledges = np.flatnonzero(scene.site.owner == target)
    voter, pledge = np.repeat(old[:300], 2), np.tile(pledges[:2], 300)
    at = START + 60 * DAY + np.arange(600) * 20
    scene.cast(voter, pledge, at, Kind.SURGE, choice=np.zeros(600, dtype=bool))
    ballots, _ = scene.ballots()
    findings = detect(ballots)
    assert target in findings.alerts["burst"].node // 2
    assert not findings.held.any()
