"""The first page of the moderators' desk with 100 and with 10,000 texts that wait: queries, time, and their ratio."""

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

SIZES = (100, 10_000)
ROUNDS = 60


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
    from django.test.utils import CaptureQueriesContext

    from tests.accounts.factories import UserFactory, add_app, log_in_with_second_factor

    # The address of the test client; static files keep their plain names, as nothing was gathered.
    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call_command("migrate", verbosity=0)
    moderator = UserFactory.create(role="moderator")
    add_app(moderator)
    client = Client()
    log_in_with_second_factor(client, moderator)
    times: dict[int, list[float]] = {}
    queries: dict[int, int] = {}
    waiting = 0
    for size in SIZES:
        fill(size - waiting, waiting)
        waiting = size
        times[size] = []
        for number in range(ROUNDS):
            started = time.perf_counter()
            if number == 0:
                with CaptureQueriesContext(connection) as seen:
                    client.get("/moderation/")
                queries[size] = len(seen)
                continue
            answer = client.get("/moderation/")
            times[size].append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200
    print(f"{'waiting':>8} {'queries':>8} {'p50 ms':>8} {'p95 ms':>8}")
    for size in SIZES:
        cuts = statistics.quantiles(times[size], n=20)
        print(f"{size:>8} {queries[size]:>8} {cuts[9]:>8.1f} {cuts[18]:>8.1f}")
    small, large = (statistics.median(times[size]) for size in SIZES)
    print(
        f"{SIZES[1]} beside {SIZES[0]} waiting: {large / small:.2f} times as long, {queries[SIZES[1]] - queries[SIZES[0]]} queries more"
    )
    return 0


def fill(number: int, start: int) -> None:
    """Texts of three kinds, so many in all: comments by members, and others."""
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
    Comment.objects.bulk_create(
        [
            Comment(
                report=report, author=people[n % 20], body=f"通学路の街灯について、{n}番目の意見です。" * 5, made_at=now,
                submitted_at=now - timedelta(seconds=60 + start + n),
            )
            for n in range(half)
        ],
        batch_size=500,
    )  # fmt: skip
    ReasonText.objects.bulk_create(
        [
            ReasonText(
                pledge=pledge, voter=start + n + 1, text=f"財源の説明が足りません（{n}）。" * 5,
                submitted_at=now - timedelta(seconds=30 + start + n),
            )
            for n in range(number - half)
        ],
        batch_size=500,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
