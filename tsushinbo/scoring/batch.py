"""One run over everything: from the tallies of all pledges to all that is stored and shown of pledges, politicians and parties.

Pure: arrays in, arrays out. Rows may come in any order; the same input gives the same bytes. Work is O(pledges + owners) and the draws.
"""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tsushinbo.scoring import assessments, betabinomial, composite, ranks
from tsushinbo.scoring.composite import Estimate, Judged, Prior, Sums
from tsushinbo.scoring.deviation import Scale
from tsushinbo.scoring.histogram import Histogram, histogram
from tsushinbo.scoring.method import DIMENSIONS, KINDS, METHOD, SHARES, Method, ScoreParameters
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
class LeftOut:
    """Who stands in no ranking and no histogram: ``owners`` as in Owners.key, ``pledges`` by id, both in rising order.

    Values, scales and counts stay those of everybody, so nobody else's 偏差値 moves with who is left out.
    """

    owners: Integers
    pledges: Integers

    def mark(self) -> str:
        """What tells inputs apart by who is left out; "" where that is nobody."""
        return (
            json.dumps([self.owners.tolist(), self.pledges.tolist()]) if self.owners.size or self.pledges.size else ""
        )


NOBODY = LeftOut(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class Run:
    """Everything a run gives. ``owners`` and ``pledges`` (ids) are in rising order; all positions mean places in them.

    ``ranked`` and ``ranked_pledges`` say of each whether it may stand in a ranking.
    """

    ruler: Ruler
    parameters: dict[str, Any]
    digest: str
    counts: dict[str, int]
    owners: Owners
    pledges: Integers
    totals: Totals
    populations: tuple[Population, ...]
    rankings: tuple[Ranking, ...]
    ranked: NDArray[np.bool_]
    ranked_pledges: NDArray[np.bool_]

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


def run(
    tallies: Tallies, owners: Owners, method: Method = METHOD, *, threads: int = 2, left_out: LeftOut = NOBODY
) -> Run:
    """Compute everything from the tallies of all published pledges and all their owners.

    ``left_out`` are valued like all others and have no place. ``threads`` share the draws and change nothing else. Raises ValueError for a pledge or owner given twice, and a pledge without its owner.
    """
    parameters, known = method.scores, method.parameters()
    tallies, owners = tallies.ordered(), owners.ordered()
    with ThreadPoolExecutor(threads) as pool:
        numbers = range(len(DIMENSIONS))
        recorded = pool.submit(digest, tallies, owners, json.dumps(known, sort_keys=True) + left_out.mark())
        ranked = np.isin(owners.key, left_out.owners, invert=True)
        ranked_pledges = np.isin(tallies.pledge, left_out.pledges, invert=True)
        priors = pool.map(lambda number: _prior(tallies, number, method), numbers)
        owner = owners.find(tallies.owner_key)
        pledges = np.bincount(owner, minlength=owners.id.size)
        dimensions = list(
            pool.map(
                lambda number, prior: _Dimension.of(number, prior, tallies, owner, pledges, method), numbers, priors
            )
        )
        correlation = composite.correlations(
            [one.judged for one in dimensions], [one.prior for one in dimensions], parameters, pool=pool
        )
        by_pledge = [
            pool.submit(_pledge_ranking, dimensions[number], ranked_pledges, method) for number in _RANKED_PLEDGES
        ]
        discussed = pool.submit(_discussed, tallies, ranked_pledges)
        totals = assemble([one.estimate for one in dimensions], correlation, tallies, owner, parameters)
        populations = tuple(_populations(totals, owners, ranked, method))
        by_owner = [pool.submit(_owner_rankings, totals, owners, one, ranked, method) for one in populations]
        return Run(
            ruler=Ruler(
                version=method.version,
                priors={name: one.prior for name, one in zip(DIMENSIONS, dimensions, strict=True)},
                resemblance={name: one.alike for name, one in zip(DIMENSIONS, dimensions, strict=True)},
                correlation=tuple(tuple(float(number) for number in row) for row in correlation),
                populations={population.name: population.scale for population in populations},
                pledges={name: one.scale for name, one in zip(DIMENSIONS, dimensions, strict=True)},
            ),
            parameters=known,
            digest=recorded.result(),
            counts={
                "pledges": int(tallies.pledge.size),
                "judged_pledges": int(np.count_nonzero(tallies.evaluations)),
                "ballots": int(tallies.ballots.sum()),
                "assessments": int(tallies.assessments.sum()),
                "owners": int(owners.id.size),
                "members": int(np.count_nonzero(totals.members(parameters))),
                # What the site says as a whole, to be shown beside each share.
                **{f"positive_{name}": int(tallies.positive[row].sum()) for row, name in enumerate(SHARES)},
                **{f"of_{name}": int(tallies.n[row].sum()) for row, name in enumerate(SHARES)},
            },
            owners=owners,
            pledges=tallies.pledge,
            totals=totals,
            populations=populations,
            rankings=(
                *_deviation_rankings(totals, populations, method, threads),
                *(ranking for found in by_owner for ranking in found.result()),
                *(found.result() for found in by_pledge),
                discussed.result(),
            ),
            ranked=ranked,
            ranked_pledges=ranked_pledges,
        )


# The dimensions by which pledges are ranked.
_RANKED_PLEDGES = [DIMENSIONS.index(name) for name in ("support", "achievement")]


@dataclass(frozen=True)
class _Dimension:
    """One dimension over all pledges, and what it gives of each owner."""

    name: str
    prior: Prior
    judged: Judged
    shown: "_Shown"
    scale: Scale
    alike: float
    estimate: Estimate

    @classmethod
    def of(
        cls, number: int, prior: Prior, tallies: Tallies, owner: Integers, pledges: Integers, method: Method
    ) -> "_Dimension":
        judged = Judged.of(prior, tallies, owner, number)
        shown = _Shown.of(prior, judged, composite.column(tallies, number)[0], method.scores)
        sums = Sums.of(judged, prior, pledges.size, method.scores)
        alike = composite.resemblance(sums, prior, method.scores)
        return cls(
            name=DIMENSIONS[number],
            prior=prior,
            judged=judged,
            shown=shown,
            scale=Scale.of(shown.value[shown.kind], shown.error[shown.kind], least=method.scores.least_members),
            alike=alike,
            estimate=composite.estimate(sums, prior, alike, pledges),
        )


@dataclass(frozen=True)
class _Shown:
    """The pledges with enough ballots or assessments to be shown. Those with the same counts are of one kind, worked on once.

    ``rows`` and the ``kind`` of each; ``value``, ``error`` and how many ``times`` it occurs of each kind.
    """

    rows: Integers
    kind: Integers
    value: Floats
    error: Floats
    times: Integers

    @classmethod
    def of(cls, prior: Prior, judged: Judged, totals: Integers, parameters: ScoreParameters) -> "_Shown":
        enough = np.flatnonzero(judged.n >= parameters.least_shown)
        rows = judged.rows[enough].astype(np.int64)
        total, n, kind = _pairs(totals[rows], judged.n[enough].astype(np.int64))
        value = prior.value(total, n)
        error = np.sqrt(prior.variance(value, n))
        return cls(rows, kind, np.round(value, composite.DIGITS), error, np.bincount(kind, minlength=n.size))

    def among(self, ranked: NDArray[np.bool_]) -> "_Shown":
        """Those of them that are ranked, and their kinds."""
        stays = ranked[self.rows]
        if np.all(stays):
            return self
        used, kind = np.unique(self.kind[stays], return_inverse=True)
        return _Shown(
            self.rows[stays], kind, self.value[used], self.error[used], np.bincount(kind, minlength=used.size)
        )


def _pairs(first: Integers, second: Integers) -> tuple[Integers, Integers, Integers]:
    """Return the distinct pairs of two columns, as two columns, and which of them each row is. Whole numbers from 0."""
    width = int(first.max(initial=0)) + 1
    code = second * width + first
    size = int(code.max(initial=0)) + 1
    # Marking them in a table is quicker than sorting, unless counts are few and far between.
    if size <= 8 * code.size + 1_000:
        present = np.zeros(size, dtype=bool)
        present[code] = True
        distinct = np.flatnonzero(present)
        number = np.empty(size, dtype=np.int64)
        number[distinct] = np.arange(distinct.size)
        kind = number[code]
    else:
        distinct, kind = np.unique(code, return_inverse=True)
    return distinct % width, distinct // width, kind


def _prior(tallies: Tallies, number: int, method: Method) -> Prior:
    """Fit a dimension over all pledges: one mean for everybody, so that offices and parties are read on one scale."""
    if number < len(SHARES):
        return betabinomial.fit(tallies.positive[number], tallies.n[number], method.scores)
    row = number - len(SHARES)
    return assessments.fit(tallies.total[row], tallies.squares[row], tallies.ratings[row], method.scores)


def _populations(totals: Totals, owners: Owners, ranked: NDArray[np.bool_], method: Method) -> Iterator[Population]:
    """Scales are those of all members; of who is left out, nothing else is."""
    member = totals.members(method.scores)
    for name, kinds in method.scores.populations:
        members = np.flatnonzero(member & np.isin(owners.kind, [KINDS.index(kind) for kind in kinds]))
        value, reach = totals.value[members], Z * totals.error[members]
        scale = Scale.of(value, totals.error[members], least=method.scores.least_members)
        stays = ranked[members]
        members, value, reach = members[stays], value[stays], reach[stays]
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
    totals: Totals, owners: Owners, population: Population, ranked: NDArray[np.bool_], method: Method
) -> list[Ranking]:
    """Rank the members by one dimension where enough people judged it, and all owners by how much there is of them."""
    kinds = dict(method.scores.populations)[population.name]
    rankings = []
    for name in ("support", "progress", "achievement"):
        one = totals.estimates[DIMENSIONS.index(name)]
        rows = population.members[one.n[population.members] >= method.scores.least_shown]
        order = ranks.descending(one.value[rows])
        value, error = one.value[rows][order], one.error[rows][order]
        low, high = ranks.ranges_expected(value, error, method.scores)
        rankings.append(Ranking(name, population.name, rows[order], value, ranks.places(value), low, high))
    inside = ranked & np.isin(owners.kind, [KINDS.index(kind) for kind in kinds])
    for name, count in (("ballots", totals.evaluations), ("pledges", totals.pledges)):
        rows = np.flatnonzero(inside & (count > 0))
        rankings.append(_counted(name, population.name, rows, count[rows]))
    return rankings


