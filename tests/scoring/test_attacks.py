"""Attack signs on invented sites whose truth is known: who attacked, and who did not."""

import subprocess
import sys
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from tests.scoring import scenes
from tests.scoring.scenes import Staged, aimed, alerted, attacked, clean, crowd_of, crowded, followed, mean, news
from tsushinbo.scoring.attacks import tails
from tsushinbo.scoring.attacks.ballots import DAY, JAPAN, NO_NETWORK, Ballots, distinct, packed
from tsushinbo.scoring.attacks.dissent import chance_of_one_mind, honest_of_one_mind
from tsushinbo.scoring.attacks.focus import Rows, concentrated
from tsushinbo.scoring.attacks.lists import alike
from tsushinbo.scoring.attacks.policy import Findings, Release, Sign, detect, work_bits
from tsushinbo.scoring.attacks.windows import Calendar
from tsushinbo.scoring.method import METHOD
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack, neighbours, surge
from tsushinbo.scoring.synthetic.traffic import START, Kind, Scene, Site

pytestmark = pytest.mark.any_database

SEEDS = range(201, 203)
PARAMETERS = METHOD.attacks


def small(seed: int = 1, *, voters: int = 600, ballots: int = 9000, politicians: int = 40, days: int = 120) -> Scene:
    generator = np.random.default_rng(seed)
    scene = Scene(Site.draw(generator, politicians=politicians, areas=4, days=days, networks=400), generator)
    scene.ordinary(voters, ballots)
    return scene


def several(scene: Scene, count: int = 3) -> np.ndarray:
    """Some well supported politicians."""
    return np.sort(np.argsort(-scene.site.support())[2 : 2 + count])


def signs(findings: Findings, mask: np.ndarray) -> set[int]:
    return set(np.unique(findings.signs[mask]).tolist())


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


# Fresh keys and releases.


def thrown_away(seed: int = 2) -> tuple[Scene, np.ndarray]:
    scene = small(seed)
    targets = several(scene)
    attack(scene, targets, STYLES["throwaway"], 12, begins=50.0)
    return scene, targets


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


# Networks.


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


# Determinism and odd input.


def staged_small() -> Staged:
    scene = small(5)
    targets = several(scene)
    attack(scene, targets, STYLES["stealth"], 40)
    attack(scene, several(scene, 6)[3:], STYLES["throwaway"], 8)
    return scenes.staged(scene, targets)


def test_the_order_of_ballots_does_not_matter():
    scene = staged_small()
    order = np.random.default_rng(1).permutation(len(scene.ballots))
    first, second = detect(scene.ballots), detect(scene.ballots.take(order))
    assert first.held.any()
    assert second.signs.tobytes() == first.signs[order].tobytes()
    assert second.lived_on.tobytes() == first.lived_on[order].tobytes()
    for one, other in zip(first.campaigns, second.campaigns, strict=True):
        assert (one.voters.tobytes(), one.expected, one.strength) == (
            other.voters.tobytes(),
            other.expected,
            other.strength,
        )


def test_the_number_of_threads_does_not_move_a_bit():
    program = (
        "import hashlib;"
        "from tests.scoring.test_attacks import staged_small;"
        "from tsushinbo.scoring.attacks.policy import detect;"
        "found = detect(staged_small().ballots);"
        "cases = [(one.expected, one.strength) for one in found.campaigns];"
        "print(hashlib.sha256(found.signs.tobytes() + repr(cases).encode()).hexdigest(), found.held.sum() > 0)"
    )
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=dict.fromkeys(threads, number),
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for number in ("1", "4")
    }
    assert len(answers) == 1
    assert answers.pop().endswith("True\n")


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_hardly_any_ballots_break_nothing_and_hold_nothing(count):
    ballots, _ = small().ballots()
    findings = detect(ballots.take(np.arange(count)))
    assert len(findings.held) == count
    assert not findings.held.any()
    assert not len(findings.frozen(START))


def test_a_site_of_a_few_days_has_nothing_to_compare_with_and_holds_no_concert():
    scene = small(6, voters=300, ballots=2000, days=10)
    targets = several(scene)
    attack(scene, targets, replace(STYLES["stealth"], days=8.0), 40)
    ballots, _ = scene.ballots()
    findings = detect(ballots)
    assert not findings.campaigns


