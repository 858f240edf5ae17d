"""From what a run worked out to the rows of its rankings. Arrays in, arrays out; nothing is read or written."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tsushinbo.rankings.models import Facet, Kind, Population, RankingPart
from tsushinbo.rankings.queries.facets import Facets, Several, Values
from tsushinbo.scoring import ranks
from tsushinbo.scoring.batch import Ranking, Run
from tsushinbo.scoring.composite import DIGITS, column
from tsushinbo.scoring.consensus import Consensus
from tsushinbo.scoring.freezing import Earlier, Floats, Integers, Standings, freeze
from tsushinbo.scoring.method import DIMENSIONS, KINDS, METHOD
from tsushinbo.scoring.shares import Z
from tsushinbo.scoring.tallies import Owners, Tallies

# Kinds whose order is frozen while a sudden change is looked at: those that opinions move. Counts stay what they are.
FROZEN_KINDS = (Kind.DEVIATION, Kind.ACHIEVEMENT, Kind.PROGRESS, Kind.SUPPORT)
PLEDGE_KINDS = frozenset(kind for kind in Kind if kind.startswith("pledge-"))


@dataclass(frozen=True)
class Made:
    """A ranking as it will be written. The subjects of ``standings`` are positions among the owners, or the pledges, of the run."""

    kind: Kind
    population: Population
    standings: Standings

    @property
    def of_pledges(self) -> bool:
        """Whether pledges are ranked, not their owners."""
        return self.kind in PLEDGE_KINDS

    @property
    def ends(self) -> tuple[Floats, Floats]:
        """The 95% interval of each value; NaN for what is exact. Shares and ratings stay within 0 and 100."""
        reach = Z * self.standings.error
        low, high = self.standings.value - reach, self.standings.value + reach
        if self.kind not in (Kind.DEVIATION, Kind.PLEDGE_CONSENSUS):
            low, high = np.maximum(low, 0.0), np.minimum(high, 100.0)
        return np.round(low, DIGITS), np.round(high, DIGITS)


def rankings_of(
    run: Run, tallies: Tallies, consensus: Consensus | None, earlier: dict[tuple[str, str], Earlier], reports: Integers
) -> Iterator[Made]:
    """Every ranking of a run. earlier: what owners whose order is frozen had before, by kind and population; subjects are positions too.

    reports: how many activity reports each owner has.
    """
    for ranking in run.rankings:
        made = _made(ranking, run, tallies)
        key = (made.kind.value, made.population.value)
        if made.kind in FROZEN_KINDS and key in earlier:
            made = Made(made.kind, made.population, freeze(made.standings, earlier[key]))
        yield made
    yield from _activities(run.owners, np.where(run.ranked, reports, 0))
    yield _consensus(tallies, consensus, run.ranked_pledges)


def _made(ranking: Ranking, run: Run, tallies: Tallies) -> Made:
    kind, rows = Kind(ranking.kind), ranking.rows
    error, n = np.full(rows.size, np.nan), np.rint(ranking.value).astype(np.int64)
    if kind in PLEDGE_KINDS:
        if kind != Kind.PLEDGE_DISCUSSED:
            error, n = _of_pledges(kind.removeprefix("pledge-"), rows, run, tallies)
    elif kind == Kind.DEVIATION:
        error = 10 * run.totals.error[rows] / run.ruler.populations[ranking.population].sd
        n = run.totals.evaluations[rows]
    elif kind.value in DIMENSIONS:
        estimate = run.totals.estimates[DIMENSIONS.index(kind.value)]
        error, n = estimate.error[rows], estimate.n[rows]
    return Made(
        kind,
        Population(ranking.population),
        Standings(
            subject=rows,
            value=np.round(ranking.value, DIGITS),
            error=error,
            n=n,
            place=ranking.place,
            place_low=ranking.low,
            place_high=ranking.high,
            frozen=np.zeros(rows.size, dtype=bool),
        ),
    )


def _of_pledges(dimension: str, rows: Integers, run: Run, tallies: Tallies) -> tuple[Floats, Integers]:
    """The standard error of each pledge's value and how many are behind it."""
    totals, counts = column(tallies, DIMENSIONS.index(dimension))
    _, variance = run.ruler.priors[dimension].posterior(totals[rows], counts[rows])
    return np.sqrt(variance), counts[rows]


