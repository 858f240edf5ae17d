"""Voters of two camps and what they think of pledges whose quality is known."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]

# Spread of what a voter happens to think of a pledge on the day, around quality, leniency and camp.
NOISE = 0.3


@dataclass(frozen=True)
class Pledges:
    """The planted truth of pledges: quality is what all can agree on, polarity what divides (positive: liked by the positive camp)."""

    quality: Floats
    polarity: Floats

    @classmethod
    def draw(cls, generator: np.random.Generator, count: int, *, polarised: float = 0.4) -> "Pledges":
        """Draw quality with a spread of 0.15, and a polarity of ±0.4 for the share ``polarised``, near 0 for the rest."""
        side = np.where(generator.random(count) < 0.5, -0.4, 0.4)
        divided = np.where(generator.random(count) < polarised, side, 0.0)
        return cls(generator.normal(0, 0.15, count), divided + generator.normal(0, 0.1, count))


@dataclass(frozen=True)
class Voters:
    """The planted truth of voters: camp, how readily they support anything, and how many of their ballots are cast without reading."""

    polarity: Floats
    leniency: Floats
    laziness: Floats

    @classmethod
    def draw(cls, generator: np.random.Generator, count: int, *, lazy: float = 0.0, strength: float = 1.0) -> "Voters":
        """Draw two camps, 60 to 40, around ∓0.8 times ``strength``. The share ``lazy`` does not read seven pledges of ten."""
        camp = np.where(generator.random(count) < 0.6, -0.8, 0.8)
        return cls(
            strength * (camp + generator.normal(0, 0.3, count)),
            generator.normal(0, 0.1, count),
            np.where(generator.random(count) < lazy, 0.7, 0.0),
        )

    def opinion(self, generator: np.random.Generator, voter: Integers, pledges: Pledges, pledge: Integers) -> Floats:
        """Draw what each voter thinks of each pledge, around 0.5: above it, a ballot is 支持. Who does not read says what comes to mind."""
        read = pledges.quality[pledge] + self.polarity[voter] * pledges.polarity[pledge]
        unread = generator.random(len(voter)) < self.laziness[voter]
        return 0.5 + self.leniency[voter] + np.where(unread, 0.1, read) + generator.normal(0, NOISE, len(voter))


@dataclass(frozen=True)
class Sample:
    """Ballots on pledges with the truth behind them. ``level`` is the opinion in three steps (0, 0.5, 1), ``choice`` in two."""

    voter: Integers
    pledge: Integers
    choice: NDArray[np.bool_]
    level: Floats
    voters: int
    pledges: int
    truth: Pledges
    people: Voters

    def where(self, kept: NDArray[np.bool_]) -> "Sample":
        """The same sample with the ballots of a mask only."""
        return replace(
            self,
            voter=self.voter[kept],
            pledge=self.pledge[kept],
            choice=self.choice[kept],
            level=self.level[kept],
        )


def divided_sample(
    seed: int,
    *,
    voters: int,
    pledges: int,
    ballots: int,
    exposure: float = 1.5,
    lazy: float = 0.0,
    even: bool = False,
) -> Sample:
    """Draw ballots of voters who see their own side more often.

    exposure: 0 shows all alike; at 1.5 a pledge of one's own side is seen about 4 times as often as one of the other, at 3 about 20 times (echo
    chambers). even: everyone is equally active and every pledge equally well known, in place of a few who are much more so.
    At most one ballot a voter and pledge; ``ballots`` in all, unless so many pairs do not exist.
    """
    generator = np.random.default_rng(seed)
    people, truth = Voters.draw(generator, voters, lazy=lazy), Pledges.draw(generator, pledges)
    # Cumulative shares, to draw by binary search.
    active, known = (np.cumsum(_weights(generator, count, even=even)) for count in (voters, pledges))
    pairs = np.zeros(0, dtype=np.int64)
    for _ in range(60):
        wanted = ballots - len(pairs)
        if wanted <= 0:
            break
        size = 3 * wanted + 1000
        u = np.searchsorted(active, generator.random(size) * active[-1], side="right")
        i = np.searchsorted(known, generator.random(size) * known[-1], side="right")
        liking = exposure * people.polarity[u] * truth.polarity[i] / (0.8 * 0.4)
        seen = generator.random(size) < 1 / (1 + np.exp(-liking))
        pairs = np.union1d(pairs, u[seen] * pledges + i[seen])
    pairs = np.sort(generator.permutation(pairs)[:ballots])
    voter, pledge = np.divmod(pairs, pledges)
    opinion = people.opinion(generator, voter, truth, pledge)
    level = np.select([opinion > 2 / 3, opinion > 1 / 3], [1.0, 0.5], 0.0)
    return Sample(voter, pledge, opinion > 0.5, level, voters, pledges, truth, people)


def _weights(generator: np.random.Generator, count: int, *, even: bool) -> Floats:
    return np.ones(count) if even else generator.lognormal(0, 1, count)
