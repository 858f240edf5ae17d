"""The moderators' desk with 100 and with 10,000 texts that wait: queries, time, and their ratio, of its first page, its filters and a deep page.

On SQLite in a folder of its own; on PostgreSQL where DATABASE_URL names an empty database.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SIZES = (100, 10_000)
ROUNDS = 30
PAGES = {
    "first page": "/moderation/",
    "one kind": "/moderation/?kind=comments.comment",
    "overdue": "/moderation/?show=overdue",
    "marked": "/moderation/?show=marked",
    "seen later": "/moderation/?show=unseen",
}
# A page that only the long queue has, beside the first page of the short one.
DEEP = "/moderation/?page=300"


def main() -> int:
    """Print a row for each length of the queue."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "static").mkdir()
        os.environ["TSUSHINBO_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "tsushinbo.config.settings"
        import django

        django.setup()
        return measure()


def measure() -> int:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from tests.accounts.factories import UserFactory, add_app, log_in_with_second_factor

    # The address of the test client; static files keep their plain names, as nothing was gathered.
    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call_command("migrate", verbosity=0)
    moderator = UserFactory.create(role="moderator")
    add_app(moderator)
    client = Client()
    log_in_with_second_factor(client, moderator)
    print(f"{connection.vendor}, {ROUNDS} rounds")
    print(
        f"{'':>12} {'waiting':>8} {'queries':>8} {'p50 ms':>8} {'p95 ms':>8} {'cpu ms':>8} {'times':>6} {'by cpu':>6}"
    )

    def row(name: str, address: str, size: int, short: Timed | None) -> Timed:
        found = timed(client, address)
        times = f"{found.median / short.median:>6.2f} {found.cpu / short.cpu:>6.2f}" if short else ""
        print(
            f"{name:>12} {size:>8} {found.queries:>8} {found.median:>8.1f} {found.slow:>8.1f} {found.cpu:>8.1f} {times}",
            flush=True,
        )
        return found

    fill(SIZES[0], 0)
    short = {name: row(name, address, SIZES[0], None) for name, address in PAGES.items()}
    fill(SIZES[1] - SIZES[0], SIZES[0])
    long = {name: row(name, address, SIZES[1], short[name]) for name, address in PAGES.items()}
    row("page 300", DEEP, SIZES[1], short["first page"])
    first, same = "first page", all(long[name].queries == short[name].queries for name in PAGES)
    print(
        f"{first}, {SIZES[1]} beside {SIZES[0]} waiting: {long[first].median / short[first].median:.2f} times as long, "
        f"{long[first].cpu / short[first].cpu:.2f} by the processor; "
        f"{'the same queries on every list' if same else 'MORE QUERIES'}"
    )
    return 0 if same else 1


@dataclass(frozen=True)
class Timed:
    """Queries of a page; median and 95% of its times in ms, and the median of what the processor worked on it, which other work beside does not move.

    Of PostgreSQL the latter is this process alone.
    """

    queries: int
    median: float
    slow: float
    cpu: float


def timed(client: Any, address: str) -> Timed:
    """Ask for a page ROUNDS times, after once to warm up and once to count."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    queries = len(seen)
    times, worked = [], []
    for _ in range(ROUNDS):
        started, before = time.perf_counter(), time.process_time()
        answer = client.get(address)
        times.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - before) * 1000)
        assert answer.status_code == 200, address
    cuts = statistics.quantiles(times, n=20)
    return Timed(queries, statistics.median(times), cuts[18], statistics.median(worked))


def fill(number: int, start: int) -> None:
    """So many texts of two kinds: comments by members, and reasons of ballots. A fifth has waited longer than a day, one in fifty bears a mark."""
    from django.utils import timezone

    from tests.accounts.factories import UserFactory
    from tests.activities.factories import ReportFactory
    from tests.pledges.factories import PledgeFactory
    from tsushinbo.comments.models import Comment
    from tsushinbo.evaluations.models import ReasonText

    now = timezone.now()
    report, pledge = ReportFactory.create(), PledgeFactory.create()
    people = [UserFactory.create() for _ in range(20)]
    half = number // 2

    def words(begin: str, n: int) -> str:
        return begin + f"{n}番目の意見です。" * 5 + ("電話は03-1234-5678です。" if n % 50 == 0 else "")

    def waited(n: int) -> datetime:
        return now - timedelta(hours=25 if n % 5 == 0 else 1, seconds=start + n)

    Comment.objects.bulk_create(
        [
            Comment(
                report=report, author=people[n % 20], body=words("通学路の街灯について、", n), made_at=now, submitted_at=waited(n),
            )
            for n in range(half)
        ],
        batch_size=500,
    )  # fmt: skip
    ReasonText.objects.bulk_create(
        [
            ReasonText(
                pledge=pledge, voter=start + n + 1, text=words("財源の説明が足りません。", n), submitted_at=waited(n),
            )
            for n in range(number - half)
        ],
        batch_size=500,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
