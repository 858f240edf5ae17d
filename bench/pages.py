"""Uncached pages beside a bare hello view of the same server: p50 and p95 of the time to the last byte, and their ratio."""

import os
import sqlite3
import statistics
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

from bench.site import data_folder, server
from tsushinbo import addresses

ROUNDS = 400
WARM_UP = 30


def addresses_of(folder: Path) -> dict[str, str]:
    """The pages to ask for: the report card of the person with the most pledges, a pledge, the lists."""
    with closing(sqlite3.connect(folder / "tsushinbo.sqlite3")) as database:
        person, pledge = database.execute(
            "SELECT politician_id, MIN(id) FROM pledges_pledge WHERE politician_id IS NOT NULL GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1"
        ).fetchone()
    return {
        "report card": f"/politicians/{addresses.encode(person)}/",
        "pledge": f"/pledges/{addresses.encode(pledge)}/",
        "home": "/",
        "politicians": "/politicians/",
        "search": "/search/?q=%E9%88%B4%E6%9C%A8",
        "rankings": "/rankings/",
    }


def milliseconds(connection: HTTPConnection, path: str) -> float:
    """Ask once, without anything a cache could answer with, and return the time taken."""
    return _asked(connection, path)[0]


def _asked(connection: HTTPConnection, path: str) -> tuple[float, bytes]:
    started = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    taken = (time.perf_counter() - started) * 1000
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return taken, body


def _worked(connection: HTTPConnection) -> float:
    """How long the processor has worked for the server, in milliseconds."""
    return int(_asked(connection, "/hello")[1]) / 1e6


def beside_hello(connection: HTTPConnection, pages: dict[str, str], rounds: int = ROUNDS) -> None:
    """Time pages and print a row each; they take turns, so that a slow moment of the machine meets them all.

    Seconds passed are only worth comparing while the processor is free: who works longer is kept waiting by others more often. So the work of the
    server's processor stands beside them, from one hello to the next: what lies between two that follow each other is that of a hello.
    """
    pages = {"hello": "/hello", **pages}
    times: dict[str, list[float]] = {name: [] for name in pages}
    works: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(WARM_UP):
        for path in pages.values():
            milliseconds(connection, path)
    for _ in range(rounds):
        for name, path in pages.items():
            before = _worked(connection)
            times[name].append(milliseconds(connection, path))
            works[name].append((_worked(connection) - before) / (2 if name == "hello" else 1))
    figures = {name: statistics.quantiles(values, n=20) for name, values in times.items()}
    hello = statistics.median(works["hello"])
    wide = max(map(len, pages))
    print(f"{rounds} requests each, one after another, one worker, SQLite; load average {os.getloadavg()[0]:.1f}")
    print(
        f"{'page':<{wide}} {'p50 ms':>8} {'p95 ms':>8} {'p50 ÷ hello':>12} {'p95 ÷ hello':>12} {'processor ms':>13} {'÷ hello':>8}"
    )
    for name, cuts in figures.items():
        p50, p95 = cuts[9], cuts[18]
        work = statistics.median(works[name]) - (0 if name == "hello" else hello)
        print(
            f"{name:<{wide}} {p50:>8.2f} {p95:>8.2f} {p50 / figures['hello'][9]:>12.1f} {p95 / figures['hello'][18]:>12.1f}"
            f" {work:>13.2f} {work / hello:>8.1f}"
        )


def main() -> None:
    """Print a row a page."""
    with data_folder() as folder, server(folder) as connection:
        beside_hello(connection, addresses_of(folder))


if __name__ == "__main__":
    main()
