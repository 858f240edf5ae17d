"""The site at the scale of the country (bench.nation): a run of the scores step by step, what voters wait for meanwhile, detection, and pages.

Each measurement is a process of its own. Seconds of processor stand beside the seconds passed: on a busy machine they are the steadier of the
two. "SQLite by itself" is the database reading the same columns of the same ballots once, without sending a row; "raw fetch" is its driver sending them.
"""

import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.nation import AS_OF, COUNTRY, SMALL, folder
from bench.pages import WARM_UP, milliseconds
from bench.site import environment, server
from tsushinbo import addresses

MEMORY_GOAL, ROUNDS = 4.0, 200
# How a tally was compared before it was counted in columns: the database joins and groups by itself.
GROUPED = """
    SELECT COUNT(*) FROM (
        SELECT t.pledge_id FROM evaluations_tally t JOIN evaluations_ballot b ON b.pledge_id = t.pledge_id
        GROUP BY t.pledge_id, t.good, t.clear, t.feasible, t.sincere
        HAVING SUM(b.choice = 'good') <> t.good OR SUM(b.clarity = 1) <> t.clear OR SUM(b.feasibility = 1) <> t.feasible
            OR SUM(b.sincerity = 1) <> t.sincere
    )
"""


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a thousandth, to try this bench")
    parser.add_argument("--apart", choices=PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.apart:
        _set_up()
        print(json.dumps(PARTS[options.apart]()))
        return
    size = SMALL if options.small else COUNTRY
    place = folder(size)
    weight = sum(path.stat().st_size for path in place.glob("tsushinbo.sqlite3*")) / 2**30
    print(
        f"{size.pledges:,} pledges, {size.ballots:,} ballots, {size.politicians:,} politicians; {weight:.2f} GiB on disk"
    )
    _reading(place)
    _run(place)
    _detection(place)
    _pages(place)


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tsushinbo.config.settings"
    import django

    django.setup()


def _apart(place: Path, part: str) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "bench.country", "--apart", part]
    done = subprocess.run(command, env=environment(place), check=True, stdout=subprocess.PIPE)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def read() -> dict[str, tuple[float, float]]:
    """Reading and recounting, in several ways."""
    from django.db import connection

    from tsushinbo.evaluations.queries import columns, recount, tally_mismatches

    names = ("voter", *recount.BALLOT)
    expressions = f"pledge_id, voter, {columns._packed(recount.BALLOT[1:])}"

    def ask(query: str) -> Any:
        with connection.cursor() as cursor:
            return cursor.execute(query, []).fetchall()

    def fetch() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {expressions} FROM evaluations_ballot", [])
            while cursor.fetchmany(columns.FETCH):
                pass

    everything = ", ".join(f"max({expression})" for expression in expressions.split(", "))
    return {
        "SQLite by itself": _timed(lambda: ask(f"SELECT {everything} FROM evaluations_ballot")),
        "raw fetch": _timed(fetch),
        "read in columns": _timed(lambda: [None for _ in columns.ballots(names)]),
        "recount in columns": _timed(tally_mismatches),
        "recount by SQLite, grouped": _timed(lambda: ask(GROUPED)),
    }


def score() -> dict[str, Any]:
    """A run."""
    from tsushinbo.rankings.services import score as make

    cpu = time.process_time()
    outcome = make(force=True)
    if outcome.run is None:
        raise SystemExit(f"no run was made: {outcome}")
    return {
        "phases": outcome.phases,
        "cpu": time.process_time() - cpu,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "rows": outcome.rows,
        "longest": outcome.longest,
        "consensus": outcome.run.consensus,
        "outputs": outcome.run.outputs_digest,
        "members": outcome.run.counts["members"],
    }


def look() -> dict[str, Any]:
    """A look for attacks, and a second one that finds the same."""
    from tsushinbo.evaluations.services.attacks import look_for_attacks

    first = _timed(lambda: look_for_attacks(at=AS_OF))
    return {"first": first, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20}


PARTS: dict[str, Callable[[], dict[str, Any]]] = {"read": read, "score": score, "look": look}


def _reading(place: Path) -> None:
    times = _apart(place, "read")
    _, cpu = times["SQLite by itself"]
    print(f"\n{'reading ballots':<30} {'s':>7} {'cpu s':>7} {'÷ SQLite by itself, cpu':>25}")
    for name, (passed, used) in times.items():
        print(f"{name:<30} {passed:>7.1f} {used:>7.1f} {used / cpu:>25.1f}")


