"""What may befall an invented site: attacks of several styles and sizes, and honest crowds and news that must not be taken for one."""

from dataclasses import dataclass, replace

import numpy as np

from tsushinbo.scoring.attacks.ballots import DAY
from tsushinbo.scoring.synthetic.opinions import Integers
from tsushinbo.scoring.synthetic.traffic import START, Kind, Scene, Site

# Networks that no ordinary voter has begin here.
RENTED = 1_000_000


@dataclass(frozen=True)
class Style:
    """How a campaign goes about it.

    days: from its first to its last ballot. ballots: on the targets, of each attacker. camouflage: elsewhere, of each attacker, by an honest voter's
    opinion. age: days since the accounts' first ballot, youngest and oldest; 0 is new. a_network: accounts on one network, 0 for ordinary
    homes. dropped: the cookie is dropped after each ballot, so that every ballot has a key of its own. dissent: share of the ballots on the
    targets that go the other way, to look like people. listed: only one pledge of each target is aimed at.
    """

    days: float
    ballots: int
    camouflage: int = 0
    age: tuple[float, float] = (0.0, 0.0)
    a_network: int = 0
    dropped: bool = False
    dissent: float = 0.0
    listed: bool = False


STYLES = {
    "naive": Style(days=0.25, ballots=12, a_network=25),
    "mixed": Style(days=2, ballots=9, camouflage=4, age=(0, 20), a_network=5),
    "stealth": Style(days=25, ballots=6, camouflage=10, age=(30, 300)),
    "throwaway": Style(days=0.25, ballots=12, a_network=25, dropped=True),
    "throwaway, wide": Style(days=0.25, ballots=12, dropped=True),
    "list": Style(days=25, ballots=12, camouflage=2, age=(30, 300), listed=True),
    "sly": Style(days=25, ballots=6, camouflage=10, age=(30, 300), dissent=0.25),
    "slow": Style(days=100, ballots=6, camouflage=10, age=(30, 300)),
}


def neighbours(generator: np.random.Generator, site: Site, count: int = 3) -> Integers:
    """Draw the targets: politicians of one area who are all well supported, though not the best of the site."""
    place = np.argsort(np.argsort(-site.support()))
    good = (place >= site.politicians * 0.04) & (place < site.politicians * 0.34)
    area = generator.choice(np.flatnonzero(np.bincount(site.area[good], minlength=site.areas) >= count))
    return np.sort(generator.choice(np.flatnonzero(good & (site.area == area)), count, replace=False))


def attack(
    scene: Scene,
    targets: Integers,
    style: Style,
    attackers: int,
    *,
    choice: bool = False,
    begins: float | None = None,
) -> None:
    """Let so many attackers give the targets one choice, each on ``style.ballots`` of all their pledges."""
    generator, site = scene.generator, scene.site
    begins = generator.uniform(0.1, 0.9) * (site.days - style.days) if begins is None else begins
    open_pledges = np.flatnonzero(np.isin(site.owner, targets))
    if style.listed:
        open_pledges = open_pledges[np.unique(site.owner[open_pledges], return_index=True)[1]]
    on_targets = _several(generator, attackers, min(style.ballots, len(open_pledges)), open_pledges)
    elsewhere = _several(generator, attackers, style.camouflage, np.arange(len(site.owner)))
    start = START + int(begins * DAY)
    length = int(style.days * DAY)

    # Who drops the cookie is as many voters as ballots.
    accounts = attackers * on_targets.shape[1] if style.dropped else attackers
    on_targets = on_targets.reshape(accounts, -1)
    elsewhere = np.zeros((accounts, 0), dtype=np.int64) if style.dropped else elsewhere
    age = (generator.uniform(*style.age, accounts) * DAY).astype(np.int64)
    home = RENTED + np.arange(accounts) // style.a_network if style.a_network else None
    numbers = scene.join(accounts, start - age, home=home)

    at = start + (generator.random(on_targets.shape) * length).astype(np.int64)
    cover = start + (generator.random(elsewhere.shape) * length).astype(np.int64)
    fresh = age == 0
    scene.first_at[numbers[fresh]] = np.column_stack([at, cover]).min(axis=1)[fresh]
    voter = np.repeat(numbers, on_targets.shape[1])
    network = scene.home[voter] if style.a_network else None
    said = np.where(generator.random(len(voter)) < style.dissent, not choice, choice)
    scene.cast(voter, on_targets.ravel(), at.ravel(), Kind.ATTACK, choice=said, network=network)
    if elsewhere.size:
        voter = np.repeat(numbers, elsewhere.shape[1])
        network = scene.home[voter] if style.a_network else None
        scene.cast(voter, elsewhere.ravel(), cover.ravel(), Kind.CAMOUFLAGE, network=network)


