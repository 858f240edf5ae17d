"""What a writer was told is kept, whenever the server is killed."""

import sqlite3
import threading
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest

from tests.activities.factories import image_bytes
from tests.cli.server import Sender, serving
from tests.evaluations.test_durability import run

pytestmark = [pytest.mark.server, pytest.mark.any_database]
NO_LIMIT = {f"TSUSHINBO_RATE_{name}_PER_ACCOUNT": "1000000" for name in ("REPORTS", "PICTURES")}
MAKING = """
from django.test import Client
from tests.people.factories import DelegateFactory
from tsushinbo.addresses import encode
delegate = DelegateFactory.create()
client = Client()
client.force_login(delegate.user)
print(encode(delegate.politician_id), client.cookies["sessionid"].value)
"""
ANSWERS = 25


def multipart(**fields: str | bytes) -> tuple[bytes, str]:
    """A form with files, as a browser sends it."""
    boundary, parts = uuid4().hex, []
    for name, value in fields.items():
        file = '; filename="a.jpg"\r\nContent-Type: image/jpeg' if isinstance(value, bytes) else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append(head.encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


class Writer(Sender):
    """Posts reports and drafts with pictures until the server is gone; ``told`` are the titles that were accepted."""

    def __init__(self, port: int, who: str, session: str, name: str, answered: threading.Semaphore) -> None:
        super().__init__()
        self.port, self.who, self.session, self.word, self.answered = port, who, session, name, answered
        self.told: list[str] = []

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        picture = image_bytes(size=(60, 40))
        with suppress(OSError, HTTPException):
            for number in count():
                title = f"{self.word}{number}"
                # 20 drafts are all that an account may keep.
                deed = ("post", "save", "picture")[number % 3] if number < 15 else "post"
                fields: dict[str, str | bytes] = {
                    "deed": deed,
                    "title": title,
                    "happened_on": "2026-01-19",
                    "body": title,
                }
                if deed == "picture":
                    fields |= {"picture": picture, "alt": "校門"}
                body, kind = multipart(**fields)
                headers = {"Content-Type": kind, "Cookie": f"sessionid={self.session}"}
                connection.request("POST", f"/activities/new/?politician={self.who}", body, headers)
                response = connection.getresponse()
                response.read()
                if response.status != 303:
                    self.refused.append(response.status)
                    return
                self.told.append(title)
                self.answered.release()
        connection.close()


def test_what_was_accepted_survives_kill_9(tmp_path: Path) -> None:
    run(tmp_path, "manage", "migrate", "--verbosity=0")
    who, session = run(tmp_path, "manage", "shell", "--no-imports", "--command", MAKING).split()
    answered = threading.Semaphore(0)
    with serving(tmp_path, "--no-import", "--no-worker", **NO_LIMIT) as server:
        writers = [Writer(server.port, who, session, name, answered) for name in ("甲", "乙")]
        server.kill_amid(writers, answered, ANSWERS)
    told = {title for writer in writers for title in writer.told}
    with closing(sqlite3.connect(tmp_path / "tsushinbo.sqlite3")) as database:
        stored = {row[0] for row in database.execute("SELECT title FROM activities_activityreport")}
        stored |= {row[0] for row in database.execute("SELECT json_extract(fields, '$.title') FROM activities_draft")}
        names = [row[0] for row in database.execute("SELECT name FROM activities_picture")]
    assert len(told) >= ANSWERS
    assert told <= stored
    assert names
    for name in names:
        files = {path.suffix for path in (tmp_path / "media" / "activities" / name).iterdir()}
        assert files == {".avif", ".webp", ".jpg"}
    assert "every picture has its files" in run(tmp_path, "doctor")
