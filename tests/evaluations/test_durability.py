"""What a voter was told is kept, whenever the server is killed."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cli.server import Sender, Server, serving
from tsushinbo import addresses

pytestmark = [pytest.mark.server, pytest.mark.any_database]
NO_LIMIT = {"TSUSHINBO_RATE_BALLOTS_PER_VOTER": "1000000", "TSUSHINBO_RATE_BALLOTS_PER_NETWORK": "100000000"}
VOTERS = 8
# A voter of the site: the number in the cookie, before its signature.
Told = dict[tuple[int, int], str | None]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with five pledges, started once, so that its static files are there."""
    folder = tmp_path_factory.mktemp("prepared")
    making = "from tests.pledges.factories import PledgeFactory; PledgeFactory.create_batch(5)"
    for arguments in (["migrate", "--verbosity=0"], ["shell", "--no-imports", "--command", making]):
        run(folder, "manage", *arguments)
    with serving(folder, "--no-import"):
        pass
    return folder


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it that nobody has judged anything on."""
    return shutil.copytree(prepared, tmp_path / "site")


def run(folder: Path, *arguments: str) -> str:
    """Run a command of the site on this folder and return what it printed."""
    environment = {**os.environ, "TSUSHINBO_DATA_DIR": str(folder)}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "tsushinbo", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pledges(folder: Path) -> list[int]:
    with closing(sqlite3.connect(folder / "tsushinbo.sqlite3")) as database:
        return [row[0] for row in database.execute("SELECT id FROM pledges_pledge ORDER BY id")]


class Voter(Sender):
    """Judges pledge after pledge until the server is gone. ``told`` is what was answered, ``asked`` what was sent last and not answered."""

    def __init__(self, server: Server, numbers: list[int], seed: int, answered: threading.Semaphore) -> None:
        super().__init__()
        self.port, self.numbers, self.answered = server.port, numbers, answered
        self.chance = random.Random(seed)  # noqa: S311 - not a secret
        self.told: Told = {}
        self.open: set[tuple[int, int]] = set()

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookie, voter = "", 0
        with suppress(OSError, HTTPException):
            for _ in count():
                # Now and then a new browser, else the same voter changes or withdraws an earlier ballot.
                if self.chance.random() < 0.2:
                    cookie = ""
                pledge = self.chance.choice(self.numbers)
                choice = self.chance.choice(["good", "bad", "good", "bad", "withdraw"] if cookie else ["good", "bad"])
                if cookie:
                    self.open.add((pledge, voter))
                headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
                body = urlencode({"choice": choice, "reasons": "clear"})
                connection.request("POST", f"/pledges/{addresses.encode(pledge)}/ballot/", body, headers)
                response = connection.getresponse()
                response.read()
                if response.status != 303:
                    self.refused.append(response.status)
                    continue
                if given := response.getheader("Set-Cookie"):
                    cookie = given.split(";")[0]
                    voter = int(cookie.split("=")[1].split(":")[0])
                self.told[pledge, voter] = None if choice == "withdraw" else choice
                self.open.discard((pledge, voter))
                self.answered.release()
        connection.close()


def kept(folder: Path) -> dict[tuple[int, int], str]:
    with closing(sqlite3.connect(folder / "tsushinbo.sqlite3")) as database:
        rows = database.execute("SELECT pledge_id, voter, choice FROM evaluations_ballot")
        return {(pledge, voter): choice for pledge, voter, choice in rows}


def tallies(folder: Path) -> dict[int, tuple[int, int, int]]:
    with closing(sqlite3.connect(folder / "tsushinbo.sqlite3")) as database:
        return {
            row[0]: row[1:] for row in database.execute("SELECT pledge_id, good, bad, clear FROM evaluations_tally")
        }


@pytest.fixture(params=[1, 2])
def seed(request: pytest.FixtureRequest) -> Iterator[int]:
    return int(request.param)


def test_every_ballot_that_was_answered_survives_kill_9(site: Path, seed: int) -> None:
    numbers, chance = pledges(site), random.Random(seed)  # noqa: S311 - not a secret
    answered = threading.Semaphore(0)
    with serving(site, "--no-import", **NO_LIMIT) as server:
        voters = [Voter(server, numbers, seed * 100 + number, answered) for number in range(VOTERS)]
        server.kill_amid(voters, answered, chance.randrange(80, 300))

    stored = kept(site)
    told = {key: choice for voter in voters for key, choice in voter.told.items()}
    unanswered = {key for voter in voters for key in voter.open}
    assert len(told) > 40
    # What was sent but not answered may have happened or not; everything else is as the voter saw it.
    assert {key: stored.get(key) for key in told if key not in unanswered} == {
        key: choice for key, choice in told.items() if key not in unanswered
    }
    good, bad = (
        Counter(pledge for (pledge, _), choice in stored.items() if choice == word) for word in ("good", "bad")
    )
    every = Counter(pledge for pledge, _ in stored)
    assert {pledge: row for pledge, row in tallies(site).items() if any(row)} == {
        pledge: (good[pledge], bad[pledge], every[pledge]) for pledge in every
    }

    with serving(site, "--no-import", **NO_LIMIT) as again:
        page, body = again.get(f"/pledges/{addresses.encode(numbers[0])}/")
        assert page.status == 200
        assert f'data-ballots="{every[numbers[0]]}"' in body.decode()
    assert "equal to a recount" in run(site, "doctor")


def test_fifty_browsers_at_once_are_counted_exactly_by_the_real_server(site: Path) -> None:
    number = pledges(site)[0]
    answers: list[int] = []
    gate = threading.Barrier(50)

    def judge(choice: str, port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        gate.wait(60)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request(
            "POST", f"/pledges/{addresses.encode(number)}/ballot/", urlencode({"choice": choice}), headers
        )
        response = connection.getresponse()
        response.read()
        answers.append(response.status)
        connection.close()

    with serving(site, "--no-import") as server:
        threads = [
            threading.Thread(target=judge, args=("good" if voter % 5 else "bad", server.port)) for voter in range(50)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert answers == [303] * 50
    assert tallies(site)[number][:2] == (40, 10)
    assert len(kept(site)) == 50