def crowd(
    scene: Scene,
    politicians: Integers,
    people: int,
    *,
    days: float = 10.0,
    ballots: int = 8,
    networks: int = 40,
    mood: float = 0.0,
    begins: float | None = None,
) -> None:
    """Let an honest crowd come: new people of the politicians' area, on a few networks, who judge these politicians by their own opinions.

    mood: added to everyone's opinion; at -0.3 nine of ten ballots on a good politician go against him.
    """
    generator, site = scene.generator, scene.site
    begins = generator.uniform(0.1, 0.9) * (site.days - days) if begins is None else begins
    area = np.full(people, site.area[politicians[0]])
    local = site.networks // (2 * site.areas)
    home = area * local + generator.integers(0, min(networks, local), people)
    came = START + ((begins + generator.random(people) * days) * DAY).astype(np.int64)
    numbers = scene.join(people, came, area=area, home=home)
    leniency = scene.people.leniency.copy()
    leniency[numbers] += mood
    scene.people = replace(scene.people, leniency=leniency)
    pledges = _several(generator, people, ballots, np.flatnonzero(np.isin(site.owner, politicians)))
    at = came[:, None] + np.sort(generator.integers(0, 1800, pledges.shape), axis=1)
    at -= at[:, :1] - came[:, None]
    voter = np.repeat(numbers, pledges.shape[1])
    scene.cast(voter, pledges.ravel(), at.ravel(), Kind.CROWD, network=scene.home[voter])


def followers(
    scene: Scene,
    politicians: Integers,
    people: int,
    *,
    days: float,
    begins: float = 0.0,
    ballots: int = 8,
    elsewhere: int = 3,
    choice: bool = True,
    loyal: float = 0.97,
) -> None:
    """Let followers of a party come, a few a day: new people of everywhere who (nearly) always side with its politicians.

    They are honest, and of one mind. What tells them from a campaign is that they come all the time.
    """
    generator, site = scene.generator, scene.site
    came = START + ((begins + generator.random(people) * days) * DAY).astype(np.int64)
    numbers = scene.join(people, came)
    pledges = _several(generator, people, ballots, np.flatnonzero(np.isin(site.owner, politicians)))
    at = came[:, None] + 20 * np.arange(pledges.shape[1])
    said = np.where(generator.random(pledges.size) < loyal, choice, not choice)
    scene.cast(np.repeat(numbers, pledges.shape[1]), pledges.ravel(), at.ravel(), Kind.CROWD, choice=said)
    others = _several(generator, people, elsewhere, np.arange(len(site.owner)))
    later = came[:, None] + (generator.random(others.shape) * 20 * DAY).astype(np.int64)
    scene.cast(np.repeat(numbers, elsewhere), others.ravel(), later.ravel(), Kind.CROWD)


