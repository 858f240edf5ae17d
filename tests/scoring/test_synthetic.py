"""The invented voters: that they are what they are said to be, so that what is measured on them means something."""

from dataclasses import replace

import numpy as np
import pytest

from tsushinbo.scoring.attacks.ballots import DAY
from tsushinbo.scoring.synthetic.campaigns import (
    RENTED,
    STYLES,
    attack,
    attackers_for,
    crowd,
    followers,
    neighbours,
    surge,
)
from tsushinbo.scoring.synthetic.opinions import Pledges, Voters, divided_sample
from tsushinbo.scoring.synthetic.traffic import START, Kind, Scene, Site

pytestmark = pytest.mark.any_database


def site(seed: int = 1, **options) -> Scene:
    generator = np.random.default_rng(seed)
    scene = Scene(Site.draw(generator, politicians=60, areas=4, networks=400, **options), generator)
    scene.ordinary(800, 12_000)
    return scene


def of_kind(scene: Scene, kind: Kind):
    ballots, kinds = scene.ballots()
    return ballots.take(kinds == kind)


def chosen(scene: Scene) -> np.ndarray:
    return neighbours(scene.generator, scene.site)


# Opinions.


def test_a_sample_is_of_the_size_asked_for_and_has_no_pair_twice():
    sample = divided_sample(1, voters=300, pledges=200, ballots=9000)
    pair = sample.voter * 200 + sample.pledge
    assert len(pair) == len(np.unique(pair)) == 9000
    assert sample.voter.max() < 300
    assert sample.pledge.max() < 200


def test_the_same_seed_gives_the_same_sample_and_another_seed_another():
    first, same, other = (divided_sample(seed, voters=300, pledges=200, ballots=5000) for seed in (1, 1, 2))
    for name in ("voter", "pledge", "choice", "level"):
        assert getattr(first, name).tobytes() == getattr(same, name).tobytes()
    assert first.choice.tobytes() != other.choice.tobytes()


def test_a_sample_that_cannot_be_so_large_is_as_large_as_it_can_be():
    sample = divided_sample(1, voters=5, pledges=4, ballots=1000, exposure=0)
    assert 18 <= len(sample.voter) <= 20


def test_better_pledges_are_supported_more_and_levels_agree_with_choices():
    sample = divided_sample(3, voters=1000, pledges=300, ballots=60_000, even=True)
    share = np.bincount(sample.pledge, sample.choice) / np.bincount(sample.pledge)
    assert np.corrcoef(share, sample.truth.quality)[0, 1] > 0.6
    assert sample.choice[sample.level == 1].all()
    assert not sample.choice[sample.level == 0].any()
    assert set(np.unique(sample.level)) == {0.0, 0.5, 1.0}


@pytest.mark.parametrize(("exposure", "low", "high"), [(0.0, 0.9, 1.1), (1.5, 3.0, 5.0), (3.0, 8.0, 20.0)])
def test_exposure_shows_voters_their_own_side(exposure, low, high):
    sample = divided_sample(4, voters=3000, pledges=2000, ballots=60_000, exposure=exposure, even=True)
    divided = np.abs(sample.truth.polarity[sample.pledge]) > 0.3
    own = sample.people.polarity[sample.voter] * sample.truth.polarity[sample.pledge] > 0
    assert low <= own[divided].sum() / (~own[divided]).sum() <= high


def test_who_does_not_read_says_nothing_of_the_pledge():
    generator = np.random.default_rng(5)
    pledges = Pledges(np.array([-1.0, 1.0]), np.zeros(2))
    reader = Voters(np.zeros(1), np.zeros(1), np.zeros(1))
    voter, pledge = np.zeros(4000, dtype=int), np.arange(4000) % 2
    for laziness, apart in ((0.0, 2.0), (0.5, 1.0), (1.0, 0.0)):
        lazy = replace(reader, laziness=np.array([laziness]))
        opinion = lazy.opinion(generator, voter, pledges, pledge)
        assert opinion[pledge == 1].mean() - opinion[pledge == 0].mean() == pytest.approx(apart, abs=0.1)


def test_some_voters_are_lazy_where_asked_for():
    voters = Voters.draw(np.random.default_rng(6), 5000, lazy=0.2)
    assert (voters.laziness > 0).mean() == pytest.approx(0.2, abs=0.02)
    assert not (Voters.draw(np.random.default_rng(6), 500).laziness > 0).any()


