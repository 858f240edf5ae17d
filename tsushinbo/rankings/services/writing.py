"""Writing and deleting rows by the hundred thousand, so that no voter waits for it: small transactions, with a rest between them on SQLite.

What the ORM takes 15 µs a row for takes 2 µs here; the columns are numbers of ours.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Model

from tsushinbo.evaluations.models import PledgeConsensus, ScoreRun
from tsushinbo.evaluations.services.runs import drop_consensus
from tsushinbo.rankings.models import Ranking, RankingPart, RankingRow
from tsushinbo.rankings.queries.facets import Facets
from tsushinbo.rankings.services.standing import Made, blocks_of
from tsushinbo.scoring.batch import Run
from tsushinbo.scoring.consensus import Consensus
from tsushinbo.scoring.tallies import Tallies

# Rows in one transaction.
BATCH = 2000
PARTS = 100


@dataclass
class Pen:
    """Writes batches, each a transaction, and remembers how many rows and how long the longest held its lock."""

    rows: int = 0
    longest: float = 0.0

    def write(self, model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Write one batch."""
        table, names = model._meta.db_table, ", ".join(columns)
        began = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - names of ours
        self.rows += len(rows)
        self.rest(began)

    def rest(self, began: float) -> None:
        """Note how long a transaction took. SQLite has one writer and no queue of them: leave it as long to the others."""
        held = time.perf_counter() - began
        self.longest = max(self.longest, held)
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            time.sleep(held)


def write_rankings(run: ScoreRun, result: Run, made: Sequence[Made], facets: Facets, pen: Pen) -> None:
    """Write every ranking of a run with its rows and what they can be narrowed by."""
    for one in made:
        ranking = Ranking.objects.create(
            run=run, kind=one.kind, population=one.population, members=one.standings.subject.size
        )
        for start in range(0, one.standings.subject.size, BATCH):
            pen.write(RankingRow, *_rows(ranking.pk, one, result, slice(start, start + BATCH)))
        columns = ("ranking_id", "facet", "value", "number", "size", "positions")
        for some in batched(blocks_of(one, facets), PARTS):
            rows = [
                (ranking.pk, block.facet.value, block.value, block.number, block.size, block.positions)
                for block in some
            ]
            pen.write(RankingPart, columns, rows)


def _rows(ranking: int, made: Made, result: Run, part: slice) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The columns of some rows and the rows themselves."""
    standings = made.standings.rows(np.arange(made.standings.subject.size)[part])
    low, high = (end[part] for end in made.ends)
    ids = (result.pledges if made.of_pledges else result.owners.id)[standings.subject]
    subject = "pledge_id" if made.of_pledges else "party_id" if made.population == "party" else "politician_id"
    columns: dict[str, list[Any]] = {
        "ranking_id": [ranking] * ids.size,
        "position": list(range(part.start + 1, part.start + 1 + ids.size)),
        "place": standings.place.tolist(),
        "place_low": standings.place_low.tolist(),
        "place_high": standings.place_high.tolist(),
        "value": standings.value.tolist(),
        "low": [None if np.isnan(end) else end for end in low.tolist()],
        "high": [None if np.isnan(end) else end for end in high.tolist()],
        "n": standings.n.tolist(),
        "frozen": standings.frozen.tolist(),
        subject: ids.tolist(),
    }
    return list(columns), list(zip(*columns.values(), strict=True))


def write_consensus(run: ScoreRun, tallies: Tallies, consensus: Consensus, pen: Pen) -> None:
    """Write what may be shown of each pledge."""
    shown = np.flatnonzero(consensus.shown)
    columns = ("run_id", "pledge_id", "intercept", "low_support", "bridging")
    for start in range(0, shown.size, BATCH):
        rows = shown[start : start + BATCH]
        values = (
            tallies.pledge[rows],
            consensus.intercept[rows],
            consensus.low_support[rows],
            consensus.bridging[rows],
        )
        pen.write(
            PledgeConsensus, columns, [(run.pk, *row) for row in zip(*(one.tolist() for one in values), strict=True)]
        )


def erase(run: ScoreRun, pen: Pen) -> None:
    """Delete what a run kept of each pledge, then its rankings: who has none has nothing left."""
    drop_consensus(run)
    for ranking in Ranking.objects.filter(run=run):
        for rows in _pieces(ranking):
            began = time.perf_counter()
            rows.delete()
            pen.rest(began)
        ranking.delete()


def _pieces(ranking: Ranking) -> Iterator[Any]:
    """The rows and parts of a ranking, some at a time."""
    last = RankingRow.objects.filter(ranking=ranking).order_by("-position").values_list("position", flat=True).first()
    for start in range(0, last or 0, BATCH):
        yield RankingRow.objects.filter(ranking=ranking, position__gt=start, position__lte=start + BATCH)
    for facet in (
        RankingPart.objects.filter(ranking=ranking).values_list("facet", flat=True).distinct().order_by("facet")
    ):
        parts = RankingPart.objects.filter(ranking=ranking, facet=facet)
        numbers = sorted(set(parts.values_list("number", flat=True)))
        for some in batched(numbers, 5):
            yield parts.filter(number__in=some)