def home(
    scene: Scene,
    people: int,
    *,
    politicians: int = 3,
    ballots: int = 12,
    apart: float = 0.05,
    opposed: float | None = None,
) -> None:
    """Let the honest people of one home, all new, look through some politicians of their area on one evening, each by an opinion much like the others'.

    apart: the standard deviation of how far they are from the first of them in leniency and camp. opposed: they are of a party that opposes these
    politicians, and so large a share of their ballots is 不支持, whatever the pledge.
    """
    generator, site = scene.generator, scene.site
    area = int(generator.integers(site.areas))
    own = np.flatnonzero(site.area == area)
    chosen = generator.choice(own, min(politicians, len(own)), replace=False)
    came = START + int(generator.integers(5, site.days - 5)) * DAY + 20 * 3600
    local = site.networks // (2 * site.areas)
    network = np.full(people, area * local + int(generator.integers(local)))
    numbers = scene.join(people, np.full(people, came), area=np.full(people, area), home=network, lazy=0)
    polarity, leniency = scene.people.polarity.copy(), scene.people.leniency.copy()
    polarity[numbers] = polarity[numbers[0]] + generator.normal(0, apart, people)
    leniency[numbers] = leniency[numbers[0]] + generator.normal(0, apart, people)
    scene.people = replace(scene.people, polarity=polarity, leniency=leniency)
    pledges = _several(generator, people, ballots, np.flatnonzero(np.isin(site.owner, chosen)))
    voter = np.repeat(numbers, pledges.shape[1])
    at = np.tile(came + 25 * np.arange(pledges.shape[1]), people)
    said = None if opposed is None else generator.random(pledges.size) >= opposed
    scene.cast(voter, pledges.ravel(), at, Kind.CROWD, choice=said, network=scene.home[voter])


def surge(
    scene: Scene,
    politician: int,
    people: int,
    *,
    days: float = 1.0,
    newcomers: float = 0.2,
    mood: float = 0.0,
    begins: float | None = None,
) -> None:
    """Let the news bring people of everywhere to one politician: mostly voters known before, each with a few ballots of their own opinion."""
    generator, site = scene.generator, scene.site
    begins = generator.uniform(0.05, 0.95) * (site.days - days) if begins is None else begins
    at = START + ((begins + generator.random(people) * days) * DAY).astype(np.int64)
    known = np.flatnonzero(scene.first_at < START + begins * DAY)
    new = round(people * newcomers) if len(known) else people
    numbers = scene.join(new, at[:new])
    who = np.concatenate([numbers, generator.choice(known, people - new, replace=people - new > len(known))])
    pledges = np.flatnonzero(site.owner == politician)
    several = _several(generator, people, min(3, len(pledges)), pledges)
    looked = np.arange(several.shape[1]) < generator.integers(1, several.shape[1] + 1, people)[:, None]
    voter = np.broadcast_to(who[:, None], several.shape)[looked]
    pledge, cast_at = several[looked], np.broadcast_to(at[:, None], several.shape)[looked]
    # A ballot that was cast before stays as it is.
    before = np.concatenate([column[0] * len(site.owner) + column[1] for column in scene.columns])
    fresh = ~np.isin(voter * len(site.owner) + pledge, before)
    choice = scene.people.opinion(generator, voter, site.pledges, pledge) + mood > 0.5
    scene.cast(voter[fresh], pledge[fresh], cast_at[fresh], Kind.SURGE, choice=choice[fresh])


def attackers_for(scene: Scene, targets: Integers, style: Style, share: float) -> int:
    """How many attackers make ``share`` ballots for each ordinary one that the targets have so far."""
    have = sum(np.isin(scene.site.owner[pledge], targets).sum() for _, pledge, *_ in scene.columns)
    return max(1, round(share * int(have) / style.ballots))


def _several(generator: np.random.Generator, rows: int, count: int, of: Integers) -> Integers:
    """For each row, draw ``count`` different ones; shape (rows, count)."""
    if count == 0 or rows == 0:
        return np.zeros((rows, 0), dtype=np.int64)
    if count * 8 > len(of):
        return of[np.argsort(generator.random((rows, len(of))), axis=1)[:, :count]]
    # Few of many: draw some more, and let a double one give way to the next.
    drawn = generator.integers(0, len(of), (rows, count))
    for _ in range(20):
        drawn.sort(axis=1)
        double = np.zeros(drawn.shape, dtype=bool)
        double[:, 1:] = np.diff(drawn, axis=1) == 0
        if not double.any():
            break
        drawn[double] = generator.integers(0, len(of), int(double.sum()))
    return of[drawn]
