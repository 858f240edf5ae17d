"""An invented site over some months: politicians of areas and camps, voters who come by now and then, and the news."""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring.attacks.ballots import DAY, JAPAN, Ballots
from tsushinbo.scoring.synthetic.opinions import NOISE, Floats, Integers, Pledges, Voters

# Midnight in Japan on some day of 2025.
START = 20_300 * DAY - JAPAN
# How the ballots of a day spread over its hours, in Japan.
HOURS = np.array([4, 2, 1, 1, 1, 1, 3, 5, 6, 5, 5, 6, 8, 6, 5, 5, 5, 6, 7, 8, 9, 9, 8, 6], dtype=np.float64)


class Kind(IntEnum):
    """Why a ballot is there. Only those of ATTACK ought to be held."""

    ORDINARY = 0
    SURGE = 1
    CROWD = 2  # people of a place, or followers of a party
    ATTACK = 3
    CAMOUFLAGE = 4


@dataclass(frozen=True)
class Site:
    """The planted truth: who is good, who lives where, who speaks to which camp, and how many networks there are."""

    owner: Integers
    pledges: Pledges
    area: Integers
    known: Floats
    days: int
    areas: int
    networks: int

    @classmethod
    def draw(
        cls,
        generator: np.random.Generator,
        *,
        politicians: int = 300,
        pledges_each: int = 6,
        areas: int = 20,
        days: int = 120,
        networks: int = 2500,
        polarised: float = 0.4,
    ) -> "Site":
        """Draw politicians of different quality, each of one camp. ``polarised`` is the share of their pledges that speaks to that camp."""
        owner = np.repeat(np.arange(politicians), pledges_each)
        count = len(owner)
        own = generator.normal(0, 0.12, politicians)
        camp = np.where(generator.random(politicians) < 0.5, -1.0, 1.0)
        divided = generator.random(count) < polarised
        pledges = Pledges(
            own[owner] + generator.normal(0, 0.09, count),
            np.where(divided, 0.4 * camp[owner], 0.0) + generator.normal(0, 0.05, count),
        )
        area = generator.permutation(np.arange(politicians) % areas)
        return cls(owner, pledges, area, generator.lognormal(0, 0.6, politicians), days, areas, networks)

    @property
    def politicians(self) -> int:
        """How many politicians there are."""
        return len(self.area)

    def support(self) -> Floats:
        """The share of 支持 that each politician has with voters of both camps, 60 to 40: the planted truth of the ranking."""
        z = self.pledges.quality / NOISE
        shift = 0.8 * self.pledges.polarity / NOISE
        share = 0.6 * _normal(z - shift) + 0.4 * _normal(z + shift)
        return np.bincount(self.owner, share) / np.bincount(self.owner)


def _normal(z: Floats) -> Floats:
    """The normal distribution function, near enough for a ranking (logistic, error below 0.01)."""
    return 1 / (1 + np.exp(-1.702 * z))


