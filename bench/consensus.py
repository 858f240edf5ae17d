"""Agreement across camps: what is recovered of a planted truth, when it may be shown, and what it costs.

Speed is given in passes: one pass is one NumPy sum of the choices by pledge. The prototype (tests/scoring/plain.py) is how the method was first
measured: alternating sums from one start, by NumPy ("plain") or by products of sparse matrices ("sparse"), with the ridge on factors that Community
Notes published. Ours tries three starts. All run in one sitting on the same ballots, one after the other.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from tests.scoring import plain
from tsushinbo.scoring import betabinomial
from tsushinbo.scoring.consensus import consensus
from tsushinbo.scoring.factors import FoldIn, fit
from tsushinbo.scoring.method import METHOD
from tsushinbo.scoring.synthetic.opinions import Sample, divided_sample

SIZES = ((2_000, 5_000, 200_000), (5_000, 5_000, 500_000), (20_000, 20_000, 2_000_000))
LARGE = 10_000_000
MEMORY_GOAL = 4.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.large:
        print(json.dumps(_large(options.large)))
        return
    _recovery()
    _starts()
    _speed()
    _late()
    _gate()


def _busy(seed: int, voters: int, pledges: int, ballots: int, lazy: float = 0.0) -> Sample:
    """Ballots of voters with 10 or more on pledges with 5 or more."""
    drawn = divided_sample(seed, voters=voters, pledges=pledges, ballots=ballots, lazy=lazy)
    of_voter, of_pledge = np.bincount(drawn.voter), np.bincount(drawn.pledge)
    return drawn.where((of_voter[drawn.voter] >= 10) & (of_pledge[drawn.pledge] >= 5))


def _solve(sample: Sample, choice: NDArray[np.float64] | None = None, **options: object):
    chosen = sample.choice if choice is None else choice
    return fit(sample.voter, sample.pledge, chosen, voters=sample.voters, pledges=sample.pledges, **options)


def _rank(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return float(spearmanr(first, second).statistic)


def _seconds(work: Callable[[], object], rounds: int = 3) -> float:
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return statistics.median(times)


def _recovery() -> None:
    print(
        "Spearman with planted quality at 200,000 ballots, ten seeds: lowest (mean); gain over the raw mean and over the prototype: lowest"
    )
    print(f"{'choices':<34}{'raw mean':>16}{'prototype':>16}{'agreement':>16}{'gains':>15}{'factor with polarity':>22}")
    for label, lazy in (("", 0.0), (", one voter of five lazy", 0.2)):
        samples = [_busy(seed, *SIZES[0], lazy=lazy) for seed in range(10)]
        for kind in ("level", "choice"):
            rows = []
            for sample in samples:
                choice = getattr(sample, kind).astype(np.float64)
                n = np.bincount(sample.pledge, minlength=sample.pledges)
                known = n >= METHOD.consensus.pledge_ballots
                raw = np.bincount(sample.pledge, choice, sample.pledges)[known] / n[known]
                first = plain.solve_sparse(sample.voter, sample.pledge, choice, sample.voters, sample.pledges)
                solved = _solve(sample, choice)
                quality = sample.truth.quality[known]
                divided = abs(_rank(solved.factor[known], sample.truth.polarity[known]))
                found = (raw, first.intercept[known], solved.intercept[known])
                rows.append([*(_rank(one, quality) for one in found), divided])
            raw_rank, first_rank, found_rank, divided_rank = np.array(rows).T
            name = ("three steps" if kind == "level" else "支持, 不支持") + label
            cells = "".join(
                f"{f'{one.min():.3f} ({one.mean():.3f})':>16}" for one in (raw_rank, first_rank, found_rank)
            )
            gains = f"{(found_rank - raw_rank).min():.3f}, {(found_rank - first_rank).min():.3f}"
            print(f"{name:<34}{cells}{gains:>15}{divided_rank.min():>22.3f}")


def _starts() -> None:
    sample = _busy(0, *SIZES[0])
    alone = replace(METHOD.consensus, starts=1)
    fits = [_solve(sample, seed=seed, method=alone) for seed in range(10)]
    objectives = [one.objective for one in fits]
    same = min(_rank(fits[0].intercept, one.intercept) for one in fits[1:])
    print(
        f"\nten single starts: objectives differ by {max(objectives) - min(objectives):.1e}, Spearman between them {same:.7f}"
    )


def _speed() -> None:
    print("\na cold fit, three starts tried; passes: times one NumPy sum of the choices by pledge")
    print(f"load average {os.getloadavg()[0]:.1f}; s of processor, which other work moves less")
    print(
        f"{'ballots':>10}{'pass s':>9}{'ours s':>8}{'passes':>8}{'sweeps':>8}{'plain s':>9}{'passes':>8}{'sparse s':>10}{'passes':>8}{'sweeps':>8}"
        f"{'plain/ours':>12}{'sparse/ours':>13}{'raw':>8}{'prototype':>11}{'ours':>8}{'objective - plain':>19}"
    )
    for size in SIZES:
        _line(_busy(1, *size), rounds=3 if size[2] < 1_000_000 else 1)
    done = subprocess.run(
        [sys.executable, "-m", "bench.consensus", "--large", str(LARGE)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    print(
        f"{found['ballots']:>10,}{found['pass']:>9.4f}{found['seconds']:>8.2f}{found['seconds'] / found['pass']:>8.0f}{found['sweeps']:>8}"
        f"{'':>17}{found['sparse']:>10.2f}{found['sparse'] / found['pass']:>8.0f}{found['sparse sweeps']:>8}{'':>12}"
        f"{found['sparse'] / found['seconds']:>13.1f}{'':>8}{found['sparse rank']:>11.3f}{found['rank']:>8.3f}\n"
        f"the last in a process of its own: peak memory of ours {found['memory']:.2f} GB with the ballots in it (goal: below {MEMORY_GOAL:g})"
    )


def _line(sample: Sample, rounds: int) -> None:
    choice = sample.choice.astype(np.float64)
    columns = (sample.voter, sample.pledge, choice, sample.voters, sample.pledges)
    one_pass = _seconds(lambda: np.bincount(sample.pledge, choice), 5)
    ours = _seconds(lambda: _solve(sample), rounds)
    slow, products = (_seconds(lambda way=way: way(*columns), rounds) for way in (plain.solve, plain.solve_sparse))
    solved, first = _solve(sample), plain.solve_sparse(*columns)
    same = plain.solve(*columns, ridge=METHOD.consensus.ridge_factor)
    n = np.bincount(sample.pledge, minlength=sample.pledges)
    known = n > 0
    raw = np.bincount(sample.pledge, choice, sample.pledges)[known] / n[known]
    quality = sample.truth.quality[known]
    found = [_rank(one, quality) for one in (raw, first.intercept[known], solved.intercept[known])]
    print(
        f"{len(sample.voter):>10,}{one_pass:>9.4f}{ours:>8.2f}{ours / one_pass:>8.0f}{solved.sweeps:>8}{slow:>9.2f}{slow / one_pass:>8.0f}"
        f"{products:>10.2f}{products / one_pass:>8.0f}{first.sweeps:>8}{slow / ours:>12.1f}{products / ours:>13.1f}"
        f"{found[0]:>8.3f}{found[1]:>11.3f}{found[2]:>8.3f}{solved.objective - same.objective:>19.1e}",
        flush=True,
    )


def _large(ballots: int) -> dict[str, float]:
    """Twenty ballots a voter, a hundred a pledge."""
    generator = np.random.default_rng(1)
    voters, pledges = ballots // 20, ballots // 100
    pair = np.repeat(np.arange(voters), 20) * pledges + generator.integers(0, pledges, voters * 20)
    pair.sort()
    pair = pair[np.concatenate([[True], np.diff(pair) != 0])]
    voter, pledge = (one.astype(np.int32) for one in np.divmod(pair, pledges))
    del pair
    camp, quality = generator.choice([-1.0, 1.0], voters), generator.normal(0, 0.5, pledges)
    choice = quality[pledge] + camp[voter] * np.where(pledge % 2, 0.8, 0.0) + generator.normal(0, 1, len(voter)) > 0
    passed = _seconds(lambda: np.bincount(pledge, choice))
    started = time.process_time()
    solved = fit(voter, pledge, choice, voters=voters, pledges=pledges)
    taken, memory = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    started = time.process_time()
    first = plain.solve_sparse(voter, pledge, choice.astype(np.float64), voters, pledges)
    return {
        "ballots": len(voter),
        "seconds": taken,
        "pass": passed,
        "sweeps": solved.sweeps,
        "rank": _rank(solved.intercept, quality),
        "memory": memory,
        "sparse": time.process_time() - started,
        "sparse sweeps": first.sweeps,
        "sparse rank": _rank(first.intercept, quality),
    }


def _late() -> None:
    print("\nlate ballots: the O(1) fold-in against a new fit, and a warm start")
    print(f"{'late':>6}{'µs a ballot':>13}{'Spearman':>10}{'doing nothing':>15}{'warm sweeps':>13}{'Spearman':>10}")
    sample = _busy(0, *SIZES[0])
    known = np.bincount(sample.pledge, minlength=sample.pledges) >= METHOD.consensus.pledge_ballots
    whole = _solve(sample)
    for share in (0.01, 0.05, 0.2):
        late = np.random.default_rng(5).random(len(sample.voter)) < share
        early, rest = sample.where(~late), sample.where(late)
        solved = _solve(early)
        fold = FoldIn(solved, early.voter, early.pledge, early.choice)
        columns = list(zip(rest.voter.tolist(), rest.pledge.tolist(), rest.choice.tolist(), strict=True))[:2000]
        started = time.perf_counter()
        for voter, pledge, choice in columns:
            fold.add(voter, pledge, choice)
            fold.intercept(pledge)
        each = (time.perf_counter() - started) / len(columns) * 1e6
        fold = FoldIn(solved, early.voter, early.pledge, early.choice)
        fold.add_many(rest.voter, rest.pledge, rest.choice)
        warm = _solve(sample, start=solved)
        now, before, again = (
            _rank(one[known], whole.intercept[known]) for one in (fold.intercepts(), solved.intercept, warm.intercept)
        )
        print(f"{share:>6.0%}{each:>13.1f}{now:>10.5f}{before:>15.5f}{warm.sweeps:>13}{again:>10.6f}")


def _gate() -> None:
    print(
        "\nwhen it may be shown: Spearman with quality of the shrunken share and of the agreement, by ballots a voter (mean of three seeds)"
    )
    print(f"{'exposure':>9}{'ballots':>9}{'share':>8}{'agreement':>11}{'gain':>8}{'stability':>11}{'gate open':>11}")
    for exposure in (0.0, 1.5, 3.0):
        for each in (4, 6, 10, 20, 50):
            rows = []
            for seed in range(3):
                ballots = 60_000
                sample = divided_sample(
                    seed, voters=ballots // each, pledges=1500, ballots=ballots, exposure=exposure, even=True
                )
                found = consensus(
                    sample.voter, sample.pledge, sample.choice, voters=sample.voters, pledges=sample.pledges
                )
                n = np.bincount(sample.pledge, minlength=sample.pledges)
                good = np.bincount(sample.pledge[sample.choice], minlength=sample.pledges)
                share = betabinomial.fit(good, n).value(good, n)
                quality = sample.truth.quality
                rows.append((_rank(share, quality), _rank(found.intercept, quality), found.stability, found.open))
            share_rank, agreed, stable, is_open = np.mean(rows, axis=0)
            print(
                f"{exposure:>9.1f}{each:>9}{share_rank:>8.3f}{agreed:>11.3f}{agreed - share_rank:>8.3f}{stable:>11.2f}{is_open:>11.2f}"
            )


if __name__ == "__main__":
    main()
