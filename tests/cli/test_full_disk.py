"""A full disk: what was typed goes back with a clear word, nothing is written by half, and nothing that was accepted is lost."""

import shutil
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.activities.factories import noise_bytes
from tests.activities.test_durability import multipart
from tests.cli import disk
from tests.cli.server import Server, serving
from tests.evaluations.test_durability import run

pytestmark = [pytest.mark.server, pytest.mark.any_database]
MAKING = """
from django.test import Client
from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory
from tsushinbo.addresses import encode
def session(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
delegate = DelegateFactory.create()
PolicyAreaFactory.create(code="childcare", name="子育て")
print(
    encode(delegate.politician_id), encode(ReportFactory.create().pk), encode(PledgeFactory.create().pk),
    session(delegate.user), session(UserFactory.create()),
)
"""
KEPT = "入力した内容は残っています。"
KINDS: dict[str, disk.Kind] = {"no file grows": disk.limited, "no space left": disk.full}


@dataclass(frozen=True)
class Site:
    """A prepared data folder, with the addresses and sessions of those who write."""

    folder: Path
    politician: str
    report: str
    pledge: str
    office: str
    member: str


@dataclass(frozen=True)
class Deed:
    """Something that is sent: where, by whose session, and where what was typed is kept."""

    path: str
    session: str
    fields: dict[str, str | bytes]
    table: str
    column: str
    typed: str
    htmx: bool = False

    def send(self, server: Server) -> tuple[int, str]:
        """Send it; return the status and the page."""
        body, kind = multipart(**self.fields)
        headers = {"Content-Type": kind, **({"HX-Request": "true"} if self.htmx else {})}
        if self.session:
            headers["Cookie"] = f"sessionid={self.session}"
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        with closing(connection):
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()

    @property
    def rows(self) -> str:
        """The query that counts the rows that hold it."""
        return f"SELECT COUNT(*) FROM {self.table} WHERE {self.column} LIKE '%{self.typed}%'"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Started once, so that its static files are there."""
    folder = tmp_path_factory.mktemp("prepared")
    run(folder, "manage", "migrate", "--verbosity=0")
    made = run(folder, "manage", "shell", "--no-imports", "--command", MAKING).split()
    with serving(folder, "--no-import", "--no-worker"):
        pass
    return Site(folder, *made)


def deeds(site: Site, word: str) -> dict[str, Deed]:
    """One of each kind; ``word`` is typed in all of them."""
    new_report = f"/activities/new/?politician={site.politician}"
    new_pledge = f"/pledges/new/?politician={site.politician}"

    def report(deed: str, **rest: str | bytes) -> Deed:
        typed = f"{word}{deed}{len(rest)}"
        fields: dict[str, str | bytes] = {
            "deed": deed,
            "title": typed,
            "happened_on": "2026-01-19",
            "body": typed,
            **rest,
        }
        if deed == "post":
            return Deed(new_report, site.office, fields, "activities_activityreport", "title", typed)
        return Deed(new_report, site.office, fields, "activities_draft", "json_extract(fields, '$.title')", typed)

    def pledge(deed: str, table: str, column: str) -> Deed:
        typed = f"{word}{deed}"
        fields: dict[str, str | bytes] = {
            "deed": deed, "text": f"{typed}。給食費を無償にします。", "quoted": "on", "topic": "childcare",
            "source_url": "https://www.example.com/", "source_title": "選挙公報", "source_on": "2025-11-02",
        }  # fmt: skip
        return Deed(new_pledge, site.member, fields, table, f"json_extract({column}, '$.text')", typed)

    judged: dict[str, str | bytes] = {"choice": "good", "reasons": "other", "reason_text": word}
    return {
        "comment": Deed(f"/activities/{site.report}/comments/", "", {"body": word}, "comments_comment", "body", word),
        "ballot": Deed(f"/pledges/{site.pledge}/ballot/", "", judged, "evaluations_reasontext", "text", word),
        "report": report("post"),
        "draft": report("save"),
        "draft by itself": replace(report("save", itself="1"), htmx=True),
        "picture": report("picture", alt="校門", picture=noise_bytes(1600)),
        "pledge": pledge("post", "pledges_pledgeproposal", "content"),
        "pledge draft": pledge("save", "pledges_pledgedraft", "fields"),
    }


def stored(used: disk.Disk, sent: Mapping[str, Deed]) -> dict[str, bool]:
    """Of each thing that was sent, whether it is kept."""
    answers = used.ask(*(deed.rows for deed in sent.values()))
    return {name: rows != [(0,)] for name, rows in zip(sent, answers, strict=True)}


def tables(used: disk.Disk) -> dict[str, object]:
    """How many rows each table has."""
    [names] = used.ask("SELECT name FROM sqlite_master WHERE type = 'table'")
    counts = used.ask(*(f'SELECT COUNT(*) FROM "{name}"' for (name,) in names))
    return {str(name): rows[0][0] for (name,), rows in zip(names, counts, strict=True)}


def files(folder: Path) -> dict[str, int]:
    """The pictures and everything beside them, each with its size; not the database's own files."""
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(("tsushinbo.sqlite3", "filler"))
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_takes_nothing_and_loses_nothing(site: Site, tmp_path: Path, kind: str) -> None:
    if kind == "no space left" and not disk.may_mount():
        pytest.skip("this user may not mount a file system")
    folder = shutil.copytree(site.folder, tmp_path / "site")
    with KINDS[kind](folder, tmp_path / "mount") as used:
        accepted = deeds(site, "満杯の前")
        for name, deed in accepted.items():
            assert deed.send(used.server)[0] in {200, 303}, name
        counts, seen = tables(used), files(used.folder)
        used.fill()
        refused = deeds(site, "満杯の間")
        for name, deed in refused.items():
            status, page = deed.send(used.server)
            assert status == 503, name
            assert KEPT in page, name
            assert deed.htmx or deed.typed in page, name
        assert used.server.get("/")[0].status == 200
        assert (tables(used), files(used.folder)) == (counts, seen)
        used.make_room()
        for name, deed in refused.items():
            assert deed.send(used.server)[0] in {200, 303}, name
        for sent in (accepted, refused):
            assert stored(used, sent) == dict.fromkeys(sent, True)
        after = shutil.copytree(used.folder, tmp_path / "after")
    run(after, "score")
    run(after, "worker", "--once")
    assert "every picture has its files" in run(after, "doctor")


def test_a_picture_that_finds_room_for_some_of_its_sizes_is_none_at_all(site: Site, tmp_path: Path) -> None:
    folder = shutil.copytree(site.folder, tmp_path / "site")
    with disk.limited(folder, tmp_path) as used:
        assert deeds(site, "途中まで")["picture"].send(used.server)[0] == 303
        largest = max(path.stat().st_size for path in (folder / "media").rglob("*.*"))
        seen = files(folder)
        # Room for all but the last bytes of the largest: the log of the database is far shorter.
        disk.limit(used.server, largest - 10)
        sent = deeds(site, "半分だけ")["picture"]
        status, page = sent.send(used.server)
        assert (status, KEPT in page, sent.typed in page) == (503, True, True)
        assert files(folder) == seen
        assert tables(used)["activities_picture"] == 1
        used.make_room()
        assert sent.send(used.server)[0] == 303
    run(folder, "worker", "--once")
    assert "every picture has its files" in run(folder, "doctor")
