"""A real server over the bundled data, for benches: the site's own settings with one more address, ``/hello``."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from socket import socket

READY_WITHIN_SECONDS = 60


@contextmanager
def data_folder(*, bundle: bool = True) -> Iterator[Path]:
    """A folder with a migrated database that holds the bundled data (or none), removed afterwards.

    It lies beside the checkout's own data: a folder in memory would flatter everything that waits for the disk.
    """
    checkout = Path(__file__).parents[1]
    (checkout / "var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=checkout / "var"))
    try:
        for command in (
            ["manage", "migrate", "--verbosity=0"],
            *([["import"]] if bundle else []),
            ["manage", "collectstatic", "--noinput", "--verbosity=0"],
        ):
            run = [sys.executable, "-m", "tsushinbo", *command]
            subprocess.run(run, env=environment(folder), check=True, stdout=subprocess.DEVNULL)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    """The variables of a site that lives in ``folder`` on SQLite, with nothing else set."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TSUSHINBO_") and name != "DATABASE_URL"
    }
    return {**kept, "TSUSHINBO_DATA_DIR": str(folder)}


@contextmanager
def server(folder: Path, **variables: str) -> Iterator[HTTPConnection]:
    """The production server with one worker over the data of ``folder``; gives a connection that stays open."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--log-level", "error", "bench.wsgi:application"]
    process = subprocess.Popen(command, env={**environment(folder), **variables})
    try:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < deadline:
            with suppress(OSError):
                connection.request("GET", "/hello")
                connection.getresponse().read()
                break
            connection.close()
            time.sleep(0.05)
        else:
            raise RuntimeError("the server did not start")
        yield connection
        connection.close()
    finally:
        process.terminate()
        process.wait(30)