def test_six_voters_of_ten_are_of_the_larger_camp():
    polarity = Voters.draw(np.random.default_rng(7), 20_000).polarity
    assert (polarity < 0).mean() == pytest.approx(0.6, abs=0.02)
    assert np.abs(Voters.draw(np.random.default_rng(7), 500, strength=2).polarity).mean() == pytest.approx(
        2 * np.abs(Voters.draw(np.random.default_rng(7), 500).polarity).mean()
    )


# Traffic.


def test_a_site_has_about_the_ballots_asked_for_one_a_voter_and_pledge():
    ballots, kind = site().ballots()
    assert len(ballots) == pytest.approx(12_000, rel=0.15)
    assert (kind == Kind.ORDINARY).all()
    assert len(ballots.order) == len(ballots)


def test_the_same_seed_gives_the_same_site():
    first, same = site(2), site(2)
    for scene in (first, same):
        attack(scene, chosen(scene), STYLES["mixed"], 20)
    one, other = first.ballots()[0], same.ballots()[0]
    for name in ("voter", "pledge", "choice", "at", "network", "first_at"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


def test_nobody_votes_before_the_first_ballot_nor_outside_the_days():
    ballots, _ = site().ballots()
    assert (ballots.at >= ballots.first_at[ballots.voter]).all()
    assert ballots.at.min() >= START
    assert ballots.at.max() < START + 120 * DAY


def test_planted_support_shows_in_the_ballots():
    scene = site(3)
    ballots, _ = scene.ballots()
    owner = ballots.politician_of[ballots.pledge]
    share = np.bincount(owner, ballots.choice) / np.bincount(owner)
    assert np.corrcoef(share, scene.site.support())[0, 1] > 0.85
    assert np.abs(share - scene.site.support()).mean() < 0.06


def test_half_of_the_visits_go_to_the_own_area():
    scene = site(4)
    ballots, _ = scene.ballots()
    home = scene.lives_in[ballots.voter] == scene.site.area[ballots.politician_of[ballots.pledge]]
    assert home.mean() == pytest.approx(0.5 + 0.5 / 4, abs=0.04)


# Campaigns.


@pytest.mark.parametrize("style", ["naive", "mixed", "stealth", "sly", "slow"])
def test_attackers_are_as_their_style_says(style):
    scene, how = site(5), STYLES[style]
    targets = chosen(scene)
    before = len(scene.first_at)
    attack(scene, targets, how, 30)
    ballots, kind = scene.ballots()
    own = ballots.take(kind == Kind.ATTACK)
    assert set(np.unique(own.voter)) == set(range(before, before + 30))
    assert np.isin(own.politician_of[own.pledge], targets).all()
    each = np.bincount(own.voter - before)
    assert each.max() == how.ballots
    # A camouflage ballot may happen to fall on a target and replace one.
    assert each.mean() >= how.ballots - 0.6
    assert own.choice.mean() == pytest.approx(how.dissent, abs=0.12)
    assert own.at.max() - own.at.min() <= how.days * DAY
    assert own.at.max() - own.at.min() >= 0.5 * how.days * DAY
    cover = (kind == Kind.CAMOUFLAGE).sum()
    assert cover == pytest.approx(30 * how.camouflage, rel=0.05)
    age = (own.at.min() - ballots.first_at[np.unique(own.voter)]) / DAY
    if how.age == (0.0, 0.0):
        assert (age <= 0).all()
    else:
        assert age.min() >= how.age[0] - how.days
        assert age.max() <= how.age[1] + how.days
    on_rented = own.network >= RENTED
    assert on_rented.all() if how.a_network else not on_rented.any()
    if how.a_network:
        assert max(len(np.unique(own.voter[own.network == one])) for one in np.unique(own.network)) == min(
            how.a_network, 30
        )


@pytest.mark.parametrize("style", ["throwaway", "throwaway, wide"])
def test_throwaway_keys_have_one_ballot_each_and_no_history(style):
    scene = site(6)
    attack(scene, chosen(scene), STYLES[style], 20)
    own = of_kind(scene, Kind.ATTACK)
    assert len(own) == 20 * STYLES[style].ballots == len(np.unique(own.voter))
    assert (own.first_at[own.voter] == own.at).all()
    assert (own.network >= RENTED).all() if style == "throwaway" else (own.network < RENTED).all()


def test_a_list_names_one_pledge_of_each_target():
    scene = site(7)
    targets = np.arange(0, 60, 3)
    attack(scene, targets, STYLES["list"], 20)
    own = of_kind(scene, Kind.ATTACK)
    assert len(np.unique(own.pledge)) == 20
    assert set(np.unique(own.politician_of[own.pledge])) == set(targets.tolist())


def test_a_campaign_in_favour_says_so():
    scene = site(8)
    attack(scene, np.array([1, 2]), STYLES["stealth"], 20, choice=True)
    assert of_kind(scene, Kind.ATTACK).choice.all()


@pytest.mark.parametrize("share", [0.05, 0.2, 1.0])
def test_attackers_can_be_as_many_as_make_a_share_of_the_targets_ballots(share):
    scene = site(9)
    targets = chosen(scene)
    ballots, _ = scene.ballots()
    own = np.isin(ballots.politician_of[ballots.pledge], targets).sum()
    attack(scene, targets, STYLES["naive"], attackers_for(scene, targets, STYLES["naive"], share))
    assert len(of_kind(scene, Kind.ATTACK)) == pytest.approx(share * own, abs=STYLES["naive"].ballots)


def test_a_crowd_is_local_new_on_few_networks_and_of_its_own_opinion():
    scene = site(10)
    targets = chosen(scene)
    crowd(scene, targets, 300)
    own = of_kind(scene, Kind.CROWD)
    assert (scene.lives_in[own.voter] == scene.site.area[targets[0]]).all()
    assert (own.first_at[own.voter] >= own.at.min()).all()
    assert len(np.unique(own.network)) <= 40
    assert np.bincount(own.voter)[np.unique(own.voter)].tolist() == [8] * 300
    share = np.bincount(own.politician_of[own.pledge], own.choice, 60)[targets]
    share /= np.bincount(own.politician_of[own.pledge], minlength=60)[targets]
    assert share == pytest.approx(scene.site.support()[targets], abs=0.1)


def test_a_mood_moves_a_crowd():
    shares = []
    for mood in (-0.3, 0.0, 0.3):
        scene = site(11)
        crowd(scene, chosen(scene), 200, mood=mood)
        shares.append(of_kind(scene, Kind.CROWD).choice.mean())
    assert shares[0] < 0.4 < shares[1] < 0.75 < shares[2]


def test_news_bring_old_voters_of_everywhere_and_both_choices():
    scene = site(12)
    surge(scene, 5, 200, newcomers=0.2, begins=70.0)
    own = of_kind(scene, Kind.SURGE)
    assert (own.politician_of[own.pledge] == 5).all()
    assert 0.2 < own.choice.mean() < 0.8
    assert (own.first_at[own.voter] < START + 70 * DAY).mean() > 0.6
    assert len(np.unique(scene.lives_in[own.voter])) == 4
    assert own.at.max() - own.at.min() <= DAY


def test_news_do_not_change_a_ballot_that_was_cast_before():
    scene = site(13)
    before, _ = scene.ballots()
    surge(scene, 5, 300, newcomers=0.0, begins=100.0)
    after, kind = scene.ballots()
    ordinary = after.take(kind == Kind.ORDINARY)
    assert ordinary.choice.tobytes() == before.choice.tobytes()


def test_followers_come_all_the_time_and_are_of_one_mind():
    scene = site(14)
    followers(scene, np.array([1, 2, 3]), 200, days=110)
    own = of_kind(scene, Kind.CROWD)
    theirs = np.isin(own.politician_of[own.pledge], [1, 2, 3])
    assert own.choice[theirs].mean() > 0.93
    assert theirs.mean() > 0.7
    weeks = np.bincount((own.at[theirs] - START) // (7 * DAY))
    assert (weeks[:15] > 0).all()


def test_neighbours_are_of_one_area_and_well_supported_but_not_the_best():
    for seed in range(5):
        scene = site(seed)
        targets = chosen(scene)
        place = np.argsort(np.argsort(-scene.site.support()))[targets]
        assert len(set(targets.tolist())) == 3
        assert len(set(scene.site.area[targets].tolist())) == 1
        assert place.min() >= 2
        assert place.max() < 21


def test_of_two_ballots_of_a_voter_on_a_pledge_the_later_deed_counts():
    scene = site(15)
    ballots, _ = scene.ballots()
    voter, pledge = ballots.voter[:1], ballots.pledge[:1]
    scene.cast(voter, pledge, ballots.at[:1] + DAY, Kind.ATTACK, choice=~ballots.choice[:1], network=np.array([1]))
    again, kind = scene.ballots()
    assert len(again) == len(ballots)
    assert (kind == Kind.ATTACK).sum() == 1
    assert again.choice[kind == Kind.ATTACK] != ballots.choice[0]