@dataclass
class Scene:
    """A site with what happened on it so far. Each deed adds voters and ballots; ``ballots`` gives all of it."""

    site: Site
    generator: np.random.Generator
    # How far the camps are apart: 1 as in opinions, at 2 most voters go by the camp alone.
    strength: float = 1.0
    people: Voters = field(init=False)
    home: Integers = field(init=False)
    lives_in: Integers = field(init=False)
    first_at: Integers = field(init=False)
    columns: list[tuple[Integers, Integers, NDArray[np.bool_], Integers, Integers, Integers]] = field(
        default_factory=list
    )

    def __post_init__(self) -> None:
        nobody = np.zeros(0)
        self.people, self.first_at = Voters(nobody, nobody, nobody), nobody.astype(np.int64)
        self.home = self.lives_in = nobody.astype(np.int64)

    def join(
        self,
        count: int,
        first_at: Integers,
        *,
        area: Integers | None = None,
        home: Integers | None = None,
        lazy: float = 0.05,
    ) -> Integers:
        """Add voters and return their numbers. Without an area they live anywhere, without a home network they have one of their area."""
        site, generator = self.site, self.generator
        area = generator.integers(0, site.areas, count) if area is None else area
        if home is None:
            # A few networks of each area serve most of it.
            local = site.networks // (2 * site.areas)
            home = area * local + (local * generator.random(count) ** 2).astype(np.int64)
        more = Voters.draw(generator, count, lazy=lazy, strength=self.strength)
        numbers = np.arange(len(self.first_at), len(self.first_at) + count)
        self.people = Voters(
            np.concatenate([self.people.polarity, more.polarity]),
            np.concatenate([self.people.leniency, more.leniency]),
            np.concatenate([self.people.laziness, more.laziness]),
        )
        self.home, self.lives_in = np.concatenate([self.home, home]), np.concatenate([self.lives_in, area])
        self.first_at = np.concatenate([self.first_at, first_at])
        return numbers

    def network(self, voter: Integers) -> Integers:
        """Where each ballot comes from: seven of ten from home, the rest through a phone on one of the large networks."""
        site, generator = self.site, self.generator
        large = site.networks - 1 - (site.networks / 2 * generator.random(len(voter)) ** 2).astype(np.int64)
        return np.where(generator.random(len(voter)) < 0.7, self.home[voter], large)

    def cast(
        self,
        voter: Integers,
        pledge: Integers,
        at: Integers,
        kind: Kind,
        *,
        choice: NDArray[np.bool_] | None = None,
        network: Integers | None = None,
    ) -> None:
        """Add ballots; without a choice the voter's own opinion, without a network the voter's usual ones."""
        if choice is None:
            choice = self.people.opinion(self.generator, voter, self.site.pledges, pledge) > 0.5
        network = self.network(voter) if network is None else network
        self.columns.append((voter, pledge, choice, at, network, np.full(len(voter), int(kind))))

    def ordinary(self, voters: int, ballots: int) -> None:
        """Let voters come by for months: busy ones and rare ones, more often to politicians of their area and to known ones."""
        site, generator = self.site, self.generator
        numbers = self.join(voters, np.zeros(voters, dtype=np.int64))
        busy = generator.lognormal(0, 0.9, voters)
        visits = int(ballots / 1.9)
        who = np.sort(generator.choice(voters, visits, p=busy / busy.sum()))
        begins = np.where(generator.random(voters) < 0.6, 0.0, generator.random(voters) * site.days * 0.9)
        day = (begins[who] + generator.random(visits) * (site.days - begins[who])).astype(np.int64)
        politician = self._visited(numbers[who])
        pledges_each = len(site.owner) // site.politicians
        # Two or three ballots a visit.
        count = 1 + generator.binomial(pledges_each - 1, min(1.25 / max(pledges_each - 1, 1), 1), visits)
        visit = np.repeat(np.arange(visits), count)
        offset = generator.integers(0, pledges_each, visits)[visit] + _number_within(count)
        pledge = politician[visit] * pledges_each + offset % pledges_each
        at = START + day[visit] * DAY + self.second_of_day(visits)[visit] + 20 * _number_within(count)
        voter, network = numbers[who][visit], self.network(numbers[who])[visit]
        keep = _first_of_pair(voter, pledge, at)
        voter, pledge, at, network = voter[keep], pledge[keep], at[keep], network[keep]
        joined = np.full(voters, START + site.days * DAY)
        np.minimum.at(joined, voter - numbers[0], at)
        aged = begins == 0
        joined[aged] = START - (generator.random(int(aged.sum())) * 300 * DAY).astype(np.int64)
        self.first_at[numbers] = joined
        self.cast(voter, pledge, at, Kind.ORDINARY, network=network)

    def second_of_day(self, count: int) -> Integers:
        """Draw seconds after midnight."""
        hour = self.generator.choice(24, count, p=HOURS / HOURS.sum())
        return hour * 3600 + self.generator.integers(0, 3600 - 120, count)

    def ballots(self) -> tuple[Ballots, Integers]:
        """Return all ballots and the Kind of each. Of two of a voter on a pledge the later deed counts."""
        voter, pledge, choice, at, network, kind = (
            np.concatenate(column) for column in zip(*self.columns, strict=True)
        )
        pair = voter * len(self.site.owner) + pledge
        _, last = np.unique(pair[::-1], return_index=True)
        keep = np.sort(len(pair) - 1 - last)
        everything = Ballots(voter, pledge, choice, at, network, self.site.owner, self.first_at)
        return everything.take(keep), kind[keep]

    def _visited(self, voter: Integers) -> Integers:
        """Draw whose page is visited: half of the visits go to the voter's own area, all of them rather to who is known."""
        site, generator = self.site, self.generator
        anywhere = generator.choice(site.politicians, len(voter), p=site.known / site.known.sum())
        by_area = np.argsort(site.area, kind="stable")
        size = np.bincount(site.area, minlength=site.areas)
        begin = np.cumsum(size) - size
        area = self.lives_in[voter]
        near = by_area[begin[area] + (generator.random(len(voter)) * size[area]).astype(np.int64)]
        return np.where(generator.random(len(voter)) < 0.5, near, anywhere)


def _number_within(count: Integers) -> Integers:
    """0, 1, … within each of the groups of these sizes."""
    return np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)


def _first_of_pair(voter: Integers, pledge: Integers, at: Integers) -> Integers:
    """The rows of each voter's earliest ballot on each pledge."""
    order = np.lexsort((at, pledge, voter))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(voter[order]) != 0) | (np.diff(pledge[order]) != 0)
    return np.sort(order[first])
