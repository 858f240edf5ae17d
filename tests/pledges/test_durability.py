"""What a member was told is kept of pledges and their drafts, whenever the server is killed."""

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
NO_LIMIT = {"TSUSHINBO_RATE_PROPOSALS_PER_ACCOUNT": "1000000"}
MAKING = """
from django.test import Client
from tests.accounts.factories import UserFactory
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PolicyAreaFactory
from tsushinbo.addresses import encode
PolicyAreaFactory.create(code="childcare", name="子育て")
print(encode(PoliticianFactory.create().pk))
for _ in range(2):
    client = Client()
    client.force_login(UserFactory.create())
    print(client.cookies["sessionid"].value)
"""
ANSWERS = 25
# An account may keep no more drafts than this.
DRAFTS = 10


class Member(Sender):
    """Sends proposals and keeps drafts until the server is gone; ``told`` are the texts that were accepted."""

    def __init__(self, port: int, who: str, session: str, name: str, answered: threading.Semaphore) -> None:
        super().__init__()
        self.port, self.who, self.session, self.word, self.answered = port, who, session, name, answered
        self.told: list[str] = []

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"sessionid={self.session}"}
        with suppress(OSError, HTTPException):
            for number in count():
                text = f"{self.word}{number}番目の公約です。"
                fields = {
                    "deed": "save" if number % 2 and number < 2 * DRAFTS else "post",
                    "text": text,
                    "quoted": "on",
                    "topic": "childcare",
                    "source_url": "https://www.example.com/",
                    "source_title": "選挙公報",
                    "source_on": "2025-11-02",
                }
                connection.request("POST", f"/pledges/new/?politician={self.who}", urlencode(fields).encode(), headers)
                response = connection.getresponse()
                response.read()
                if response.status != 303:
                    self.refused.append(response.status)
                    return
                self.told.append(text)
                self.answered.release()
        connection.close()


def test_what_was_accepted_survives_kill_9(tmp_path: Path) -> None:
    run(tmp_path, "manage", "migrate", "--verbosity=0")
    who, *sessions = run(tmp_path, "manage", "shell", "--no-imports", "--command", MAKING).split()
    answered = threading.Semaphore(0)
    with serving(tmp_path, "--no-import", "--no-worker", **NO_LIMIT) as server:
        members = [
            Member(server.port, who, session, name, answered)
            for session, name in zip(sessions, ("甲", "乙"), strict=True)
        ]
        server.kill_amid(members, answered, ANSWERS)
    told = {text for member in members for text in member.told}
    with closing(sqlite3.connect(tmp_path / "tsushinbo.sqlite3")) as database:
        sent, kept = (
            {row[0] for row in database.execute(f"SELECT json_extract({column}, '$.text') FROM pledges_{table}")}
            for table, column in (("pledgeproposal", "content"), ("pledgedraft", "fields"))
        )
    assert len(told) >= ANSWERS
    assert told & sent
    assert told & kept
    assert told <= sent | kept
