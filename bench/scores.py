"""A full batch of scores beside one read of the same columns by DuckDB, and the memory the batch needs.

10,000,000 ballots on 1,000,000 pledges of 30,000 politicians and parties, with 2,500,000 assessments. DuckDB reads the ballots from a
Parquet file once: "scan" looks at every value of every column, "by pledge" makes the tallies of each pledge. The batch counts the same
ballots from columns on disk, chunk by chunk, and then does everything a run stores: fits, totals, 偏差値, histograms, rankings, ranges of
places. The columns are those of a tally: pledge, choice, the three reasons and other. Each measurement is a process of its own. Processor time is printed too: on a busy machine it is the steadier of the two.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from tsushinbo.scoring import batch, ranks
from tsushinbo.scoring.counting import BallotCount
from tsushinbo.scoring.method import KINDS, METHOD
from tsushinbo.scoring.tallies import Owners, Tallies

BALLOTS, PLEDGES, OWNERS = 10_000_000, 1_000_000, 30_000
ROUNDS, CHUNK, THREADS = 5, 500_000, 2
GOAL, MEMORY_GOAL = 5.0, 4.0
KEPT = ("pledges", "owner", "owners", "kinds", "assessed")
COLUMNS = ("pledge", "choice", "clarity", "feasibility", "sincerity", "other")
# Shares of 衆議院, 参議院, 知事, 市区町村長, 都道府県議, 市区町村議, without an office, parties.
OFFICES = (0.016, 0.008, 0.002, 0.058, 0.09, 0.8, 0.02, 0.006)


def main() -> None:
    """Print seconds of both, their ratio, and the peak memory of the batch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--batch", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read or options.batch:
        print(json.dumps(_read(options.read) if options.read else _batch(options.batch)))
        return
    var = Path(__file__).parents[1] / "var"
    var.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-scores-", dir=var))
    try:
        _make(folder)
        rounds = [(_apart("--read", folder), _apart("--batch", folder)) for _ in range(ROUNDS)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _report(rounds)


def _apart(what: str, folder: Path) -> dict[str, float]:
    """Measure in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.scores", what, str(folder)], check=True, capture_output=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def _report(rounds: list[tuple[dict[str, float], dict[str, float]]]) -> None:
    reads, batches = zip(*rounds, strict=True)
    if any(read["positive"] != one["positive"] for read, one in rounds) or len({one["result"] for one in batches}) != 1:
        raise SystemExit("the batch counted something else than DuckDB, or differs from run to run")

    def median(rows: tuple[dict[str, float], ...], name: str) -> float:
        return statistics.median(row[name] for row in rows)

    print(
        f"{BALLOTS:,} ballots, {PLEDGES:,} pledges, {OWNERS:,} owners, {THREADS} threads, {ROUNDS} rounds taking turns, medians;"
        f" load average {os.getloadavg()[0]:.1f}"
    )
    print(f"both read these columns of all ballots: {', '.join(COLUMNS)}")
    for name in ("scan", "by pledge"):
        print(
            f"{f'DuckDB, {name}':<30} {median(reads, name):>7.2f} s {median(reads, f'{name}, cpu'):>7.2f} s of processor"
        )
    for name in ("batch", "tallies", "scores"):
        print(f"{'  ' * (name != 'batch') + name:<30} {median(batches, name):>7.2f} s", end="")
        print(f" {median(batches, 'batch, cpu'):>7.2f} s of processor" if name == "batch" else "")
    for name in ("scan", "by pledge"):
        for suffix, label in (("", "time"), (", cpu", "processor")):
            ratios = [one[f"batch{suffix}"] / read[name + suffix] for read, one in rounds]
            print(
                f"{f'batch ÷ {name}, {label}':<30} {statistics.median(ratios):>7.1f} ×"
                f" (goal {GOAL:.0f}; rounds {min(ratios):.1f} … {max(ratios):.1f})"
            )
    print(
        f"{'2,000 draws for all at once':<30} {median(batches, 'draws'):>7.2f} s {median(batches, 'draws, cpu'):>7.2f} s of processor"
    )
    print(f"{'batch, peak memory':<30} {max(one['memory'] for one in batches):>7.2f} GB (goal {MEMORY_GOAL:.0f})")


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def _read(folder: Path) -> dict[str, float]:
    """One scan of the Parquet file, and one that groups."""
    connection = duckdb.connect(config={"threads": THREADS})
    source = f"read_parquet('{folder}/ballots.parquet')"
    sums = ", ".join(f"count_if({name}) AS yes_{name}, count({name}) AS n_{name}" for name in COLUMNS[1:])
    queries = {
        "scan": f"SELECT bit_xor(pledge), {sums} FROM {source}",
        "by pledge": f"SELECT bit_xor(pledge), {', '.join(f'sum(yes_{name}), sum(n_{name})' for name in COLUMNS[1:])}"
        f" FROM (SELECT pledge, {sums} FROM {source} GROUP BY pledge)",
    }
    result = {}
    for name, query in queries.items():
        connection.execute(query).fetchall()
        rows, wall, cpu = _timed(lambda query=query: connection.execute(query).fetchall())
        result |= {name: wall, f"{name}, cpu": cpu, "positive": int(sum(rows[0][number] for number in (1, 3, 5, 7)))}
    return result


def _batch(folder: Path) -> dict[str, float]:
    """Everything from the ballots to what a run stores."""
    columns, kept = (
        {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in names} for names in (COLUMNS, KEPT)
    )
    owners = Owners(kept["owners"], kept["kinds"])

    def count() -> BallotCount:
        counted = BallotCount(kept["pledges"])

        def add(start: int) -> None:
            part = {name: column[start : start + CHUNK] for name, column in columns.items()}
            counted.add(part["pledge"], part["choice"], [part[name] for name in COLUMNS[2:5]], part["other"])

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(add, range(0, BALLOTS, CHUNK)))
        return counted

    def score() -> batch.Run:
        tallies = Tallies.from_counts(
            pledge=kept["pledges"],
            owner=owners.id[kept["owner"]],
            party=owners.kind[kept["owner"]] == KINDS.index("party"),
            counts=counted.counts,
            assessed=kept["assessed"],
        )
        return batch.run(tallies, owners, METHOD, threads=THREADS)

    owners.id.sum()
    counted, counting, counting_cpu = _timed(count)
    result, scoring, scoring_cpu = _timed(score)
    everybody = [np.arange(OWNERS)]
    _, drawing, drawing_cpu = _timed(
        lambda: ranks.ranges_by_draws(
            result.totals.value, result.totals.error, everybody, METHOD.scores, threads=THREADS
        )
    )
    return {
        "tallies": counting,
        "scores": scoring,
        "batch": counting + scoring,
        "batch, cpu": counting_cpu + scoring_cpu,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "draws": drawing,
        "draws, cpu": drawing_cpu,
        "positive": int(counted.counts[0:8:2].sum()),
        "result": int(result.fingerprint()[:8], 16),
    }


def _make(folder: Path) -> None:
    """Draw everything from a seed: ballots in the order of the table's key, few pledges with many and many with few."""
    random = np.random.default_rng(20260101)
    pledges = np.sort(random.choice(1 << 50, PLEDGES, replace=False))
    fame = random.lognormal(0, 1, PLEDGES)
    where = np.sort(random.choice(PLEDGES, BALLOTS, p=fame / fame.sum()))
    share = random.beta(3, 4, PLEDGES)
    columns = {"pledge": pledges[where], "choice": (random.random(BALLOTS) < share[where]).astype(np.int8)}
    for name in COLUMNS[2:5]:
        says = random.random(BALLOTS) < 0.3
        columns[name] = np.where(says, random.random(BALLOTS) < share[where], -1).astype(np.int8)
    columns["other"] = (random.random(BALLOTS) < 0.05).astype(np.int8)
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)
    n = random.poisson(0.25 * np.bincount(where, minlength=PLEDGES), (2, PLEDGES))
    middle = np.clip(random.normal(50, 10, (2, PLEDGES)), 0, 100)
    assessed = [
        np.rint(column).astype(np.int64)
        for i in range(2)
        for column in (n[i], n[i] * middle[i], n[i] * (middle[i] ** 2 + 400))
    ]
    kinds = np.sort(random.choice(len(KINDS), OWNERS, p=OFFICES))
    owner_ids = np.sort(random.choice(1 << 50, OWNERS, replace=False))
    for name, column in zip(
        KEPT, (pledges, random.integers(0, OWNERS, PLEDGES), owner_ids, kinds, np.array(assessed)), strict=True
    ):
        np.save(folder / f"{name}.npy", column)
    connection = duckdb.connect()
    for name, column in columns.items():
        connection.register(f"column_{name}", {name: column})
    said = ", ".join(f"CASE {name} WHEN 1 THEN true WHEN 0 THEN false END AS {name}" for name in COLUMNS[1:])
    joined = " POSITIONAL JOIN ".join(f"column_{name}" for name in COLUMNS)
    connection.execute(f"COPY (SELECT pledge, {said} FROM {joined}) TO '{folder}/ballots.parquet' (FORMAT parquet)")


if __name__ == "__main__":
    main()