def _activities(owners: Owners, reports: Integers) -> Iterator[Made]:
    """People by the number of their reports, which is exact. A party makes none."""
    for name, kinds in METHOD.scores.populations:
        if name == Population.PARTY:
            continue
        inside = np.isin(owners.kind, [KINDS.index(kind) for kind in kinds])
        rows = np.flatnonzero(inside & (reports > 0))
        rows = rows[ranks.descending(reports[rows])]
        n, nobody = reports[rows], np.zeros(rows.size, dtype=bool)
        place, error = ranks.places(n), np.full(rows.size, np.nan)
        standings = Standings(rows, n.astype(np.float64), error, n, place, place, place, nobody)
        yield Made(Kind.ACTIVITIES, Population(name), standings)


def _consensus(tallies: Tallies, consensus: Consensus | None, ranked: NDArray[np.bool_]) -> Made:
    """Pledges by what those agree on who otherwise disagree: c in hundredths; nobody is listed while it may not be shown.

    The error is that of a mean of n choices, at most 1/2 each: c itself is drawn towards 0 and so a little surer.
    """
    shown = np.flatnonzero(consensus.shown & ranked) if consensus is not None else np.zeros(0, dtype=np.int64)
    value = np.round(100 * consensus.intercept[shown], DIGITS) if consensus is not None else np.zeros(0)
    order = ranks.descending(value)
    rows, value = shown[order], value[order]
    n = tallies.ballots[rows]
    error = 50 / np.sqrt(np.maximum(n, 1))
    low, high = ranks.ranges_expected(value, error)
    nobody = np.zeros(rows.size, dtype=bool)
    standings = Standings(rows, value, error, n, ranks.places(value), low, high, nobody)
    return Made(Kind.PLEDGE_CONSENSUS, Population.ALL, standings)


@dataclass(frozen=True)
class Block:
    """A row of RankingPart."""

    facet: Facet
    value: str
    number: int
    size: int
    positions: bytes


def blocks_of(made: Made, facets: Facets) -> Iterator[Block]:
    """The positions of the rows that share a value, for every facet and value that occurs."""
    for facet, values in _narrowed_by(made, facets).items():
        for word, found in values.positions(made.standings.subject):
            positions = found.astype("<i4")
            for block, start in enumerate(range(0, positions.size, RankingPart.BLOCK)):
                part = positions[start : start + RankingPart.BLOCK]
                yield Block(facet, word, block, positions.size, part.tobytes())


def _narrowed_by(made: Made, facets: Facets) -> Mapping[Facet, Values | Several]:
    """Parties hold no office, stand in no prefecture and belong to no party: they are narrowed by what their pledges are about."""
    if made.of_pledges:
        return facets.pledges
    return facets.gathered if made.population == Population.PARTY else {**facets.owners, **facets.gathered}


def digest_of(fingerprint: str, made: list[Made], consensus: Consensus | None) -> str:
    """The SHA-256 of all that a run gives: its fingerprint, every column of every ranking, and what is shown of consensus."""
    sha = hashlib.sha256(fingerprint.encode())
    for one in made:
        sha.update(f"\n{one.kind.value} {one.population.value} {one.standings.subject.size}\n".encode())
        for field in fields(Standings):
            values = getattr(one.standings, field.name)
            sha.update(np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).data)
    if consensus is not None:
        for values in (consensus.intercept[consensus.shown], consensus.low_support[consensus.shown]):
            sha.update(np.ascontiguousarray(values, dtype="<f8").data)
        sha.update(np.packbits(consensus.bridging).data)
    return sha.hexdigest()
