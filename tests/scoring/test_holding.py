"""What is held for how long: fresh keys, releases, frozen places, crowded networks."""

from dataclasses import replace

import numpy as np
import pytest

from tests.scoring.small_scenes import several, signs, small, thrown_away
from tsushinbo.scoring.attacks.ballots import DAY, NO_NETWORK
from tsushinbo.scoring.attacks.policy import Release, Sign, detect, work_bits
from tsushinbo.scoring.method import METHOD
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack
from tsushinbo.scoring.synthetic.traffic import START, Kind

pytestmark = pytest.mark.any_database

PARAMETERS = METHOD.attacks


# Fresh keys and releases.


def test_keys_without_a_history_are_a_class_of_their_own():
    scene, _ = thrown_away()
    ballots, kind = scene.ballots()
    findings = detect(ballots)
    caught = findings.held & (kind == Kind.ATTACK)
    assert caught.sum() >= 0.9 * (kind == Kind.ATTACK).sum()
    assert signs(findings, caught) == {Sign.FRESH}


def test_a_fresh_key_that_lives_on_like_any_other_is_let_go():
    scene, targets = thrown_away()
    before = detect(scene.ballots()[0]).held
    key = int(scene.columns[-1][0][0])
    elsewhere = np.flatnonzero(~np.isin(scene.site.owner, targets))[::50][:4]
    later = START + 60 * DAY + np.arange(4) * 3 * DAY
    scene.cast(np.full(4, key), elsewhere, later, Kind.ORDINARY, network=np.array([7, 8, 9, 10]))
    ballots, kind = scene.ballots()
    findings = detect(ballots)
    own = (ballots.voter == key) & (kind == Kind.ATTACK)
    assert before[: len(own)][own[: len(before)]].all()
    assert findings.lived_on[own].all()
    assert not findings.held[own].any()
    assert findings.held.sum() == before.sum() - own.sum()
    assert set(findings.releases(own)[own].tolist()) == {Release.LIVED_ON}


def test_a_fresh_key_that_came_back_only_to_the_targets_stays_held():
    scene, targets = thrown_away()
    key = int(scene.columns[-1][0][0])
    again = np.setdiff1d(np.flatnonzero(np.isin(scene.site.owner, targets)), scene.columns[-1][1][:1])[:2]
    scene.cast(np.full(2, key), again, START + np.array([60, 63]) * DAY, Kind.ATTACK, choice=np.zeros(2, dtype=bool))
    ballots, _ = scene.ballots()
    findings = detect(ballots)
    assert findings.held[(ballots.voter == key) & (ballots.at < START + 55 * DAY)].all()
    assert not findings.lived_on.any()


def test_what_a_moderator_cleared_is_not_held_again():
    scene, _ = thrown_away()
    ballots, _ = scene.ballots()
    first = detect(ballots)
    cleared = first.held & (np.arange(len(ballots)) % 2 == 0)
    again = detect(ballots, cleared=cleared)
    assert not again.held[cleared].any()
    assert again.held[first.held & ~cleared].all()
    assert set(again.releases(first.held)[cleared].tolist()) == {Release.CLEARED}
    assert not again.releases(first.held)[~cleared].any()


def test_a_ballot_whose_signs_are_gone_is_released_for_that_reason():
    scene, _ = thrown_away()
    ballots, _ = scene.ballots()
    held = np.zeros(len(ballots), dtype=bool)
    held[:3] = True
    assert detect(ballots).releases(held)[:3].tolist() == [Release.NO_SIGN] * 3


def test_a_window_freezes_the_place_for_some_days():
    scene, targets = thrown_away()
    findings = detect(scene.ballots()[0])
    during, after = START + int(50.5 * DAY), START + 70 * DAY
    assert np.isin(targets, findings.frozen(during)).all()
    assert not np.isin(targets, findings.frozen(after)).any()
    assert not np.isin(targets, findings.frozen(START + 40 * DAY)).any()


