"""Scenes on an invented site, and what holding does to them: for the tests of tsushinbo.scoring.attacks and for ``make bench``.

The site of METHOD: 300 politicians with 6 pledges each, 4,000 voters, about 78,000 ballots in 120 days, 12 mild news.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring import betabinomial
from tsushinbo.scoring.attacks.ballots import Ballots
from tsushinbo.scoring.attacks.policy import Findings, detect
from tsushinbo.scoring.synthetic.campaigns import (
    STYLES,
    attack,
    attackers_for,
    crowd,
    followers,
    home,
    neighbours,
    surge,
)
from tsushinbo.scoring.synthetic.traffic import Kind, Scene, Site

VOTERS, BALLOTS, NEWS = 4000, 72_500, 12
TARGETS = 3


@dataclass(frozen=True)
class Staged:
    """A scene that is over: the targets, all ballots, and the Kind of each."""

    site: Site
    targets: NDArray[np.int64]
    ballots: Ballots
    kind: NDArray[np.int64]


type Play = Callable[[int], Staged]


def ordinary(seed: int, *, strength: float = 1.0, polarised: float = 0.4) -> Scene:
    """The site with nothing but its ordinary life and mild news: a quarter of a politician's ballots within a day."""
    generator = np.random.default_rng(seed)
    scene = Scene(Site.draw(generator, polarised=polarised), generator, strength)
    scene.ordinary(VOTERS, BALLOTS)
    own = np.bincount(scene.site.owner[scene.columns[0][1]], minlength=scene.site.politicians)
    for politician in generator.choice(scene.site.politicians, NEWS, replace=False):
        surge(scene, int(politician), max(1, int(own[politician] / 8)))
    return scene


def staged(scene: Scene, targets: NDArray[np.int64]) -> Staged:
    return Staged(scene.site, targets, *scene.ballots())


def clean(seed: int) -> Staged:
    scene = ordinary(seed)
    return staged(scene, neighbours(scene.generator, scene.site, TARGETS))


def attacked(style: str, share: float, *, of: str) -> Play:
    """An attack on three good neighbours by a share of all voters, or with a share of the targets' own ballots."""

    def play(seed: int) -> Staged:
        scene = ordinary(seed)
        targets = neighbours(scene.generator, scene.site, TARGETS)
        how = STYLES[style]
        attackers = round(share * VOTERS) if of == "voters" else attackers_for(scene, targets, how, share)
        attack(scene, targets, how, attackers)
        return staged(scene, targets)

    return play


def few(style: str, attackers: int) -> Play:
    """An attack on three good neighbours by so many people."""

    def play(seed: int) -> Staged:
        scene = ordinary(seed)
        targets = neighbours(scene.generator, scene.site, TARGETS)
        attack(scene, targets, STYLES[style], attackers)
        return staged(scene, targets)

    return play


def aimed(style: str, attackers: int, targets: int, *, choice: bool = False) -> Play:
    """An attack on another number of targets; in favour of weak ones where ``choice`` is True."""

    def play(seed: int) -> Staged:
        scene = ordinary(seed)
        place = np.argsort(np.argsort(-scene.site.support()))
        wanted = place >= 200 if choice else place < 100
        chosen = np.sort(scene.generator.choice(np.flatnonzero(wanted), targets, replace=False))
        attack(scene, chosen, STYLES[style], attackers, choice=choice)
        return staged(scene, chosen)

    return play


def crowded(people: int, *, mood: float = 0.0, attackers: int = 0, later: float = 0.0, strength: float = 1.0) -> Play:
    """An honest local crowd on day 40; with attackers, a stealthy attack on the same three beside it, or so many days later."""

    def play(seed: int) -> Staged:
        scene = ordinary(seed, strength=strength, polarised=0.4 if strength == 1 else 1.0)
        targets = neighbours(scene.generator, scene.site, TARGETS)
        if people:
            crowd(scene, targets, people, mood=mood, begins=40.0)
        if attackers:
            attack(scene, targets, STYLES["stealth"], attackers, begins=35.0 + later)
        return staged(scene, targets)

    return play


def crowd_of(share: float, *, of: str) -> Play:
    """An honest local crowd of a size given like that of an attack."""

    def play(seed: int) -> Staged:
        scene = ordinary(seed)
        targets = neighbours(scene.generator, scene.site, TARGETS)
        own = sum(int(np.isin(scene.site.owner[column[1]], targets).sum()) for column in scene.columns)
        crowd(scene, targets, round(share * VOTERS if of == "voters" else share * own / 8))
        return staged(scene, targets)

    return play


