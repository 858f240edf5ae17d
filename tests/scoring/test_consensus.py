"""The factor model: what it finds of a planted truth, what it must not depend on, and when it keeps silent."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import spearmanr

from tests.scoring import plain
from tsushinbo.scoring import factors as module
from tsushinbo.scoring.consensus import consensus, stability
from tsushinbo.scoring.factors import Fit, FoldIn, fit
from tsushinbo.scoring.method import METHOD
from tsushinbo.scoring.synthetic.opinions import Sample, divided_sample

METHOD_OF_FIT = METHOD.consensus


@cache
def sample(seed: int = 0) -> Sample:
    """200,000 ballots, of which those of busy voters on known pledges are kept."""
    drawn = divided_sample(seed, voters=2000, pledges=5000, ballots=200_000)
    per_pledge, per_voter = np.bincount(drawn.pledge, minlength=5000), np.bincount(drawn.voter, minlength=2000)
    return drawn.where((per_pledge[drawn.pledge] >= 5) & (per_voter[drawn.voter] >= 10))


@cache
def small(seed: int = 0) -> Sample:
    return divided_sample(seed, voters=400, pledges=300, ballots=12_000)


def solve(ballots: Sample, **options) -> Fit:
    return fit(ballots.voter, ballots.pledge, ballots.choice, voters=ballots.voters, pledges=ballots.pledges, **options)


def judge(ballots: Sample, **options):
    return consensus(
        ballots.voter, ballots.pledge, ballots.choice, voters=ballots.voters, pledges=ballots.pledges, **options
    )


def rank_correlation(first, second) -> float:
    return float(spearmanr(first, second).statistic)


def written_out(ballots: Sample, choice, solved: Fit) -> float:
    """The objective of the module's docstring, ballot by ballot."""
    u, i = ballots.voter, ballots.pledge
    error = (
        choice
        - solved.mean
        - solved.voter_intercept[u]
        - solved.intercept[i]
        - solved.voter_factor[u] * solved.factor[i]
    )
    voters, pledges = len(np.unique(u)), len(np.unique(i))
    intercepts = (
        (solved.voter_intercept**2).sum() / voters + (solved.intercept**2).sum() / pledges + solved.mean**2
    ) * 0.15
    factors = ((solved.voter_factor**2).sum() / voters + (solved.factor**2).sum() / pledges) * 0.02
    return float((error**2).mean() + intercepts + factors)


@pytest.mark.parametrize("seed", range(10))
def test_planted_quality_is_found_better_than_by_the_raw_mean(seed):
    ballots = sample(seed)
    n = np.bincount(ballots.pledge, minlength=ballots.pledges)
    known = n >= 5
    quality, polarity = ballots.truth.quality[known], ballots.truth.polarity[known]
    for choice, least, gain in ((ballots.level, 0.81, 0.101), (ballots.choice.astype(float), 0.785, 0.09)):
        solved = fit(ballots.voter, ballots.pledge, choice, voters=ballots.voters, pledges=ballots.pledges)
        raw = np.bincount(ballots.pledge, choice, ballots.pledges)[known] / n[known]
        found = rank_correlation(solved.intercept[known], quality)
        assert found >= least
        assert found >= rank_correlation(raw, quality) + gain
        assert abs(rank_correlation(solved.factor[known], polarity)) >= 0.88


@pytest.mark.parametrize("seed", [0, 3, 5])
def test_planted_quality_is_found_better_than_by_the_first_prototype(seed):
    ballots = sample(seed)
    quality = ballots.truth.quality
    for choice in (ballots.level, ballots.choice.astype(float)):
        first = plain.solve(ballots.voter, ballots.pledge, choice, ballots.voters, ballots.pledges)
        ours = fit(ballots.voter, ballots.pledge, choice, voters=ballots.voters, pledges=ballots.pledges)
        found, before = (rank_correlation(one.intercept, quality) for one in (ours, first))
        assert found >= before + 0.003