def test_a_young_site_holds_a_loud_attack_all_the_same():
    scene = small(6, voters=300, ballots=2000, days=40)
    attack(scene, several(scene), STYLES["mixed"], 40, begins=33.0)
    ballots, kind = scene.ballots()
    findings = detect(ballots)
    assert findings.held[kind == Kind.ATTACK].mean() >= 0.9
    assert not findings.held[kind == Kind.ORDINARY].any()


def test_two_ballots_of_a_voter_on_a_pledge_are_refused():
    ballots, _ = small().ballots()
    with pytest.raises(ValueError, match="two ballots"):
        detect(ballots.take(np.array([0, 1, 1])))


@pytest.mark.parametrize(("column", "value"), [("voter", 10**6), ("voter", -1), ("pledge", 10**6), ("pledge", -1)])
def test_numbers_out_of_range_are_refused(column, value):
    ballots, _ = small().ballots()
    wrong = getattr(ballots, column).copy()
    wrong[3] = value
    with pytest.raises(ValueError, match="out of range"):
        replace(ballots, **{column: wrong})


def test_columns_of_different_length_are_refused():
    ballots, _ = small().ballots()
    with pytest.raises(ValueError, match="one length"):
        replace(ballots, at=ballots.at[:-1])


# The parts.


def test_tails_are_those_of_scipy():
    for count, mean_of in ((1, 0.3), (4, 1.5), (12, 2.0)):
        assert tails.poisson(count, mean_of) == pytest.approx(-np.log10(stats.poisson.sf(count - 1, mean_of)))
        for size in (0.25, 3.0):
            chance = stats.nbinom.sf(count - 1, size, size / (size + mean_of))
            assert tails.negative_binomial(count, mean_of, size) == pytest.approx(-np.log10(chance))
    assert tails.binomial(5, 8, 0.2) == pytest.approx(-np.log10(stats.binom.sf(4, 8, 0.2)))
    assert tails.binomial(8, 8, 0.2) == pytest.approx(-8 * np.log10(0.2))


def test_no_event_is_no_surprise_and_an_impossible_one_a_finite_surprise():
    assert tails.poisson(0, 3.0) == 0
    assert tails.negative_binomial(0, 3.0, 1.0) == 0
    assert np.isfinite(tails.poisson(10_000, 0.001))


def test_packed_numbers_sort_as_their_columns_do():
    generator = np.random.default_rng(2)
    first, second = generator.integers(0, 9, 200), generator.integers(0, 1000, 200)
    order = np.argsort(packed((first, 9), (second, 1000)), kind="stable")
    assert order.tolist() == np.lexsort((second, first)).tolist()
    with pytest.raises(ValueError, match="64 bits"):
        packed((first, 1 << 40), (second, 1 << 30))


def test_distinct_numbers_are_sorted_and_single():
    assert distinct(np.array([5, 1, 5, 3, 1])).tolist() == [1, 3, 5]
    assert distinct(np.zeros(0, dtype=np.int64)).tolist() == []


