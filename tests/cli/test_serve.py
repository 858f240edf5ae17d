"""``tsushinbo serve`` as a newcomer runs it: a process of its own in an empty folder."""

import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.server import free_port, serving
from tsushinbo.cli.serve import port_fault

pytestmark = [pytest.mark.server, pytest.mark.any_database]


def counts(data_dir: Path) -> dict[str, int]:
    with closing(sqlite3.connect(data_dir / "tsushinbo.sqlite3")) as database:
        tables = ("people_politician", "people_term", "pledges_pledge", "pledges_pledgerevision", "elections_candidacy")
        return {table: database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables}


def test_the_first_start_brings_the_open_data_and_the_second_nothing_twice(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert server.lines[-1].endswith(f"http://127.0.0.1:{server.port}/")
        response, body = server.get("/")
        assert response.status == 200
        assert "先生の通信簿" in body.decode()
        assert response.getheader("Set-Cookie") is None
        stylesheet = body.decode().split('rel="stylesheet" href="')[1].split('"')[0]
        style, _ = server.get(stylesheet)
        assert style.status == 200
        assert "immutable" in (style.getheader("Cache-Control") or "")
        first = counts(tmp_path)
        assert first["people_politician"] > 1000
        assert first["pledges_pledge"] > 96
    assert server.process.returncode == 0
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    with serving(tmp_path) as again:
        assert len(again.lines) == 1, "the second start does nothing but serve"
        assert counts(tmp_path) == first


def test_a_busy_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        fault = port_fault("127.0.0.1", taken.getsockname()[1])
        assert fault is not None
        assert "in use" in fault
    assert port_fault("127.0.0.1", free_port()) is None
    assert "HOST" in (port_fault("no.such.host.invalid", 8000) or "")


def test_a_public_site_passes_the_doctor(tmp_path: Path) -> None:
    import os

    environment = {
        **os.environ,
        "TSUSHINBO_DATA_DIR": str(tmp_path),
        "TSUSHINBO_HTTPS": "1",
        "TSUSHINBO_ALLOWED_HOSTS": "tsushinbo.example.jp",
        "TSUSHINBO_CONTACT": "unei@example.jp",
        "TSUSHINBO_OPERATOR": "見本の会",
        "TSUSHINBO_OPERATOR_ADDRESS": "見本県見本市1-1",
        "TSUSHINBO_EMAIL_URL": "smtp+tls://us:pw@mail.example.jp",
        "TSUSHINBO_EMAIL_FROM": "noreply@example.jp",
    }
    environment.pop("DATABASE_URL", None)
    # Set as long as a browser of the journeys runs beside.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    tsushinbo = [sys.executable, "-m", "tsushinbo"]
    subprocess.run([*tsushinbo, "manage", "migrate", "--verbosity=0"], env=environment, check=True, timeout=120)
    run = subprocess.run(
        [*tsushinbo, "doctor", "--deploy"], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "WRONG" not in run.stdout