def test_work_grows_in_a_window_and_only_there():
    bits = [work_bits(count, 0.5) for count in range(60)]
    assert bits[:3] == [0, 0, 0]
    assert bits == sorted(bits)
    assert bits[-1] == PARAMETERS.most_work


# The days of a campaign.


def test_a_citizen_of_the_same_mind_who_came_on_other_days_is_not_held():
    scene = small(11)
    targets = several(scene)
    attack(scene, targets, STYLES["mixed"], 14, begins=50.0)
    pledges = np.flatnonzero(np.isin(scene.site.owner, targets))[::3]
    citizen = scene.join(1, np.array([START]))
    days = np.array([4, 4, 10, 10, 11, 11]) * DAY
    said = np.zeros(6, dtype=bool)
    scene.cast(np.repeat(citizen, 6), pledges[:6], START + 50 * DAY + days, Kind.ORDINARY, choice=said)
    ballots, kind = scene.ballots()
    findings = detect(ballots)
    assert findings.held[kind == Kind.ATTACK].mean() >= 0.95
    assert not findings.held[ballots.voter == citizen[0]].any()


# Networks.


def test_three_of_one_network_are_held_for_every_politician_they_agree_on():
    """Also for one whom most people dislike, and who therefore does not speak for a campaign."""
    scene = small(12)
    disliked = int(np.argmin(scene.site.support()))
    targets = np.sort(np.append(several(scene, 2), disliked))
    pledges = np.concatenate([np.flatnonzero(scene.site.owner == target)[:4] for target in targets])
    numbers = scene.join(3, np.full(3, START + 50 * DAY))
    voter, pledge = np.repeat(numbers, 12), np.tile(pledges, 3)
    at = START + 50 * DAY + 9 * 3600 + np.arange(36) * 60
    said = np.zeros(36, dtype=bool)
    scene.cast(voter, pledge, at, Kind.ATTACK, choice=said, network=np.full(36, 999))
    ballots, kind = scene.ballots()
    assert detect(ballots).held[kind == Kind.ATTACK].all()


def test_a_network_means_nothing_beyond_its_day():
    scene = small(3)
    targets = several(scene, 2)
    pledges = np.concatenate([np.flatnonzero(scene.site.owner == target)[:2] for target in targets])
    numbers = scene.join(30, START + 40 * DAY + np.arange(30) * DAY)
    voter, pledge = np.repeat(numbers, 4), np.tile(pledges, 30)
    at = np.repeat(START + 40 * DAY + np.arange(30) * DAY + 5 * 3600, 4)
    one_network = np.full(120, 999)
    scene.cast(voter, pledge, at, Kind.ORDINARY, choice=np.zeros(120, dtype=bool), network=one_network)
    ballots, _ = scene.ballots()
    crowding = {one.politician for one in detect(ballots).crowdings}
    assert not crowding & set(targets.tolist())
    same_day = replace(ballots, at=np.where(ballots.network == 999, START + 40 * DAY + ballots.at % 3600, ballots.at))
    crowding = {one.politician for one in detect(same_day).crowdings}
    assert set(targets.tolist()) <= crowding


def test_ballots_without_a_network_are_not_of_one_network():
    scene, _ = thrown_away()
    ballots, _ = scene.ballots()
    assert detect(ballots).held.any()
    unknown = replace(ballots, network=np.full(len(ballots), NO_NETWORK))
    assert not detect(unknown).held.any()


def test_the_cases_of_networks_name_ballots_of_their_politician_and_choice():
    scene, targets = thrown_away()
    ballots, _ = scene.ballots()
    findings = detect(ballots)
    assert findings.crowdings
    for case in findings.crowdings:
        assert case.politician in targets
        assert (ballots.politician_of[ballots.pledge[case.rows]] == case.politician).all()
        assert (ballots.choice[case.rows] == case.choice).all()
        assert findings.held[case.rows].all()
