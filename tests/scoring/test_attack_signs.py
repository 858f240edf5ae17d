"""The parts that attack signs are made of: tails, windows, pairs, one mind, lists."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from tests.scoring.scenes import alerted
from tests.scoring.small_scenes import several, small
from tsushinbo.scoring.attacks import tails
from tsushinbo.scoring.attacks.ballots import DAY, JAPAN, Ballots, distinct, packed
from tsushinbo.scoring.attacks.dissent import chance_of_one_mind, honest_of_one_mind
from tsushinbo.scoring.attacks.focus import Rows, concentrated
from tsushinbo.scoring.attacks.lists import alike
from tsushinbo.scoring.attacks.policy import detect
from tsushinbo.scoring.attacks.windows import Calendar
from tsushinbo.scoring.method import METHOD
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack, neighbours, surge
from tsushinbo.scoring.synthetic.traffic import START, Kind

pytestmark = pytest.mark.any_database

PARAMETERS = METHOD.attacks


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
