"""Writes of runs of the scores (採点): one at a time, seen only when whole, thinned out with age."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import TruncDate

from tsushinbo.evaluations.models import PledgeConsensus, ScoreRun
from tsushinbo.evaluations.queries import runs
from tsushinbo.evaluations.queries.inputs import Inputs
from tsushinbo.scoring.batch import Run

KEPT_DAYS = 30
TOKYO = ZoneInfo("Asia/Tokyo")
# Rows deleted in one transaction: voters wait for no more than that.
BATCH = 2000
# Any number that no other use of the same database locks.
ADVISORY_LOCK = 0x5453_5553_4849_4E42


@contextmanager
def alone() -> Iterator[bool]:
    """Be the only process that runs the scores of this database: gives False where another one is at it.

    The lock goes with the process or the connection, so a crash leaves nothing behind: a file beside an SQLite database, an advisory lock of
    PostgreSQL.
    """
    if connection.vendor == "sqlite":
        # A database in memory, as in tests, has no file to lie beside.
        in_memory = connection.is_in_memory_db()  # type: ignore[attr-defined]
        path = Path(settings.DATA_DIR) / "scoring" if in_memory else Path(f"{connection.settings_dict['NAME']}-scoring")
        with path.open("wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        mine = cursor.fetchone()[0]
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def begin_run(
    run: Run,
    inputs: Inputs,
    *,
    inputs_digest: str,
    outputs_digest: str,
    counts: dict[str, int],
    consensus: dict[str, Any],
    left_out: str,
) -> ScoreRun:
    """Write a run that nobody sees yet; its rankings are written after it."""
    summary = run.summary()
    return ScoreRun.objects.create(
        method_version=summary["version"],
        parameters=summary["parameters"],
        as_of=inputs.as_of,
        counts=counts,
        inputs_digest=inputs_digest,
        outputs_digest=outputs_digest,
        ruler=summary["ruler"],
        histograms=summary["histograms"],
        consensus=consensus,
        left_out=left_out,
    )


def make_current(run: ScoreRun, *, at: datetime, seconds: float) -> None:
    """Let every page use this run from now on, in one short transaction."""
    with transaction.atomic():
        ScoreRun.objects.filter(current=True).update(current=False)
        run.current, run.finished_at, run.seconds = True, at, seconds
        run.save(update_fields=["current", "finished_at", "seconds"])
    runs.forget()


def left_behind(at: datetime) -> QuerySet[ScoreRun]:
    """Runs whose rows nobody needs: those that were interrupted, and the finished ones before the current run.

    A process may have read the current run some seconds ago and still ask for the rows of the one before; so those stay for a while.
    Only for who is ``alone``.
    """
    unfinished = Q(finished_at=None)
    settled = ScoreRun.objects.filter(current=True, finished_at__lte=at - timedelta(seconds=4 * runs.SECONDS)).exists()
    return ScoreRun.objects.filter(unfinished | Q(current=False) if settled else unfinished)


def drop_consensus(run: ScoreRun) -> None:
    """Delete what a run kept of each pledge, some at a time."""
    rows = PledgeConsensus.objects.filter(run=run)
    while found := list(rows.order_by("pledge").values_list("pledge", flat=True)[:BATCH]):
        rows.filter(pledge__lte=found[-1]).delete()


def thin_runs(*, at: datetime) -> int:
    """Delete runs that never finished, and of those older than 30 days all but the last of each day (in Tokyo). Returns how many went.

    Their rows must be gone already, so that no deletion takes long.
    """
    ScoreRun.objects.filter(finished_at=None).delete()
    old = ScoreRun.objects.filter(finished_at__lt=at - timedelta(days=KEPT_DAYS), current=False)
    day = TruncDate("finished_at", tzinfo=TOKYO)
    # The last of its day may be younger than 30 days, or current.
    last = ScoreRun.objects.filter(finished_at__isnull=False).order_by().values(day=day).annotate(last=Max("number"))
    deleted, _ = old.exclude(number__in=[row["last"] for row in last]).delete()
    return deleted
