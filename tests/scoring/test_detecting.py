"""What must not matter to the detection of attacks, and input it refuses or can do nothing with."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from tests.scoring.small_scenes import several, small, staged_small
from tsushinbo.scoring.attacks.policy import detect
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack
from tsushinbo.scoring.synthetic.traffic import START, Kind

pytestmark = pytest.mark.any_database


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
        "from tests.scoring.small_scenes import staged_small;"
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
