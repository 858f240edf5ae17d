"""Ballots a second, through the service and through the real server, beside raw durable inserts into the same database.

A raw insert is one row of the same size in a table of its own, one transaction each, straight to the driver: the least that a durable write
can cost. A ballot counts its use twice, writes the ballot, moves the tally, and may not lose any of it. Both take turns.
"""

import os
import random
import statistics
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.site import data_folder, environment, server

ROUNDS = 12
BALLOTS_PER_ROUND = 250
PLEDGES = 200
CLIENTS = 4
WARM_UP = 50
NO_LIMIT = {"TSUSHINBO_RATE_BALLOTS_PER_VOTER": "1000000", "TSUSHINBO_RATE_BALLOTS_PER_NETWORK": "100000000"}


def per_second(work: Callable[[], None], number: int) -> float:
    """Do ``number`` units of work and return how many a second."""
    started = time.perf_counter()
    work()
    return number / (time.perf_counter() - started)


def make_pledges() -> list[Any]:
    """Pledges of one party to cast ballots on."""
    from django.utils import timezone

    from tsushinbo.people.models import Party
    from tsushinbo.pledges.models import Pledge, PolicyArea

    party = Party.objects.create(key="bench", name="見本党")
    area = PolicyArea.objects.create(code="bench", name="見本", position=1)
    now = timezone.now()
    rows = [
        Pledge(party=party, title=f"公約{n}", text="見本", policy_area=area, created_at=now, changed_at=now)
        for n in range(PLEDGES)
    ]
    return Pledge.objects.bulk_create(rows)


class Service:
    """Ballots through the service, as the view calls it; the same voter comes again now and then."""

    def __init__(self, pledges: list[Any]) -> None:
        self.chance, self.pledges = random.Random(1), pledges  # noqa: S311 - not a secret

    def __call__(self) -> None:
        from django.utils import timezone

        from tsushinbo.evaluations.models import Choice, Reason
        from tsushinbo.evaluations.services import cast_ballot

        choices, reasons = list(Choice), [[], [Reason.CLEAR], [Reason.UNCLEAR, Reason.SINCERE]]
        for _ in range(BALLOTS_PER_ROUND):
            cast_ballot(
                pledge=self.chance.choice(self.pledges),
                voter=self.chance.getrandbits(63),
                choice=self.chance.choice(choices),
                reasons=self.chance.choice(reasons),
                network=f"network:{self.chance.randrange(50)}",
                at=timezone.now(),
            )


class Raw:
    """Raw durable inserts over the same connection."""

    def __init__(self) -> None:
        from django.db import connection

        connection.ensure_connection()
        self.chance, self.driver = random.Random(2), connection.connection  # noqa: S311 - not a secret
        self.driver.execute(
            "CREATE TABLE bench_raw (pledge bigint, voter bigint, choice text, cast_at text, PRIMARY KEY (pledge, voter))"
        )

    def __call__(self) -> None:
        for _ in range(BALLOTS_PER_ROUND):
            self.driver.execute("BEGIN IMMEDIATE")
            row = (self.chance.getrandbits(50), self.chance.getrandbits(63), "good", "2026-11-24 06:00:00.000000")
            self.driver.execute("INSERT INTO bench_raw VALUES (?, ?, ?, ?)", row)
            self.driver.execute("COMMIT")


def through_server(folder: Path, paths: list[str]) -> float:
    """Cast ballots from several connections at once, each a new voter, and return how many were answered a second."""
    failed: list[int] = []

    def cast(port: int, number: int, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - not a secret
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(number):
            body = urlencode({"choice": chance.choice(["good", "bad"])})
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", chance.choice(paths), body, headers)
            response = connection.getresponse()
            response.read()
            if response.status != 303:
                failed.append(response.status)
        connection.close()

    def all_at_once(number: int) -> None:
        threads = [threading.Thread(target=cast, args=(port, number, seed)) for seed in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    with server(folder, **NO_LIMIT) as open_connection:
        port = open_connection.port
        all_at_once(WARM_UP)
        speed = per_second(lambda: all_at_once(BALLOTS_PER_ROUND), BALLOTS_PER_ROUND * CLIENTS)
    if failed:
        raise RuntimeError(f"{len(failed)} ballots were refused: {sorted(set(failed))}")
    return speed


def main() -> None:
    """Print both speeds and their ratio."""
    with data_folder(bundle=False) as folder:
        variables = environment(folder)
        os.environ.clear()
        os.environ.update(variables, DJANGO_SETTINGS_MODULE="bench.settings", **NO_LIMIT)
        import django

        django.setup()
        from django.db import connection
        from django.urls import reverse

        pledges = make_pledges()
        works: dict[str, Callable[[], None]] = {"ballots": Service(pledges), "raw inserts": Raw()}
        speeds: dict[str, list[float]] = {name: [] for name in works}
        for work in works.values():
            work()
        for number in range(ROUNDS):
            for name in sorted(works, reverse=number % 2 == 1):
                speeds[name].append(per_second(works[name], BALLOTS_PER_ROUND))
        served = through_server(folder, [reverse("evaluations:ballot", args=[pledge.pk]) for pledge in pledges])
        version = connection.Database.sqlite_version
    raw, ballots = statistics.median(speeds["raw inserts"]), statistics.median(speeds["ballots"])
    ratio = statistics.median(a / b for a, b in zip(speeds["ballots"], speeds["raw inserts"], strict=True))
    print(f"{ROUNDS} rounds of {BALLOTS_PER_ROUND} each in turns, SQLite {version}, WAL, synchronous=FULL")
    print(f"{'':<34} {'a second':>10} {'of raw':>8}")
    print(f"{'raw durable inserts':<34} {raw:>10,.0f} {1:>8.2f}")
    print(f"{'ballots through the service':<34} {ballots:>10,.0f} {ratio:>8.2f}")
    print(f"{f'ballots over HTTP, {CLIENTS} at once':<34} {served:>10,.0f} {served / raw:>8.2f}")


if __name__ == "__main__":
    main()