def test_the_objective_is_the_one_that_is_written_down():
    ballots = small()
    solved = fit(ballots.voter, ballots.pledge, ballots.level, voters=ballots.voters, pledges=ballots.pledges)
    assert solved.objective == pytest.approx(written_out(ballots, ballots.level, solved), abs=1e-12)


def test_no_small_step_away_from_the_solution_is_better():
    ballots = small()
    solved = solve(ballots)
    generator = np.random.default_rng(1)
    for name in ("intercept", "factor", "voter_intercept", "voter_factor"):
        values = getattr(solved, name)
        for size in (0.02, -0.02):
            moved = replace(solved, **{name: values + size * generator.normal(size=len(values))})
            assert written_out(ballots, ballots.choice, moved) > solved.objective
    assert written_out(ballots, ballots.choice, replace(solved, mean=solved.mean + 0.01)) > solved.objective


def test_the_shortcuts_lose_nothing_against_plain_sweeps():
    ballots = sample()
    choice = ballots.level
    solved = fit(ballots.voter, ballots.pledge, choice, voters=ballots.voters, pledges=ballots.pledges)
    by_sweeps = plain.solve(ballots.voter, ballots.pledge, choice, ballots.voters, ballots.pledges, ridge=0.02)
    assert solved.objective <= by_sweeps.objective + 1e-6
    assert rank_correlation(solved.intercept, by_sweeps.intercept) >= 0.9999


def test_both_ways_of_the_first_prototype_end_at_the_same_place():
    ballots = small()
    columns = (ballots.voter, ballots.pledge, ballots.level, ballots.voters, ballots.pledges)
    by_sums, by_products = plain.solve(*columns), plain.solve_sparse(*columns)
    assert by_products.objective == pytest.approx(by_sums.objective, abs=1e-6)
    assert rank_correlation(by_products.intercept, by_sums.intercept) >= 0.9999


def test_ten_starts_end_at_the_same_place():
    ballots = sample()
    alone = replace(METHOD_OF_FIT, starts=1)
    fits = [solve(ballots, seed=seed, method=alone) for seed in range(10)]
    objectives = [one.objective for one in fits]
    assert max(objectives) - min(objectives) <= 1e-6
    assert min(rank_correlation(fits[0].intercept, one.intercept) for one in fits[1:]) >= 0.9999


def test_of_several_starts_the_lowest_is_finished(monkeypatch):
    ballots = small()
    tried = []
    finish = module._Problem.finish

    def watched(self, *start, **options):
        tried.append((options, finish(self, *start, **options)))
        return tried[-1][1]

    monkeypatch.setattr(module._Problem, "finish", watched)
    solve(ballots)
    looks = [solved for options, solved in tried if "tolerance" in options]
    assert len(looks) == METHOD_OF_FIT.starts == 3
    best = min(looks, key=lambda one: one.objective)
    monkeypatch.undo()
    assert solve(ballots, start=best).factor.tobytes() == tried[-1][1].factor.tobytes()


def test_the_order_of_ballots_does_not_move_a_bit():
    ballots = small()
    order = np.random.default_rng(3).permutation(len(ballots.voter))
    first, second = judge(ballots), judge(ballots.where(order))
    for name in ("intercept", "factor", "voter_intercept", "voter_factor"):
        assert getattr(first.fit, name).tobytes() == getattr(second.fit, name).tobytes()
    assert first.low_support.tobytes() == second.low_support.tobytes()
    assert (first.stability, first.fit.objective) == (second.stability, second.fit.objective)


