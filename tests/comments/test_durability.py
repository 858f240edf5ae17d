"""What a writer was told is kept, whenever the server is killed."""

import sqlite3
import threading
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cli.server import Sender, serving
from tests.evaluations.test_durability import run

pytestmark = [pytest.mark.server, pytest.mark.any_database]
NO_LIMIT = {"TSUSHINBO_COMMENT_WORK": "off"} | {
    f"TSUSHINBO_RATE_COMMENTS_PER_{name}": "1000000" for name in ("WRITER", "NETWORK")
}
MAKING = """
from tests.activities.factories import ReportFactory
from tsushinbo.addresses import encode
print(encode(ReportFactory.create().pk))
"""
ANSWERS = 30


class Writer(Sender):
    """Posts comments until the server is gone; ``told`` are those that were accepted."""

    def __init__(self, port: int, report: str, name: str, answered: threading.Semaphore) -> None:
        super().__init__()
        self.port, self.report, self.word, self.answered = port, report, name, answered
        self.told: list[str] = []

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with suppress(OSError, HTTPException):
            for number in count():
                body = f"{self.word}{number}"
                connection.request(
                    "POST", f"/activities/{self.report}/comments/", urlencode({"body": body}).encode(), headers
                )
                response = connection.getresponse()
                response.read()
                if response.status != 303:
                    self.refused.append(response.status)
                    return
                self.told.append(body)
                self.answered.release()
        connection.close()


def test_what_was_accepted_survives_kill_9(tmp_path: Path) -> None:
    run(tmp_path, "manage", "migrate", "--verbosity=0")
    report = run(tmp_path, "manage", "shell", "--no-imports", "--command", MAKING).strip()
    answered = threading.Semaphore(0)
    with serving(tmp_path, "--no-import", "--no-worker", **NO_LIMIT) as server:
        writers = [Writer(server.port, report, name, answered) for name in ("甲", "乙")]
        server.kill_amid(writers, answered, ANSWERS)
    told = {body for writer in writers for body in writer.told}
    with closing(sqlite3.connect(tmp_path / "tsushinbo.sqlite3")) as database:
        stored = {row[0] for row in database.execute("SELECT body FROM comments_comment")}
    assert len(told) >= ANSWERS
    assert told <= stored
    assert "counts equal to a recount" in run(tmp_path, "doctor")
