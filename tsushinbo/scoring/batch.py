"""One run over everything: from the tallies of all pledges to all that is stored and shown of pledges, politicians and parties.

Pure: arrays in, arrays out. Rows may come in any order; the same input gives the same bytes. Work is O(pledges + owners) and the draws.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring import assessments, betabinomial, composite, ranks
from tsushinbo.scoring.composite import Estimate, Judged, Prior, Sums
from tsushinbo.scoring.deviation import Scale
from tsushinbo.scoring.histogram import Histogram, histogram
from tsushinbo.scoring.method import DIMENSIONS, KINDS, METHOD, SHARES, Method
from tsushinbo.scoring.ruler import Ruler, Totals, assemble
from tsushinbo.scoring.shares import Z
from tsushinbo.scoring.tallies import Owners, Tallies, digest

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Who is compared with whom: members as positions among the owners, with their 偏差値 and its 95% interval (NaN where there is none)."""

    name: str
    scale: Scale
    histogram: Histogram
    members: Integers
    deviation: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Ranking:
    """Rows in the order of their places: positions among owners (or pledges), value, place, and the range of places."""

    kind: str
    population: str
    rows: Integers
    value: Floats
    place: Integers
    low: Integers
    high: Integers


@dataclass(frozen=True)
class Run:
    """Everything a run gives. ``owners`` and ``pledges`` (ids) are in rising order; all positions mean places in them."""

    ruler: Ruler
    parameters: dict[str, Any]
    digest: str
    counts: dict[str, int]
    owners: Owners
    pledges: Integers
    totals: Totals
    populations: tuple[Population, ...]
    rankings: tuple[Ranking, ...]

    def summary(self) -> dict[str, Any]:
        """What a ScoreRun keeps beside the rows: as plain dictionaries, lists and numbers."""
        return {
            "version": self.ruler.version,
            "parameters": self.parameters,
            "digest": self.digest,
            "counts": self.counts,
            "ruler": self.ruler.as_dict(),
            "histograms": {one.name: list(one.histogram.counts) for one in self.populations},
            "result": self.fingerprint(),
        }

    def fingerprint(self) -> str:
        """SHA-256 of every number of the result: two runs over the same input have the same."""
        sha = hashlib.sha256(json.dumps([self.digest, self.ruler.as_dict()], sort_keys=True).encode())
        for name, column in self._columns():
            sha.update(f"\n{name} {column.shape}\n".encode())
            sha.update(np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("<")).data)
        return sha.hexdigest()

    def _columns(self) -> Iterator[tuple[str, NDArray[Any]]]:
        yield "total", self.totals.value
        yield "error", self.totals.error
        for name, one in zip(DIMENSIONS, self.totals.estimates, strict=True):
            yield name, one.value
            yield name, one.error
        for population in self.populations:
            yield population.name, population.members
            yield population.name, population.deviation
        for ranking in self.rankings:
            for column in (ranking.rows, ranking.value, ranking.place, ranking.low, ranking.high):
                yield f"{ranking.kind} {ranking.population}", column


def run(tallies: Tallies, owners: Owners, method: Method = METHOD, *, threads: int = 2) -> Run:
    """Compute everything from the tallies of all published pledges and all their owners.

    ``threads`` share the draws and change nothing else. Raises ValueError for a pledge or owner given twice, and a pledge without its owner.
    """
    parameters = method.scores
    tallies, owners = tallies.ordered(), owners.ordered()
    owner = owners.find(tallies.owner_key)
    size = owners.id.size
    pledges = np.bincount(owner, minlength=size)

    def dimension(number: int) -> tuple[Prior, Judged, float, Estimate]:
        prior = _prior(tallies, number, method)
        one = Judged.of(prior, tallies, owner, number)
        sums = Sums.of(one, prior, size, parameters)
        alike = composite.resemblance(sums, prior, parameters)
        return prior, one, alike, composite.estimate(sums, prior, alike, pledges)

    dimensions = _each(dimension, range(len(DIMENSIONS)), threads)
    fitted, judged, alike, estimates = (list(column) for column in zip(*dimensions, strict=True))
    priors = dict(zip(DIMENSIONS, fitted, strict=True))
    correlation = composite.correlations(judged, fitted, parameters)
    totals = assemble(estimates, correlation, tallies, owner, parameters)
    populations = tuple(_populations(totals, owners, method))
    known = method.parameters()
    return Run(
        ruler=Ruler(
            version=method.version,
            priors=priors,
            resemblance=dict(zip(DIMENSIONS, alike, strict=True)),
            correlation=tuple(tuple(float(number) for number in row) for row in correlation),
            populations={population.name: population.scale for population in populations},
            pledges={
                name: _pledge_scale(prior, one, method)
                for name, prior, one in zip(DIMENSIONS, fitted, judged, strict=True)
            },
        ),
        parameters=known,
        digest=digest(tallies, owners, json.dumps(known, sort_keys=True)),
        counts={
            "pledges": int(tallies.pledge.size),
            "judged_pledges": int(np.count_nonzero(tallies.evaluations)),
            "ballots": int(tallies.ballots.sum()),
            "assessments": int(tallies.assessments.sum()),
            "owners": int(owners.id.size),
            "members": int(np.count_nonzero(totals.members(parameters))),
        },
        owners=owners,
        pledges=tallies.pledge,
        totals=totals,
        populations=populations,
        rankings=(
            *_deviation_rankings(totals, populations, method, threads),
            *_owner_rankings(totals, owners, populations, method, threads),
            *_pledge_rankings(tallies, priors, judged, method, threads),
        ),
    )


