"""A report by a politician whom 10 or 10,000 accounts follow, each mailed at once: what its author waits for, and what the worker does after."""

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tsushinbo.people.models import Delegate

SIZES = (10, 10_000)
ROUNDS = 10


@dataclass(frozen=True)
class Step:
    """What one step of the worker took: how many it made, seconds, queries, and megabytes that the process grew by at its highest."""

    made: int
    seconds: float
    queries: int
    grown: float


def main() -> int:
    """Print a row for each number of followers."""
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
    from django.utils import timezone

    from tests.people.factories import DelegateFactory
    from tsushinbo.mail.services import deliver_due
    from tsushinbo.notices.services import fan_out, mail_due

    # The address of the test client; static files keep their plain names, as nothing was gathered. The mail server takes everything at once.
    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.MAILERS["transport"] = {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    settings.RATE_REPORTS_PER_ACCOUNT = 1_000_000
    call_command("migrate", verbosity=0)
    requests: dict[int, tuple[float, int]] = {}
    steps: dict[int, dict[str, Step]] = {}
    for size in SIZES:
        office = DelegateFactory.create()
        follow(office.politician_id, size)
        requests[size] = post(office, ROUNDS)
        fan_out(at=timezone.now())
        forget()
        post(office, 1)
        steps[size] = {
            "put into bells": worked(lambda: fan_out(at=timezone.now())),
            "mails written": worked(lambda: mail_due(at=timezone.now())),
            # A round sends a thousand at most, and the next follows within twenty seconds.
            "a round of mails": worked(lambda: deliver_due(at=timezone.now()).sent),
        }
    print(f"{'followers':>9} {'publish p50 ms':>15} {'queries':>8}")
    for size, (median, queries) in requests.items():
        print(f"{size:>9} {median:>15.1f} {queries:>8}")
    print(
        f"{'followers':>9} {'the worker, after':>18} {'made':>7} {'seconds':>8} {'a second':>9} {'queries':>8} {'MB':>6}"
    )
    for size, by_name in steps.items():
        for name, step in by_name.items():
            speed = step.made / step.seconds
            print(
                f"{size:>9} {name:>18} {step.made:>7} {step.seconds:>8.2f} {speed:>9.0f} {step.queries:>8} {step.grown:>6.1f}"
            )
    few, many = (requests[size] for size in SIZES)
    print(
        f"{SIZES[1]} beside {SIZES[0]} followers: publishing takes {many[0] / few[0]:.2f} times as long, {many[1] - few[1]} queries more"
    )
    return 0 if many[1] == few[1] else 1


def follow(politician: int, number: int) -> None:
    """So many accounts that follow a politician and want every notice mailed at once."""
    from allauth.account.models import EmailAddress
    from django.utils import timezone

    from tsushinbo.accounts.models import User
    from tsushinbo.notices.models import Follow, MailChoice, Pace, Subject

    now = timezone.now()
    names = [f"f-{number}-{n}" for n in range(number)]
    User.objects.bulk_create((User(username=name, email=f"{name}@example.jp") for name in names), batch_size=1000)
    people = list(User.objects.filter(username__in=names).only("email"))
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in people), batch_size=1000
    )
    MailChoice.objects.bulk_create(
        (MailChoice(user=user, pace=Pace.INSTANT, changed_at=now) for user in people), batch_size=1000
    )
    Follow.objects.bulk_create(
        (Follow(user=user, subject=Subject.POLITICIAN, subject_id=politician, followed_at=now) for user in people),
        batch_size=1000,
    )


def post(office: "Delegate", times: int) -> tuple[float, int]:
    """Publish reports through the form; return the median in milliseconds and the queries of one."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tsushinbo.addresses import encode

    client = Client()
    client.force_login(office.user)
    address = f"/activities/new/?politician={encode(office.politician_id)}"
    taken, queries = [], 0
    for number in range(times):
        fields = {"deed": "post", "title": f"通学路を点検しました{number}", "happened_on": "2026-01-19"}
        body = f"{time.monotonic_ns()}番目の報告です。"
        with CaptureQueriesContext(connection) as seen:
            started = time.perf_counter()
            answer = client.post(address, {**fields, "body": body})
            taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 303
        queries = len(seen)
    return statistics.median(taken), queries


def worked(step: Callable[[], int]) -> Step:
    """Measure a step of the worker."""
    from django.db import connection

    counted = 0

    def count(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal counted
        counted += 1
        return execute(*arguments)

    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    with connection.execute_wrapper(count):
        made = step()
    seconds = time.perf_counter() - started
    return Step(made, seconds, counted, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - highest) / 1024)


def forget() -> None:
    """Throw away what was told, so that the next report is measured alone."""
    from tsushinbo.notices.models import Notice

    Notice.objects.all().delete()


if __name__ == "__main__":
    sys.exit(main())
