"""The current run of the scores (採点): what every page places a pledge or an owner with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tsushinbo.evaluations.models import ScoreRun
from tsushinbo.evaluations.queries.held_back import stands_out
from tsushinbo.kept import Kept
from tsushinbo.scoring.method import METHOD
from tsushinbo.scoring.ruler import Ruler

# A new run is on every page so soon.
SECONDS = 5


@dataclass(frozen=True)
class Current:
    """What a finished run measured, by the method of this code. ``histograms`` holds for each population its members in each bin."""

    number: int
    method_version: str
    parameters: dict[str, Any]
    as_of: datetime
    finished_at: datetime
    seconds: float
    counts: dict[str, int]
    inputs_digest: str
    outputs_digest: str
    ruler: Ruler
    histograms: dict[str, list[int]]
    consensus: dict[str, Any]


def read_current() -> Current | None:
    """The current run as it is in the database now; None before the first run by the method of this code."""
    run = ScoreRun.objects.filter(current=True, method_version=METHOD.version).first()
    if run is None or run.finished_at is None or run.seconds is None:
        return None
    return Current(
        number=run.number,
        method_version=run.method_version,
        parameters=run.parameters,
        as_of=run.as_of,
        finished_at=run.finished_at,
        seconds=run.seconds,
        counts=run.counts,
        inputs_digest=run.inputs_digest,
        outputs_digest=run.outputs_digest,
        ruler=Ruler.from_dict(run.ruler),
        histograms=run.histograms,
        consensus=run.consensus,
    )


def is_due(at: datetime) -> bool:
    """Whether the regular chores should look for a new run: runs take at most a tenth of the time. ``tsushinbo score`` does not ask.

    At once where others stand in an election than those whom the last one left out: a gap in the places would tell where they stood.
    """
    columns = ("finished_at", "seconds", "method_version", "left_out")
    last = ScoreRun.objects.filter(current=True).values_list(*columns).first()
    if last is None or last[0] is None or last[1] is None or last[2] != METHOD.version:
        return True
    rested: bool = at >= last[0] + timedelta(seconds=9 * last[1])
    return rested or last[3] != stands_out(at).mark


def others_stand(at: datetime) -> bool:
    """Whether there is a run, and others stand in an election at ``at`` than those whom it left out."""
    left_out = ScoreRun.objects.filter(current=True).values_list("left_out", flat=True).first()
    return left_out is not None and left_out != stands_out(at).mark


_kept = Kept(read_current, SECONDS)


def current() -> Current | None:
    """The current run, at most some seconds old: one query in that time in each process. None: nothing was scored yet."""
    return _kept.get()


def forget() -> None:
    """Read it anew at the next call, for tests and after a run in the same process."""
    _kept.forget()
