"""No mail is lost, whenever the worker is killed or the mail server is away; and only those on their way go twice."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cli.server import serving
from tests.evaluations.test_durability import run
from tests.mail.sink import Sink, listening, usual

pytestmark = [pytest.mark.server, pytest.mark.any_database]
MAILS = 12
QUEUEING = f"""
from django.utils import timezone
from tsushinbo.mail.services import queue
for n in range({MAILS}):
    queue(to=f"hito{{n}}@example.jp", subject="件名", text="本文", at=timezone.now())
"""
# What a worker does when the lease of the one that was killed is over.
DELIVERING = """
from datetime import timedelta
from django.utils import timezone
from tsushinbo.mail.services import deliver_due
from tsushinbo.mail.services.delivery import LEASE
from tsushinbo.notices.services import fan_out, mail_due
at = timezone.now() + {after}
fan_out(at=at)
mail_due(at=at)
deliver_due(at=at)
"""
# Whose mails were begun, with no word of how it ended.
UNDERWAY = """
from tsushinbo.mail.models import Message
print(*Message.objects.filter(attempts__gt=0, sent_at=None).values_list("to", flat=True))
"""
SOON, AFTER_LEASE = "timedelta(0)", "LEASE"


def to_sink(sink: Sink) -> dict[str, str]:
    return {"TSUSHINBO_EMAIL_URL": f"smtp://127.0.0.1:{sink.port}", "TSUSHINBO_EMAIL_FROM": "site@example.jp"}


def deliver(folder: Path, sink: Sink, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in to_sink(sink).items():
        monkeypatch.setenv(name, value)
    run(folder, "manage", "shell", "--no-imports", "--command", DELIVERING.format(after=after))


@contextmanager
def working(folder: Path, sink: Sink) -> Iterator[subprocess.Popen[bytes]]:
    """``tsushinbo worker`` as a process."""
    environment = {**os.environ, "TSUSHINBO_DATA_DIR": str(folder), **to_sink(sink)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tsushinbo", "worker"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


@pytest.mark.parametrize("stored", [pytest.param(True, id="taken"), pytest.param(False, id="not-taken")])
def test_a_batch_that_is_killed_loses_none_and_doubles_only_what_was_on_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    run(tmp_path, "manage", "migrate", "--verbosity=0")
    run(tmp_path, "manage", "shell", "--no-imports", "--command", QUEUEING)
    unheard, reached, killed = list[str](), threading.Event(), threading.Event()

    def reply(step: str, to: str) -> str | None:
        """Let five go; of what comes then the worker never hears whether it was taken."""
        if step != "SENT" or len(sink.taken) < 5:
            return None
        unheard.append(to)
        reached.set()
        killed.wait(300)
        return None if stored else ""

    with listening() as sink:
        sink.reply = reply
        with working(tmp_path, sink) as worker:
            assert reached.wait(300)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(30)
        killed.set()
        sink.reply = usual
        underway = set(run(tmp_path, "manage", "shell", "--no-imports", "--command", UNDERWAY).split())
        deliver(tmp_path, sink, SOON, monkeypatch)
        deliver(tmp_path, sink, AFTER_LEASE, monkeypatch)
        times = Counter(sink.taken)
    assert set(times) == {f"hito{n}@example.jp" for n in range(MAILS)}
    doubled = {to for to, count in times.items() if count > 1}
    # Most often the one that the worker never heard of. On a slow machine an answer may also come later than a worker waits for it.
    assert set(unheard) <= underway
    assert (set(unheard) if stored else set()) <= doubled <= underway
    assert len(underway) < MAILS - 5, "mails were begun before their turn"
    assert max(times.values()) <= 2


MAKING = """
from django.test import Client
from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.people.factories import DelegateFactory
from django.utils import timezone
from tsushinbo.addresses import encode
from tsushinbo.notices.models import Follow, MailChoice
delegate, follower = DelegateFactory.create(), UserFactory.create(email="follower@example.jp")
Follow.objects.create(user=follower, subject="politician", subject_id=delegate.politician_id, followed_at=timezone.now())
MailChoice.objects.create(user=follower, pace="instant", changed_at=timezone.now())
UserFactory.create(email="forgot@example.jp")
client = Client()
client.force_login(delegate.user)
report = ReportFactory.create(politician=delegate.politician)
print(encode(delegate.politician_id), encode(report.pk), client.cookies["sessionid"].value)
"""


def send(port: int, path: str, cookie: str, **fields: str) -> HTTPResponse:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", path, urlencode(fields).encode(), headers)
        response = connection.getresponse()
        response.read()
        return response


def test_a_mail_server_that_hangs_holds_up_no_page_and_loses_no_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "manage", "migrate", "--verbosity=0")
    who, report, session = run(tmp_path, "manage", "shell", "--no-imports", "--command", MAKING).split()
    over = threading.Event()

    def hang(_step: str, _to: str) -> str:
        over.wait(300)
        return ""

    with listening() as sink:
        sink.reply = hang
        with serving(tmp_path, "--no-import", **to_sink(sink)) as server:
            comment = send(server.port, f"/activities/{report}/comments/", "", body="見守り隊に加わります。")
            new = {"deed": "post", "title": "通学路を点検しました", "happened_on": "2026-01-19", "body": "41か所です。"}
            posted = send(server.port, f"/activities/new/?politician={who}", f"sessionid={session}", **new)
            form, page = server.get("/accounts/password/reset/")
            cookie = form.headers["Set-Cookie"].partition(";")[0]
            [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.decode())[:1]
            reset = send(
                server.port, "/accounts/password/reset/", cookie, email="forgot@example.jp", csrfmiddlewaretoken=token
            )
            assert [one.status for one in (comment, posted, reset)] == [303, 303, 302]
            assert sink.taken == []
            server.kill()
        over.set()
        sink.reply = usual
        deliver(tmp_path, sink, AFTER_LEASE, monkeypatch)
    assert Counter(sink.taken) == Counter(["forgot@example.jp", "follower@example.jp"])
