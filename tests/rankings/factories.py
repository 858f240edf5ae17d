"""A run and its rankings, written as a run would write them, without anything worked out."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np

from tsushinbo.evaluations.models import ScoreRun
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.models import Facet, Kind, Population, Ranking, RankingPart, RankingRow
from tsushinbo.scoring import batch
from tsushinbo.scoring.method import METHOD
from tsushinbo.scoring.tallies import Owners, Tallies

AS_OF = datetime(2026, 11, 23, 21, 5, tzinfo=UTC)
CLOSED = {"open": False, "voters": 12, "median_ballots": 3.0, "stability": None, "shown": 0, "bridging": 0}


@cache
def _ruler() -> str:
    """The ruler of a run over nothing, as JSON."""
    nobody, nothing = np.zeros(0, dtype=np.int64), np.zeros((8, 0), dtype=np.int64)
    tallies = Tallies.from_counts(
        pledge=nobody, owner=nobody, party=nobody.astype(bool), counts=nothing, assessed=nothing[:6]
    )
    return json.dumps(batch.run(tallies, Owners(id=nobody, kind=nobody), threads=1).ruler.as_dict())


def make_run(**columns: Any) -> ScoreRun:
    """A current run by the method of this code."""
    columns = {"counts": {"pledges": 0, "ballots": 0}, "consensus": CLOSED, **columns}
    return ScoreRun.objects.create(
        method_version=METHOD.version, parameters=METHOD.parameters(), as_of=AS_OF, finished_at=AS_OF, seconds=1.5,
        inputs_digest="1" * 64, outputs_digest="2" * 64, ruler=json.loads(_ruler()), histograms={}, current=True, **columns,
    )  # fmt: skip


def make_ranking(
    run: ScoreRun,
    kind: Kind,
    subjects: Sequence[Politician | Party | Pledge],
    *,
    population: Population = Population.ALL,
    values: Sequence[float] | None = None,
    facets: Mapping[Facet, Sequence[str]] | None = None,
    frozen: Sequence[int] = (),
) -> Ranking:
    """A ranking of ``subjects`` in their order. values: falling; equal ones share a place. facets: the value of each subject, "" for none."""
    exact = kind in {Kind.BALLOTS, Kind.PLEDGES, Kind.ACTIVITIES, Kind.PLEDGE_DISCUSSED}
    values = values or [float(len(subjects) - n) for n in range(len(subjects))]
    ranking = Ranking.objects.create(run=run, kind=kind, population=population, members=len(subjects))
    rows = []
    for position, (subject, value) in enumerate(zip(subjects, values, strict=True), start=1):
        place = values.index(value) + 1
        name = type(subject).__name__.lower()
        rows.append(
            RankingRow(
                ranking=ranking,
                position=position,
                place=place,
                place_low=place if exact else max(1, place - 2),
                place_high=place if exact else min(len(subjects), place + 3),
                value=value,
                low=None if exact else value - 4,
                high=None if exact else value + 4,
                n=int(value) if exact else 100 + position,
                frozen=position in frozen,
                **{name: subject},
            )
        )
    RankingRow.objects.bulk_create(rows)
    for facet, chosen in (facets or {}).items():
        _parts(ranking, facet, chosen)
    return ranking


def _parts(ranking: Ranking, facet: Facet, chosen: Sequence[str]) -> None:
    for value in sorted({one for one in chosen if one}):
        positions = [position for position, one in enumerate(chosen, start=1) if one == value]
        for number, start in enumerate(range(0, len(positions), RankingPart.BLOCK)):
            block = np.array(positions[start : start + RankingPart.BLOCK], dtype="<i4")
            RankingPart.objects.create(
                ranking=ranking, facet=facet, value=value, number=number, size=len(positions), positions=block.tobytes()
            )
