"""Scenes on a site small enough to look at ballot by ballot, for the tests of tsushinbo.scoring.attacks."""

import numpy as np

from tests.scoring import scenes
from tests.scoring.scenes import Staged
from tsushinbo.scoring.attacks.policy import Findings
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack
from tsushinbo.scoring.synthetic.traffic import Scene, Site


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


def thrown_away(seed: int = 2) -> tuple[Scene, np.ndarray]:
    scene = small(seed)
    targets = several(scene)
    attack(scene, targets, STYLES["throwaway"], 12, begins=50.0)
    return scene, targets


def staged_small() -> Staged:
    scene = small(5)
    targets = several(scene)
    attack(scene, targets, STYLES["stealth"], 40)
    attack(scene, several(scene, 6)[3:], STYLES["throwaway"], 8)
    return scenes.staged(scene, targets)
