"""An election night at 200,000 candidates (bench.night): pages of results a second, as wrk counts them.

Uncached, from the site's own server with one worker, as a share of what the same server gives of a hello view; and through nginx with the settings of
docs/nginx.conf, as a share of what the same nginx gives of a static file with the same bytes. Everything is on this machine and the loopback, each row
takes a few seconds and ends by itself. Load and server share the processors: shares are the figure, not pages a second.
"""

import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from socket import socket

from bench.night import TONIGHT, UNIFIED, Night, folder
from bench.site import server
from tsushinbo import addresses

CONNECTIONS, SECONDS, ROUNDS = 8, 2, 3
CHECKOUT = Path(__file__).parents[1]
GZIP = {"Accept-Encoding": "gzip"}
NGINX_READY_WITHIN_SECONDS = 10


def pages_of(place: Path) -> dict[str, str]:
    """The pages to ask for."""
    with closing(sqlite3.connect(f"file:{place / 'tsushinbo.sqlite3'}?mode=ro", uri=True)) as database:

        def one(query: str, *values: object) -> int:
            number: int = database.execute(query, values).fetchone()[0]
            return number

        tonight, unified = (one("SELECT id FROM elections_election WHERE key = ?", key) for key in (TONIGHT, UNIFIED))
        contest = "SELECT MIN(id) FROM elections_contest WHERE election_id = ? AND tier = ?"
        district, block, local = (
            one(contest, *pair) for pair in ((tonight, "single_seat"), (tonight, "proportional"), (unified, "at_large"))
        )
        place_of = one("SELECT constituency_id FROM elections_contest WHERE id = ?", district)

    def election(number: int, *below: int) -> str:
        return f"/elections/{'/'.join(addresses.encode(one) for one in (number, *below))}/"

    return {
        "the election": election(tonight),
        "its districts in one prefecture": f"{election(tonight)}?part=130009",
        "a district": election(tonight, district),
        "a block with 100 candidates": election(tonight, block),
        "a district through time": f"/constituencies/{addresses.encode(place_of)}/",
        "30,000 contests": election(unified),
        "100 of them": f"{election(unified)}?part=130009&page=2",
        "one of them": election(unified, local),
        "past elections": "/elections/?when=past",
    }


def a_second(port: int, path: str, seconds: int = SECONDS) -> float:
    """Pages a second of one address as wrk counts them. RuntimeError where any answer is not what was asked for."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-H", "Accept-Encoding: gzip"]
    command.append(f"http://127.0.0.1:{port}{path}")
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 30).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{path}: {said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None
    return float(found[1])


def shares(rows: dict[str, tuple[tuple[int, str], tuple[int, str]]], of: str) -> None:
    """Print a row for each page: pages a second, those of what it is compared with, and the share; both in turns, the median of each."""
    wide = max(map(len, rows))
    print(f"{'page':<{wide}} {'a second':>10} {of + ' a second':>22} {'share':>8}")
    for name, (page, compared) in rows.items():
        pairs = [(a_second(*page), a_second(*compared)) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        share = statistics.median(mine / other for mine, other in pairs)
        print(f"{name:<{wide}} {ours:>10,.0f} {theirs:>22,.0f} {share:>8.1%}", flush=True)


@contextmanager
def nginx(site_port: int, static: dict[str, bytes]) -> Iterator[int]:
    """nginx as docs/nginx.conf says, in front of the site, with its files in a folder of its own and ``static`` under /static-file/; gives its port."""
    with tempfile.TemporaryDirectory(prefix="bench-nginx-") as name:
        place = Path(name)
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        for number, body in enumerate(static.values()):
            target = place / "files" / "static-file" / f"{number}.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        text = (CHECKOUT / "docs" / "nginx.conf").read_text()
        for said, meant in (
            ("127.0.0.1:8000", f"127.0.0.1:{site_port}"),
            ("127.0.0.1:8080", f"127.0.0.1:{port}"),
            ("/var/cache/nginx", name),
            ("/run/tsushinbo-nginx.pid", f"{name}/pid"),
            ("worker_processes auto", "worker_processes 1"),
            ("        location / {", f"        location /static-file/ {{ root {name}/files; }}\n        location / {{"),
        ):
            if said not in text:
                raise RuntimeError(f"docs/nginx.conf no longer has {said}")
            text = text.replace(said, meant)
        (place / "nginx.conf").write_text(f"daemon off;\nerror_log {name}/error.log;\n{text}")
        # As root nginx would give up its rights, and its folder could not be read.
        place.chmod(0o755)
        command = ["nginx", "-p", name, "-c", f"{name}/nginx.conf", "-e", f"{name}/error.log"]
        process = subprocess.Popen(command)
        try:
            deadline = time.monotonic() + NGINX_READY_WITHIN_SECONDS
            while time.monotonic() < deadline:
                connection = HTTPConnection("127.0.0.1", port, timeout=5)
                with suppress(OSError):
                    connection.request("GET", "/hello")
                    connection.getresponse().read()
                    break
                time.sleep(0.05)
            else:
                raise RuntimeError("nginx did not start: " + (place / "error.log").read_text())
            yield port
        finally:
            process.terminate()
            process.wait(10)


def page_of(port: int, path: str) -> bytes:
    """The bytes of a page as a browser gets them."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=GZIP)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return body


def main() -> int:
    """Print two tables."""
    if missing := [tool for tool in ("nginx", "wrk") if shutil.which(tool) is None]:
        print(f"{' and '.join(missing)} missing: scripts/system.sh load", file=sys.stderr)
        return 1
    size = Night()
    place = folder(size)
    pages = pages_of(place)
    print(f"{size.candidates:,} candidates, SQLite; {CONNECTIONS} connections, gzip, {ROUNDS} times {SECONDS} s each")
    with server(place) as connection:
        port = connection.port
        bodies = {name: page_of(port, path) for name, path in pages.items()}
        for path in ("/hello", *pages.values()):
            a_second(port, path, 1)
        print("\nuncached, one worker")
        shares({name: ((port, path), (port, "/hello")) for name, path in pages.items()}, "hello")
        print("\nthrough nginx, one worker")
        with nginx(port, bodies) as front:
            for path in pages.values():
                page_of(front, path)
            rows = {
                f"{name} ({len(bodies[name]) / 1024:,.0f} kB)": ((front, path), (front, f"/static-file/{number}.html"))
                for number, (name, path) in enumerate(pages.items())
            }
            shares(rows, "file")
    return 0


if __name__ == "__main__":
    sys.exit(main())
