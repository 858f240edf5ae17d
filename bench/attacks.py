"""What attacks do to places, without and with holding; what is held of honest people; and what it costs at the scale of the country.

Each line is the mean over seeds that no parameter was chosen on. P: share of what is held that is an attacker's. R: share of the attack that is held. lost:
places (of 300) that a target loses without holding, and with it, with the standard error of that mean. oracle: the same if exactly the attack were
held, and its camouflage counted: what remains is the camouflage's chance. honest: share of all honest ballots held. alerted: targets whose place is frozen
until a person has looked, as happens where nothing may be held. Beside them P, R, lost→with (or the share of the crowd held) of the two tables measured of the
first prototype (tests/scoring/asked.py), and whether this line is at or better. ``--seeds`` and ``--only`` repeat some lines on other seeds.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.scoring import asked
from tests.scoring.scenes import (
    Outcome,
    Play,
    aimed,
    at_home,
    attacked,
    averaged,
    clean,
    crowd_of,
    crowded,
    few,
    followed,
    news,
    outcome,
)
from tsushinbo.scoring.attacks.ballots import Ballots
from tsushinbo.scoring.attacks.policy import detect
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack, neighbours
from tsushinbo.scoring.synthetic.traffic import Kind, Scene, Site

SEEDS = range(701, 711)
LARGE = 10_000_000
MEMORY_GOAL = 4.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs=2, default=(SEEDS[0], SEEDS[-1]), metavar=("FIRST", "LAST"))
    parser.add_argument("--only", default="", help="the lines whose label has this in it")
    parser.add_argument("--large", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.large:
        print(json.dumps(_large(options.large)))
        return
    seeds = range(options.seeds[0], options.seeds[1] + 1)
    for title, lines in _tables():
        chosen = [line for line in lines if options.only in line.label]
        if chosen:
            _heading(title, seeds)
        for line in chosen:
            _print(line, seeds)
    if not options.only:
        _small()
        _scale()


@dataclass(frozen=True)
class Line:
    """A line of a table: what is played, and what METHOD measured of it, on the seeds of its own and on held-out ones."""

    label: str
    play: Play
    wanted: asked.Held | asked.Spared | None = None
    held_out: asked.Held | asked.Spared | None = None


def _tables() -> list[tuple[str, list[Line]]]:
    return [
        (
            "attacks on three good neighbours, by share of all voters or of the targets' own ballots",
            [
                Line(
                    f"{style}, {size}",
                    attacked(style, size.share, of=size.of),
                    asked.METHOD.get((style, size)),
                    asked.HELD_OUT.get((style, size)),
                )
                for style in ("naive", "mixed", "stealth", "throwaway", "throwaway, wide")
                for size in asked.SIZES
            ],
        ),
        (
            "the same, with as many ballots as cost METHOD's places",
            [
                Line(
                    f"{style}, {share:.1%} as strong as {size.share:.0%}",
                    attacked(style, share, of=size.of),
                    asked.METHOD[style, size],
                )
                for (style, size), share in asked.AS_STRONG.items()
            ],
        ),
        ("other aims and habits, by number of attackers", [Line(*one) for one in _others()]),
        (
            "honest people: nothing ought to be held",
            [
                Line("ordinary life and 12 mild news", clean),
                *(
                    Line(
                        f"crowd, {size}",
                        crowd_of(size.share, of=size.of),
                        asked.METHOD.get(("crowd", size)),
                        asked.HELD_OUT.get(("crowd", size)),
                    )
                    for size in asked.SIZES
                ),
                *(Line(*one) for one in _honest()),
            ],
        ),
    ]


def _others() -> list[tuple[str, Play]]:
    return [
        ("naive, two people", few("naive", 2)),
        ("naive, three people", few("naive", 3)),
        ("stealth, 40 in an honest crowd of 40", crowded(40, attackers=40)),
        ("stealth, 200 in an honest crowd of 200", crowded(200, attackers=200)),
        ("stealth, 40 in an honest crowd of 200", crowded(200, attackers=40)),
        ("stealth, 40 against 400 followers", followed(400, attackers=40)),
        ("stealth, 40 in favour of three", aimed("stealth", 40, 3, choice=True)),
        ("throwaway, 40 in favour of three", aimed("throwaway", 40, 3, choice=True)),
        ("list, 40 on twenty", aimed("list", 40, 20)),
        ("naive, 40 on one", aimed("naive", 40, 1)),
        ("stealth, 40 on one", aimed("stealth", 40, 1)),
        ("stealth, 800 on nine", aimed("stealth", 800, 9)),
        ("stealth, 40 on nine", aimed("stealth", 40, 9)),
        ("sly, 200 on three", aimed("sly", 200, 3)),
        ("slow, 200 on three", aimed("slow", 200, 3)),
    ]


def _honest() -> list[tuple[str, Play]]:
    return [
        ("crowd of 40, angry", crowded(40, mood=-0.3)),
        ("crowd of 40, of one mind", crowded(40, mood=0.4)),
        ("crowd of 200, angry", crowded(200, mood=-0.3)),
        ("crowd of 200, of one mind", crowded(200, mood=0.4)),
        ("crowd of 200 in two hostile camps", crowded(200, strength=2)),
        ("large news, half newcomers", news(500, newcomers=0.5, mood=0.0)),
        ("large news, angry newcomers", news(500, newcomers=0.8, mood=-0.3)),
        ("300 homes of two", at_home(2)),
        ("300 homes of three", at_home(3)),
        ("300 homes of three, on two politicians", at_home(3, politicians=2)),
        ("300 homes of two of a hostile party", at_home(2, opposed=0.97)),
        ("300 homes of three of a hostile party", at_home(3, opposed=0.97)),
        ("400 followers all the time", followed(400)),
        ("400 followers and a wave of 100", followed(400, wave=100)),
    ]


def _heading(title: str, seeds: range) -> None:
    print(f"\n{title}; mean of seeds {seeds[0]} to {seeds[-1]}")
    print(
        f"{'':<40}{'P':>6}{'R':>6}{'lost':>8}{'with':>8}{'±':>6}{'oracle':>8}{'honest':>10}{'crowd':>8}{'alerted':>9}{'s':>7}   {'asked by METHOD':<26}   on held-out seeds"
    )


def _print(line: Line, seeds: range) -> None:
    outcomes = [outcome(line.play, seed) for seed in seeds]
    found: Outcome = averaged(outcomes)
    error = (
        np.std([one.lost_with_holding for one in outcomes], ddof=1) / np.sqrt(len(outcomes))
        if len(outcomes) > 1
        else np.nan
    )
    cells = (
        _number(found.precision, 6, 2),
        _number(found.recall, 6, 2),
        _number(found.lost, 8, 1),
        _number(found.lost_with_holding, 8, 1),
        _number(float(error), 6, 1),
        _number(found.lost_to_an_oracle, 8, 1),
        _number(found.honest_held, 10, 5),
        _number(found.crowd_held, 8, 3),
        _number(found.alerted, 9, 2),
        _number(found.seconds, 7, 2),
    )
    verdicts = (
        f"{wanted} {'yes' if wanted.met(found) else 'NO'}" if wanted else "" for wanted in (line.wanted, line.held_out)
    )
    print(
        f"{line.label:<40}" + "".join(cells) + "".join(f"   {verdict:<26}" for verdict in verdicts).rstrip(), flush=True
    )


def _number(value: float, width: int, digits: int) -> str:
    return f"{'-':>{width}}" if np.isnan(value) else f"{value:>{width}.{digits}f}"


def _small() -> None:
    """Time detection on the clean site beside a pass over its ballots: processor time, the least of several, since other work may be going on."""
    ballots = clean(SEEDS[0]).ballots
    found, passed = (
        min(_seconds(work) for _ in range(7))
        for work in (lambda: detect(ballots), lambda: np.bincount(ballots.pledge, ballots.choice))
    )
    print(
        f"\nthe whole pass at {len(ballots):,} ballots: {found:.2f} s of processor time, {found / passed:.0f} × one NumPy pass over the ballots "
        f"(METHOD: {asked.SECONDS[0]:g} to {asked.SECONDS[1]:g} s)"
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _scale() -> None:
    print(f"\nthe whole pass at {LARGE:,} ballots, in a process of its own")
    done = subprocess.run(
        [sys.executable, "-m", "bench.attacks", "--large", str(LARGE)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    print(
        f"{found['ballots']:,} ballots, {found['voters']:,} voters, {found['politicians']:,} politicians: {found['seconds']:.1f} s, "
        f"{found['ratio']:.0f} × one NumPy pass over the ballots (sums by pledge, {found['pass']:.3f} s); "
        f"peak memory {found['memory']:.2f} GB with the site in it (goal: below {MEMORY_GOAL:g})"
    )
    print(f"two attacks hidden in it: precision {found['precision']:.3f}, recall {found['recall']:.3f}")


def _large(wanted: int) -> dict[str, float]:
    """A site as large as the country with two attacks on it; 1,000,000 pledges of 30,000 politicians at 10,000,000 ballots."""
    generator = np.random.default_rng(1)
    politicians = max(300, wanted * 3 // 1000)
    site = Site.draw(
        generator, politicians=politicians, pledges_each=33, areas=politicians // 15, networks=wanted // 50
    )
    scene = Scene(site, generator)
    scene.ordinary(wanted // 20, int(wanted * 0.97))
    attack(scene, neighbours(generator, site), STYLES["stealth"], 1000)
    attack(scene, neighbours(generator, site), STYLES["throwaway"], 400)
    drawn, kind = scene.ballots()
    ballots = Ballots(
        drawn.voter.astype(np.int32),
        drawn.pledge.astype(np.int32),
        drawn.choice,
        drawn.at,
        drawn.network.astype(np.int32),
        drawn.politician_of.astype(np.int32),
        drawn.first_at,
    )
    del drawn, scene
    started = time.perf_counter()
    np.bincount(ballots.pledge, ballots.choice)
    passed = time.perf_counter() - started
    started = time.perf_counter()
    held = detect(ballots).held
    seconds = time.perf_counter() - started
    wrong_one = np.isin(kind, [Kind.ATTACK, Kind.CAMOUFLAGE])
    return {
        "ballots": len(ballots),
        "voters": ballots.voters,
        "politicians": politicians,
        "seconds": seconds,
        "pass": passed,
        "ratio": seconds / passed,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "precision": float(wrong_one[held].mean()),
        "recall": float(held[kind == Kind.ATTACK].mean()),
    }


if __name__ == "__main__":
    main()