def test_the_number_of_threads_does_not_move_a_bit():
    program = (
        "import hashlib, numpy as np;"
        "from tsushinbo.scoring.synthetic.opinions import divided_sample;"
        "from tsushinbo.scoring.consensus import consensus;"
        "s = divided_sample(0, voters=400, pledges=20000, ballots=30000);"
        "r = consensus(s.voter, s.pledge, s.choice, voters=s.voters, pledges=s.pledges);"
        "print(hashlib.sha256(r.fit.intercept.tobytes() + r.fit.factor.tobytes() + str(r.stability).encode()).hexdigest())"
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
    assert len(answers.pop().strip()) == hashlib.sha256().digest_size * 2


def test_the_larger_camp_of_voters_is_negative():
    ballots = small()
    for seed in range(4):
        factor = solve(ballots, seed=seed).voter_factor
        assert np.count_nonzero(factor < 0) > np.count_nonzero(factor > 0)


def test_a_late_ballot_moves_its_pledge_almost_as_a_new_fit_would():
    ballots = sample()
    late = np.random.default_rng(5).random(len(ballots.voter)) < 0.05
    early, rest = ballots.where(~late), ballots.where(late)
    fold = FoldIn(solve(early), early.voter, early.pledge, early.choice)
    fold.add_many(rest.voter, rest.pledge, rest.choice)
    known = np.bincount(ballots.pledge, minlength=ballots.pledges) >= 5
    assert rank_correlation(fold.intercepts()[known], solve(ballots).intercept[known]) >= 0.999


def test_a_late_ballot_taken_back_leaves_no_trace():
    ballots = small()
    solved = solve(ballots)
    fold = FoldIn(solved, ballots.voter, ballots.pledge, ballots.choice)
    before = fold.intercept(7)
    assert before == pytest.approx(solved.intercept[7], abs=1e-3)
    fold.add(3, 7, 0)
    assert fold.intercept(7) < before
    fold.add(3, 7, 0, times=-1)
    assert fold.intercept(7) == pytest.approx(before, abs=1e-12)


def test_a_voter_whom_the_fit_does_not_know_counts_without_a_camp():
    ballots = small()
    solved = solve(ballots)
    fold = FoldIn(solved, ballots.voter, ballots.pledge, ballots.choice)
    before = fold.intercepts()
    fold.add(ballots.voters + 12, 5, 1)
    fold.add_many([ballots.voters + 13], [6], [0])
    after = fold.intercepts()
    assert after[5] > before[5]
    assert after[6] < before[6]
    assert np.delete(after, [5, 6]).tobytes() == np.delete(before, [5, 6]).tobytes()


def test_late_ballots_one_by_one_are_the_same_as_all_at_once():
    ballots = small()
    solved = solve(ballots)
    late = divided_sample(9, voters=ballots.voters, pledges=ballots.pledges, ballots=300)
    one_by_one, at_once = (FoldIn(solved, ballots.voter, ballots.pledge, ballots.choice) for _ in range(2))
    for voter, pledge, choice in zip(late.voter, late.pledge, late.choice, strict=True):
        one_by_one.add(int(voter), int(pledge), float(choice))
    at_once.add_many(late.voter, late.pledge, late.choice)
    assert one_by_one.intercepts() == pytest.approx(at_once.intercepts(), abs=1e-12)
    assert [one_by_one.intercept(pledge) for pledge in range(ballots.pledges)] == pytest.approx(
        at_once.intercepts(), abs=1e-12
    )


def test_a_warm_start_needs_few_sweeps_and_ends_at_the_same_place():
    ballots = sample()
    early = ballots.where(np.random.default_rng(6).random(len(ballots.voter)) < 0.95)
    warm, cold = solve(ballots, start=solve(early)), solve(ballots)
    assert warm.sweeps <= 8
    assert rank_correlation(warm.intercept, cold.intercept) >= 0.9999


def test_a_warm_start_may_know_fewer_pledges():
    ballots = small()
    few = ballots.where(ballots.pledge < 250)
    earlier = fit(few.voter, few.pledge, few.choice, voters=few.voters, pledges=250)
    assert rank_correlation(solve(ballots, start=earlier).intercept, solve(ballots).intercept) >= 0.9999


def test_the_gate_opens_on_busy_voters_and_marks_what_both_sides_support():
    ballots = sample()
    found = judge(ballots)
    assert found.open
    assert found.stability >= METHOD_OF_FIT.stable
    assert found.bridging.any()
    bridging, truth = found.bridging, ballots.truth
    assert not (bridging & ~found.shown).any()
    assert (found.low_support[bridging] >= 0.5).all()
    assert truth.quality[bridging].mean() > truth.quality[found.shown].mean()
    assert np.abs(truth.polarity[bridging]).mean() < np.abs(truth.polarity[found.shown & ~bridging]).mean()


def test_a_pledge_without_five_voters_of_each_side_stays_hidden():
    ballots = sample()
    found = judge(ballots)
    side = found.fit.voter_factor[ballots.voter] > 0
    n = [np.bincount(ballots.pledge[mask], minlength=ballots.pledges) for mask in (side, ~side)]
    one_sided = np.minimum(*n) < METHOD_OF_FIT.voters_a_side
    assert one_sided.any()
    assert not found.shown[one_sided].any()
    assert found.shown[~one_sided].all()


def test_the_gate_stays_shut_in_echo_chambers_with_few_ballots_a_voter():
    ballots = divided_sample(1, voters=16_000, pledges=1500, ballots=63_000, exposure=3, even=True)
    found = judge(ballots)
    assert not found.open
    assert not found.shown.any()
    assert not found.bridging.any()


def test_the_gate_stays_shut_where_the_factor_is_noise():
    ballots = small()
    coins = np.random.default_rng(2).random(len(ballots.voter)) < 0.5
    found = consensus(ballots.voter, ballots.pledge, coins, voters=ballots.voters, pledges=ballots.pledges)
    assert found.median_ballots >= METHOD_OF_FIT.median_ballots
    assert found.stability < METHOD_OF_FIT.stable
    assert not found.open


def test_stability_is_high_where_the_camps_are_real():
    ballots = sample()
    assert stability(ballots.voter, ballots.pledge, ballots.choice, voters=2000, pledges=5000) > 0.6


def test_voters_with_few_ballots_are_not_used():
    ballots = small()
    n = np.bincount(ballots.voter, minlength=ballots.voters)
    few = n < METHOD_OF_FIT.voter_ballots
    found = judge(ballots)
    assert few.any()
    assert found.voters == np.count_nonzero(~few)
    assert not found.fit.voter_factor[few].any()
    assert found.fit.ballots == n[~few].sum()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_ballots_break_nothing_and_claim_nothing(count):
    found = consensus([0, 1][:count], [0, 0][:count], [1, 0][:count], voters=2, pledges=3)
    assert not found.open
    assert not found.shown.any()
    assert np.isfinite(found.intercept).all()
    alone = fit([0, 1][:count], [0, 0][:count], [1, 0][:count], voters=2, pledges=3)
    assert np.isfinite(alone.intercept).all()
    assert np.isfinite(alone.objective)
    assert not alone.intercept[1:].any()


def test_one_ballot_more_moves_other_pledges_little():
    ballots = small()
    before = solve(ballots)
    changed = ballots.choice.copy()
    changed[0] = not changed[0]
    after = fit(ballots.voter, ballots.pledge, changed, voters=ballots.voters, pledges=ballots.pledges)
    apart = np.abs(after.intercept - before.intercept)
    own = ballots.pledge[0]
    assert 0 < apart[own] < 0.1
    assert np.delete(apart, own).max() < 0.02


@pytest.mark.parametrize(
    ("voter", "pledge", "choice"),
    [([0, 0], [1, 1], [1, 0]), ([2], [0], [1]), ([-1], [0], [1]), ([0], [3], [1]), ([0], [0], [2]), ([0, 1], [0], [1])],
)
def test_ballots_that_cannot_be_are_refused(voter, pledge, choice):
    with pytest.raises(ValueError, match=r"two ballots|out of range|between|one length"):
        fit(voter, pledge, choice, voters=2, pledges=3)


def test_the_factor_of_a_person_does_not_show_in_what_is_printed():
    assert "voter" not in repr(solve(small())).replace("voters", "")
