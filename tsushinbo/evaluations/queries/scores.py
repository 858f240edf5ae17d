"""What the scores (得点, 偏差値) of one owner and one pledge are now: their tallies of this moment, placed with the ruler of the current run."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from tsushinbo.evaluations.models import AssessmentTally, Tally
from tsushinbo.evaluations.queries.runs import Current, current
from tsushinbo.people.models import Party, Politician
from tsushinbo.people.queries import office_of
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import of_owner, published
from tsushinbo.scoring.explain import explain
from tsushinbo.scoring.method import DIMENSIONS, NO_OFFICE, PARTY, RATINGS, SHARES
from tsushinbo.scoring.ruler import Mark
from tsushinbo.scoring.tallies import Tallies

# The columns of both tallies in the order in which Tallies takes them.
BALLOT_COLUMNS = ("good", "bad", "clear", "unclear", "feasible", "infeasible", "sincere", "insincere")
ASSESSMENT_COLUMNS = tuple(
    column for rating in RATINGS for column in ("assessments", f"{rating}_sum", f"{rating}_squares")
)


_ASSESSED = tuple(dict.fromkeys(ASSESSMENT_COLUMNS))


@dataclass(frozen=True)
class Judged:
    """The published pledges of one owner: their counts, how many stand at which status, and the ballots that do not count."""

    tallies: Tallies
    statuses: Counter[str]
    held: int
    excluded: int


# What is read of each published pledge.
_COLUMNS = (
    *(f"tally__{name}" for name in BALLOT_COLUMNS),
    *(f"assessment_tally__{name}" for name in _ASSESSED),
    "tally__held",
    "tally__excluded",
)


def judged(owner: Politician | Party) -> Judged:
    """Read an owner's published pledges, judged or not: one query."""
    rows = of_owner(owner).order_by("pk").values_list("status", "pk", *_COLUMNS)
    return _judged(list(rows), owner.pk, party=isinstance(owner, Party))


def judged_each(politicians: Collection[int]) -> dict[int, Judged]:
    """The same of several politicians by their ids: one query, however many."""
    found: dict[int, list[tuple[Any, ...]]] = {pk: [] for pk in politicians}
    rows = published().filter(politician__in=list(politicians)).order_by("pk")
    for politician, *row in rows.values_list("politician", "status", "pk", *_COLUMNS):
        found[politician].append(tuple(row))
    return {pk: _judged(of_one, pk, party=False) for pk, of_one in found.items()}


def _judged(rows: list[tuple[Any, ...]], owner: int, *, party: bool) -> Judged:
    counts = [[value or 0 for value in row[1:]] for row in rows]
    table = np.array(counts, dtype=np.int64).reshape(len(rows), 1 + len(_COLUMNS)).T
    first = 1 + len(BALLOT_COLUMNS)
    tallies = Tallies.from_counts(
        pledge=table[0],
        owner=np.full(len(rows), owner, dtype=np.int64),
        party=np.full(len(rows), party),
        counts=table[1:first],
        assessed=table[first:][[_ASSESSED.index(name) for name in ASSESSMENT_COLUMNS]],
    )
    return Judged(tallies, Counter(row[0] for row in rows), int(table[-2].sum()), int(table[-1].sum()))


def tallies_of(owner: Politician | Party) -> Tallies:
    """The counts of the owner's published pledges, judged or not: one query."""
    return judged(owner).tallies


def kind_of(owner: Politician | Party) -> str:
    """Whom the owner is compared with, one of scoring.method.KINDS: the office held now (people.queries.office_of), else ``none``; or ``party``."""
    if isinstance(owner, Party):
        return PARTY
    return office_of(owner) or NO_OFFICE


def explanation(owner: Politician | Party) -> dict[str, Any] | None:
    """The whole computation of the owner's scores now (see scoring.explain), with the ``run`` whose ruler it uses and its ``as_of``.

    None before the first run. Two queries, besides the run itself where it was not read lately.
    """
    run = current()
    return None if run is None else explained(run, tallies_of(owner), kind_of(owner))


def explained(run: Current, tallies: Tallies, kind: str) -> dict[str, Any]:
    """The computation from tallies and a kind that were read already."""
    return {"run": run.number, "as_of": run.as_of.isoformat(), **explain(run.ruler, tallies, kind)}


def marks(pledge: Pledge) -> dict[str, Mark] | None:
    """得点, 偏差値, 平均点 and 件数 of a pledge that was read with both tallies, by dimension; None before the first run."""
    run = current()
    if run is None:
        return None
    tally: Tally | None = getattr(pledge, "tally", None)
    assessed: AssessmentTally | None = getattr(pledge, "assessment_tally", None)
    return {name: run.ruler.mark(name, *_counts(name, tally, assessed)) for name in DIMENSIONS}


def _counts(dimension: str, tally: Tally | None, assessed: AssessmentTally | None) -> tuple[int, int]:
    """What is added up in a dimension, and of how many."""
    if dimension in RATINGS:
        return (getattr(assessed, f"{dimension}_sum"), assessed.assessments) if assessed else (0, 0)
    if tally is None:
        return 0, 0
    number = 2 * SHARES.index(dimension)
    positive, negative = (getattr(tally, column) for column in BALLOT_COLUMNS[number : number + 2])
    return positive, positive + negative
