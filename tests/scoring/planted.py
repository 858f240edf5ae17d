"""Politicians, pledges and voters whose truth is known: what the arithmetic has to find again. Everything is drawn from a seed."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tsushinbo.scoring.method import DIMENSIONS, KINDS, METHOD, SHARES
from tsushinbo.scoring.tallies import Owners, Tallies

Floats = NDArray[np.float64]

# Spread of people's ratings of one pledge, of the true ratings of pledges, and how far the true shares of pledges lie apart (probit).
WITHIN, BETWEEN, APART = 20.0, 12.0, 0.45

# How alike the pledges of one person are judged, ballots a pledge (median), pledges a person, politicians.
SITES = {
    "not alike": (0.0, 15, 6, 300),
    "alike": (0.3, 15, 6, 300),
    "very alike": (0.6, 15, 6, 300),
    "many ballots": (0.3, 60, 6, 150),
    "few ballots": (0.3, 5, 6, 300),
    "few pledges": (0.5, 15, 3, 300),
    "many pledges": (0.5, 15, 20, 150),
    "a young site": (0.3, 15, 6, 30),
}


def expected_rating(centre: Floats, spread: float) -> Floats:
    """The mean of a normal law cut at 0 and 100: what everybody's ratings would average."""
    low, high = (0 - centre) / spread, (100 - centre) / spread

    def height(z: Floats) -> Floats:
        return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)

    inside = centre * (ndtr(high) - ndtr(low)) + spread * (height(low) - height(high))
    return np.asarray(inside + 100 * ndtr(-high))


@dataclass(frozen=True)
class Planted:
    """Tallies with the truth behind them: ``truth`` has shape (6, pledges), in points."""

    tallies: Tallies
    owners: Owners
    owner: NDArray[np.int64]
    truth: Floats

    @cached_property
    def totals(self) -> Floats:
        """The true T of each owner: the plain mean over all of its pledges."""
        pledges = np.bincount(self.owner, minlength=self.owners.id.size)
        means = np.array([np.bincount(self.owner, row, pledges.size) / np.maximum(pledges, 1) for row in self.truth])
        return np.asarray(np.array(METHOD.scores.weights) @ means)


def plant(
    seed: int,
    politicians: int,
    *,
    alike: float = 0.3,
    ballots: float = 15,
    pledges: float = 6,
    habit: float = 0.4,
    kind: str = "mayor",
) -> Planted:
    """Draw politicians whose pledges are alike to the degree ``alike``, and voters whose answers to one pledge go together by ``habit``."""
    random = np.random.default_rng(seed)
    many = np.maximum(2, np.rint(np.exp(random.normal(np.log(pledges), 0.7, politicians)))).astype(np.int64)
    owner = np.repeat(np.arange(politicians), many)
    size = owner.size
    fame = np.exp(random.normal(0, 0.6, politicians))
    votes = random.poisson(np.exp(random.normal(np.log(ballots), 0.9, size)) * fame[owner])
    where = np.repeat(np.arange(size), votes)
    mood, good_person, good_pledge = (
        random.normal(size=where.size),
        random.normal(size=politicians),
        random.normal(size=size),
    )
    assessing = random.random(where.size) < 0.3
    truth, rows = np.empty((len(DIMENSIONS), size)), []
    for number in range(len(DIMENSIONS)):
        # Half of what is good about a pledge is good in every dimension.
        person = np.sqrt(0.5) * (good_person + random.normal(size=politicians))
        pledge = np.sqrt(0.5) * (good_pledge + random.normal(size=size))
        quality = np.sqrt(alike) * person[owner] + np.sqrt(1 - alike) * pledge
        answer = np.sqrt(habit) * mood + np.sqrt(1 - habit) * random.normal(size=where.size)
        if number < len(SHARES):
            lean = 0.1 + APART * quality
            truth[number] = 100 * ndtr(lean)
            says = np.ones(where.size, bool) if number == 0 else random.random(where.size) < 0.3
            positive = answer > -lean[where]
            rows.append((np.bincount(where[says], positive[says], size), np.bincount(where[says], minlength=size)))
        else:
            centre = 45 + BETWEEN * quality
            truth[number] = expected_rating(centre, WITHIN)
            points = np.clip(np.rint(centre[where] + WITHIN * answer), 0, 100)[assessing]
            on = where[assessing]
            rows.append(
                (np.bincount(on, minlength=size), np.bincount(on, points, size), np.bincount(on, points**2, size))
            )
    shares = np.array(rows[: len(SHARES)]).astype(np.int64)
    ratings = np.array(rows[len(SHARES) :]).astype(np.int64)
    ids = np.arange(politicians, dtype=np.int64) * 7 + 3
    return Planted(
        tallies=Tallies(
            pledge=np.arange(size, dtype=np.int64) * 3 + 1,
            owner=ids[owner],
            party=np.zeros(size, dtype=bool),
            positive=shares[:, 0],
            n=shares[:, 1],
            ratings=ratings[:, 0],
            total=ratings[:, 1],
            squares=ratings[:, 2],
        ),
        owners=Owners(ids, np.full(politicians, KINDS.index(kind), dtype=np.int64)),
        owner=owner,
        truth=truth,
    )