@pytest.mark.parametrize(("width", "shift"), [(6, 0), (6, 3), (24, 0), (336, 168)])
def test_the_calendar_counts_distinct_voters(width, shift):
    ballots, _ = small(7, voters=50, ballots=800, politicians=8).ballots()
    counted = Calendar(ballots).count(width, shift=shift)
    begin = (ballots.at.min() + JAPAN) // DAY * DAY - JAPAN
    expected = np.zeros_like(counted)
    seen = set()
    for voter, pledge, choice, at in zip(ballots.voter, ballots.pledge, ballots.choice, ballots.at, strict=True):
        node = 2 * ballots.politician_of[pledge] + choice
        span = ((at - begin) // 3600 + shift) // width
        if (voter, node, span) not in seen:
            seen.add((voter, node, span))
            expected[node, span] += 1
    assert counted.tolist() == expected.tolist()


def test_concentrated_pairs_are_all_pairs_with_enough_ballots():
    ballots, _ = small(8, voters=120, ballots=2500, politicians=12).ballots()
    rows = Rows(ballots)
    cells, pairs = concentrated(rows.cells(0, 60), PARAMETERS)
    inside = rows.day < 60
    found = {
        (int(cells.voter[a]), *sorted((int(cells.politician[a]), int(cells.politician[b]))))
        for a, b in zip(pairs.first, pairs.second, strict=True)
    }
    expected = set()
    for voter in range(120):
        own = rows.politician[inside & (ballots.voter == voter)]
        count = np.bincount(own, minlength=12)
        for a, b in combinations(range(12), 2):
            least = max(PARAMETERS.focus_ballots, PARAMETERS.focus_share * len(own))
            if min(count[a], count[b]) >= PARAMETERS.focus_second and count[a] + count[b] >= least:
                expected.add((voter, a, b))
    assert len(expected) > 50
    assert found == expected
    assert len(pairs.first) == len(expected)


def test_one_mind_without_likeness_is_the_binomial_law():
    chance = chance_of_one_mind(np.array([0.5, 0.3]), 1e-7, 6, PARAMETERS)
    assert chance[:, 4] == pytest.approx([0.5**4, 0.3**4], rel=1e-4)
    assert chance[0, 5] == pytest.approx(6 / 32, rel=1e-4)
    assert (chance[:, 0] == 0).all()


def test_one_mind_is_the_likelier_the_more_alike_a_voters_ballots_are():
    chances = [chance_of_one_mind(np.array([0.4]), likeness, 8, PARAMETERS)[0, 8] for likeness in (0.05, 0.2, 0.5)]
    assert chances == sorted(chances)


@pytest.mark.parametrize(("share", "likeness"), [(0.3, 0.1), (0.6, 0.1), (0.8, 0.2), (0.5, 0.5)])
def test_those_who_disagree_vouch_for_about_the_honest_of_one_mind(share, likeness):
    generator = np.random.default_rng(3)
    together = 1 / likeness - 1
    own = generator.beta(share * together, (1 - share) * together, 3000)
    count = generator.integers(4, 9, 3000)
    agreeing = generator.binomial(count, own)
    one = agreeing >= PARAMETERS.one_sided * count
    vouched = honest_of_one_mind(agreeing[~one], count[~one], 1.0, 1.0, share, likeness, PARAMETERS)
    assert 0.6 * one.sum() <= vouched <= 2.5 * one.sum()


def test_nobody_vouches_where_nobody_disagrees_but_one_who_might_have_been_there():
    nobody = np.zeros(0, dtype=np.int64)
    assert honest_of_one_mind(nobody, nobody, 1.0, 0.0, 0.3, 0.1, PARAMETERS) == 0
    assert 0 < honest_of_one_mind(nobody, nobody, 1.0, 1.0, 0.3, 0.1, PARAMETERS) < 1


def test_sets_alike_are_found_and_others_are_not():
    generator = np.random.default_rng(4)
    politician_of = np.arange(400) // 4
    on_list = generator.choice(400, 20, replace=False)
    sets = [generator.choice(on_list, 14, replace=False) for _ in range(6)]
    sets += [generator.choice(400, 14, replace=False) for _ in range(200)]
    # Fans of one politician have the same few ballots and are no list.
    sets += [np.arange(4) for _ in range(6)]
    voter = np.repeat(np.arange(len(sets)), [len(one) for one in sets])
    pledge = np.concatenate(sets)
    n = len(voter)
    ballots = Ballots(
        voter, pledge, pledge % 2 == 0, np.full(n, START), np.zeros(n, dtype=int), politician_of, np.full(n, START)
    )
    groups = alike(Rows(ballots.take(ballots.order)), PARAMETERS)
    assert [sorted(group.tolist()) for group in groups] == [list(range(6))]


def test_a_mild_surge_and_the_same_surge_by_newcomers_of_one_network_are_told_apart():
    scene = small(9)
    target = int(several(scene)[0])
    surge(scene, target, 150, newcomers=0.5, begins=60.0)
    assert not detect(scene.ballots()[0]).held.any()
    attack(scene, np.array([target]), STYLES["naive"], 30, begins=80.0)
    ballots, kind = scene.ballots()
    findings = detect(ballots)
    assert findings.held[kind == Kind.ATTACK].all()
    assert not findings.held[kind == Kind.SURGE].any()
    assert target in alerted(findings)


def test_targets_are_good_neighbours():
    scene = small(10, politicians=60)
    chosen = neighbours(scene.generator, scene.site)
    assert len(set(scene.site.area[chosen])) == 1
    assert (scene.site.support()[chosen] > np.median(scene.site.support())).all()