def followed(people: int, *, wave: int = 0, attackers: int = 0) -> Play:
    """Followers of the three who come all the time; with a wave of more of them in a week, or an attack."""

    def play(seed: int) -> Staged:
        scene = ordinary(seed)
        targets = neighbours(scene.generator, scene.site, TARGETS)
        followers(scene, targets, people, days=scene.site.days - 10)
        if wave:
            followers(scene, targets, wave, days=7, begins=60)
        if attackers:
            attack(scene, targets, STYLES["stealth"], attackers)
        return staged(scene, targets)

    return play


def at_home(people: int, *, homes: int = 300, politicians: int = 3, opposed: float | None = None) -> Play:
    """Honest homes of so many people: each looks through a few politicians of the area on one evening, and they think alike.

    opposed: they are of a party that opposes these politicians, and vote so in so large a share of their ballots.
    """

    def play(seed: int) -> Staged:
        scene = ordinary(seed)
        for _ in range(homes):
            home(scene, people, politicians=politicians, opposed=opposed)
        return staged(scene, neighbours(scene.generator, scene.site, TARGETS))

    return play


def news(people: int, *, newcomers: float, mood: float, days: float = 2.0) -> Play:
    """Large news about each of the three, days apart."""

    def play(seed: int) -> Staged:
        scene = ordinary(seed)
        targets = neighbours(scene.generator, scene.site, TARGETS)
        for number, politician in enumerate(targets):
            surge(scene, int(politician), people, newcomers=newcomers, mood=mood, days=days, begins=30.0 + 15 * number)
        return staged(scene, targets)

    return play


@dataclass(frozen=True)
class Outcome:
    """What holding did. Shares from 0 to 1, NaN where there is nothing to share; places are those that a target loses.

    ``lost_to_an_oracle`` is what remains when exactly the ballots of the attack are held, and its camouflage counts: no policy that looks for the attack can be
    asked for less.
    """

    precision: float
    recall: float
    lost: float
    lost_with_holding: float
    lost_to_an_oracle: float
    honest_held: float
    crowd_held: float
    alerts: int
    alerted: float
    seconds: float


def outcome(play: Play, seed: int) -> Outcome:
    """Play a scene and measure. Right is what is held of an attacker; only the ballots of an attack need be found, not its camouflage."""
    scene = play(seed)
    started = time.perf_counter()
    findings = detect(scene.ballots)
    seconds = time.perf_counter() - started
    wrong_one = np.isin(scene.kind, [Kind.ATTACK, Kind.CAMOUFLAGE])
    held = findings.held
    attack_alone = scene.kind == Kind.ATTACK
    truth, with_all, with_counted, oracle = (
        _places(scene, mask) for mask in (~wrong_one, np.full(len(held), True), ~held, ~attack_alone)
    )
    return Outcome(
        precision=_share(wrong_one, held),
        recall=_share(held, attack_alone),
        lost=float((with_all - truth)[scene.targets].mean()),
        lost_with_holding=float((with_counted - truth)[scene.targets].mean()),
        lost_to_an_oracle=float((oracle - truth)[scene.targets].mean()),
        honest_held=_share(held, ~wrong_one),
        crowd_held=_share(held, scene.kind == Kind.CROWD),
        alerts=sum(len(windows) for windows in findings.alerts.values()),
        alerted=float(np.isin(scene.targets, alerted(findings)).mean()),
        seconds=seconds,
    )


def mean(play: Play, seeds: range) -> Outcome:
    """The mean outcome over seeds, of what is not NaN."""
    return averaged([outcome(play, seed) for seed in seeds])


def averaged(outcomes: list[Outcome]) -> Outcome:
    """The mean of outcomes, of what is not NaN."""
    rows = np.array([list(vars(one).values()) for one in outcomes])
    told = np.maximum(np.isfinite(rows).sum(axis=0), 1)
    means = np.where(np.isfinite(rows).any(axis=0), np.nansum(rows, axis=0) / told, np.nan)
    return Outcome(*means.tolist())


def alerted(findings: Findings) -> NDArray[np.integer]:
    """Politicians with a window that stands out."""
    return np.unique(np.concatenate([windows.node for windows in findings.alerts.values()]) // 2)


def _places(scene: Staged, counted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Places of all politicians by the share of 支持 drawn to the mean, 0 for the first."""
    ballots = scene.ballots.take(counted)
    owner = ballots.politician_of[ballots.pledge]
    n = np.bincount(owner, minlength=scene.site.politicians)
    good = np.bincount(owner[ballots.choice], minlength=scene.site.politicians)
    value = betabinomial.fit(good, n).value(good, n)
    return (value[None, :] > value[:, None]).sum(axis=1)


def _share(of: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return float(of[among].mean()) if among.any() else float("nan")