class _Voter(threading.Thread):
    """Asks for the write lock ten times a second, as a ballot does, and notes how long it waits."""

    def __init__(self, place: Path) -> None:
        super().__init__(daemon=True)
        self.path, self.stop, self.waits = place / "tsushinbo.sqlite3", threading.Event(), [0.0]

    def run(self) -> None:
        """Until told to stop."""
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=30)) as database:
            while not self.stop.wait(0.1):
                began = time.perf_counter()
                database.execute("BEGIN IMMEDIATE")
                self.waits.append(time.perf_counter() - began)
                database.execute("COMMIT")


def _run(place: Path) -> None:
    voter = _Voter(place)
    voter.start()
    made = _apart(place, "score")
    voter.stop.set()
    voter.join(30)
    print(f"\n{'a run of the scores':<30} {'s':>7}")
    for name, seconds in made["phases"].items():
        print(f"{name:<30} {seconds:>7.1f}")
    print(f"{'together':<30} {sum(made['phases'].values()):>7.1f} ({made['cpu']:.1f} s of processor)")
    print(f"{'peak memory, GB':<30} {made['memory']:>7.2f} (goal {MEMORY_GOAL:.0f})")
    print(f"{'rows written':<30} {made['rows']:>7,}; consensus {made['consensus']}")
    print(f"{'longest transaction, ms':<30} {1000 * made['longest']:>7.0f}")
    cuts = statistics.quantiles(voter.waits, n=100) if len(voter.waits) > 1 else [0.0] * 99
    print(
        f"{'a voter waits meanwhile, ms':<30} {1000 * cuts[49]:>7.1f} p50, {1000 * cuts[94]:.1f} p95, {1000 * max(voter.waits):.0f} at most,"
        f" of {len(voter.waits):,}"
    )


def _detection(place: Path) -> None:
    looked = _apart(place, "look")
    passed, used = looked["first"]
    print(f"\n{'a look for attacks':<30} {passed:>7.1f} s ({used:.1f} s of processor), {looked['memory']:.2f} GB")


def _pages(place: Path) -> None:
    with closing(sqlite3.connect(place / "tsushinbo.sqlite3")) as database:
        pick = "SELECT politician_id FROM pledges_pledge WHERE politician_id IS NOT NULL GROUP BY 1 ORDER BY COUNT(*){} LIMIT 1 OFFSET {}"
        most = database.execute(pick.format(" DESC", 0)).fetchone()[0]
        usual = database.execute(
            pick.format("", database.execute("SELECT COUNT(*) / 2 FROM people_politician").fetchone()[0])
        ).fetchone()[0]
        busiest = database.execute(
            "SELECT pledge_id FROM evaluations_tally ORDER BY good + bad DESC LIMIT 1"
        ).fetchone()[0]
        held = dict(
            database.execute(
                "SELECT politician_id, COUNT(*) FROM pledges_pledge WHERE politician_id IN (?, ?) GROUP BY 1",
                (most, usual),
            )
        )
    pages = {
        "hello": "/hello",
        f"report card, {held[usual]} pledges": f"/politicians/{addresses.encode(usual)}/",
        f"report card, {held[most]} pledges": f"/politicians/{addresses.encode(most)}/",
        "pledge": f"/pledges/{addresses.encode(busiest)}/",
    }
    times: dict[str, list[float]] = {name: [] for name in pages}
    with server(place) as connection:
        for _ in range(WARM_UP):
            for path in pages.values():
                milliseconds(connection, path)
        for _ in range(ROUNDS):
            for name, path in pages.items():
                times[name].append(milliseconds(connection, path))
    figures = {name: statistics.quantiles(values, n=20) for name, values in times.items()}
    print(f"\n{'page':<30} {'p50 ms':>8} {'p95 ms':>8} {'p50 ÷ hello':>12} {'p95 ÷ hello':>12}")
    for name, cuts in figures.items():
        ratios = [cuts[at] / figures["hello"][at] for at in (9, 18)]
        print(f"{name:<30} {cuts[9]:>8.2f} {cuts[18]:>8.2f} {ratios[0]:>12.1f} {ratios[1]:>12.1f}")


if __name__ == "__main__":
    main()