def _pledge_ranking(dimension: _Dimension, ranked: NDArray[np.bool_], method: Method) -> Ranking:
    """Rank the shown pledges by their posterior mean. Order, places and ranges are found for each kind of pledge, then written to its rows."""
    shown = dimension.shown.among(ranked)
    place = ranks.places(shown.value, shown.times)
    low, high = ranks.ranges_expected(shown.value, shown.error, method.scores, shown.times)
    # Counted without gaps, places sort sooner.
    level = np.unique(place, return_inverse=True)[1]
    order = ranks.descending(-level[shown.kind])
    kind = shown.kind[order]
    return Ranking(
        f"pledge-{dimension.name}", "all", shown.rows[order], shown.value[kind], place[kind], low[kind], high[kind]
    )


def _discussed(tallies: Tallies, ranked: NDArray[np.bool_]) -> Ranking:
    """Rank all judged pledges by ballots."""
    rows = np.flatnonzero(ranked & (tallies.ballots > 0))
    return _counted("pledge-discussed", "all", rows, tallies.ballots[rows])


def _counted(kind: str, population: str, rows: Integers, count: Integers) -> Ranking:
    """Put rows in the order of their counts, equal ones by id. Counts are exact: their range is their place."""
    order = ranks.descending(count)
    place = ranks.places(count[order])
    return Ranking(kind, population, rows[order], count[order].astype(np.float64), place, place, place)