def _prior(tallies: Tallies, number: int, method: Method) -> Prior:
    """Fit a dimension over all pledges: one mean for everybody, so that offices and parties are read on one scale."""
    if number < len(SHARES):
        return betabinomial.fit(tallies.positive[number], tallies.n[number], method.scores)
    row = number - len(SHARES)
    return assessments.fit(tallies.total[row], tallies.squares[row], tallies.ratings[row], method.scores)


def _pledge_scale(prior: Prior, judged: Judged, method: Method) -> Scale:
    """The scale of the pledges shown in one dimension."""
    shown = judged.n >= method.scores.least_shown
    value, n = judged.value[shown], judged.n[shown]
    return Scale.of(
        np.round(value, composite.DIGITS), np.sqrt(prior.variance(value, n)), least=method.scores.least_members
    )


def _populations(totals: Totals, owners: Owners, method: Method) -> Iterator[Population]:
    member = totals.members(method.scores)
    for name, kinds in method.scores.populations:
        members = np.flatnonzero(member & np.isin(owners.kind, [KINDS.index(kind) for kind in kinds]))
        value, reach = totals.value[members], Z * totals.error[members]
        scale = Scale.of(value, totals.error[members], least=method.scores.least_members)
        deviation = scale.place(value)
        yield Population(
            name,
            scale,
            histogram(deviation, method.scores),
            members,
            deviation,
            scale.place(value - reach),
            scale.place(value + reach),
        )


def _deviation_rankings(
    totals: Totals, populations: tuple[Population, ...], method: Method, threads: int
) -> Iterator[Ranking]:
    """Rank by T within each population that has a 偏差値, with ranges by draws that all share, or without them where members are very many."""
    placed = [population for population in populations if population.scale.reason is None]
    few = [population.members for population in placed if population.members.size <= method.scores.draws_members]
    drawn = iter(ranks.ranges_by_draws(totals.value, totals.error, few, method.scores, threads=threads))
    for population in placed:
        rows, order = population.members, ranks.descending(totals.value[population.members])
        if rows.size <= method.scores.draws_members:
            low, high = (end[order] for end in next(drawn))
        else:
            low, high = ranks.ranges_expected(totals.value[rows[order]], totals.error[rows[order]], method.scores)
        place = ranks.places(totals.value[rows[order]])
        yield Ranking("deviation", population.name, rows[order], population.deviation[order], place, low, high)


def _owner_rankings(
    totals: Totals, owners: Owners, populations: tuple[Population, ...], method: Method, threads: int
) -> Iterator[Ranking]:
    """Rank the members by one dimension where enough people judged it, and all owners by how much there is of them."""
    kinds = dict(method.scores.populations)

    def ranked(population: Population) -> list[Ranking]:
        found = []
        for name in ("support", "progress", "achievement"):
            one = totals.estimates[DIMENSIONS.index(name)]
            rows = population.members[one.n[population.members] >= method.scores.least_shown]
            found.append(_ranking(name, population.name, rows, one.value[rows], one.error[rows], method))
        inside = np.isin(owners.kind, [KINDS.index(kind) for kind in kinds[population.name]])
        for name, count in (("ballots", totals.evaluations), ("pledges", totals.pledges)):
            rows = np.flatnonzero(inside & (count > 0))
            found.append(_counted(name, population.name, rows, count[rows]))
        return found

    for found in _each(ranked, populations, threads):
        yield from found


def _pledge_rankings(
    tallies: Tallies, priors: dict[str, Prior], judged: list[Judged], method: Method, threads: int
) -> list[Ranking]:
    """Rank the pledges with enough ballots or assessments by their posterior mean, and all judged ones by ballots."""

    def ranked(name: str) -> Ranking:
        if name == "discussed":
            rows = np.flatnonzero(tallies.ballots)
            return _counted("pledge-discussed", "all", rows, tallies.ballots[rows])
        prior, one = priors[name], judged[DIMENSIONS.index(name)]
        shown = np.flatnonzero(one.n >= method.scores.least_shown)
        value, error = (
            np.round(one.value[shown], composite.DIGITS),
            np.sqrt(prior.variance(one.value[shown], one.n[shown])),
        )
        return _ranking(f"pledge-{name}", "all", one.rows[shown].astype(np.int64), value, error, method)

    return _each(ranked, ("support", "achievement", "discussed"), threads)


def _ranking(kind: str, population: str, rows: Integers, value: Floats, error: Floats, method: Method) -> Ranking:
    """Put rows in the order of their places, equal ones by id."""
    order = ranks.descending(value)
    value = value[order]
    low, high = ranks.ranges_expected(value, error[order], method.scores)
    return Ranking(kind, population, rows[order], value, ranks.places(value), low, high)


def _counted(kind: str, population: str, rows: Integers, count: Integers) -> Ranking:
    """The same for counts, which are exact: their range is their place."""
    order = ranks.descending(count.astype(np.float64))
    value = count[order].astype(np.float64)
    place = ranks.places(value)
    return Ranking(kind, population, rows[order], value, place, place, place)


def _each[Item, Result](work: Callable[[Item], Result], items: Iterable[Item], threads: int) -> list[Result]:
    """Do independent work side by side: whoever is done first, the results are in the order of the items."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))
