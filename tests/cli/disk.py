"""A disk that takes nothing more, under a running server; and room on it again."""

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cli.server import Server, serving

SMALL = "48m"
# A file system of its own, seen by the server alone: $0 is where, $1 what is copied there first, the rest is the server.
IN_SMALL = f'mount -t tmpfs -o size={SMALL} none "$0" && cp -a "$1"/. "$0" && shift && exec "$@"'
NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")


@dataclass(frozen=True)
class Disk:
    """A running site. ``folder``: its data, as this process reaches it; ``fill`` lets no file grow beyond so many bytes, ``make_room`` any."""

    server: Server
    folder: Path
    fill: Callable[[], None]
    make_room: Callable[[], None]

    def ask(self, *queries: str) -> list[list[tuple[object, ...]]]:
        """What the database says now. It is copied first: SQLite would look for ``folder`` by its own name, where the file system of the server is not seen."""
        with tempfile.TemporaryDirectory() as beside:
            for file in self.folder.glob("tsushinbo.sqlite3*"):
                shutil.copy(file, beside)
            with closing(sqlite3.connect(Path(beside) / "tsushinbo.sqlite3")) as database:
                return [database.execute(query).fetchall() for query in queries]


type Kind = Callable[[Path, Path], AbstractContextManager[Disk]]


def limit(server: Server, size: int) -> None:
    """Let no process of the server write a file beyond ``size`` bytes; what would is told EFBIG, for Python ignores the signal."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and _group(int(folder.name)) == server.process.pid:
            resource.prlimit(int(folder.name), resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


@contextmanager
def limited(site: Path, _mount: Path) -> Iterator[Disk]:
    """No file can be written: a limit of the kernel on the server's processes, which needs no rights."""
    with serving(site, "--no-import", "--no-worker") as server:
        yield Disk(server, site, lambda: limit(server, 0), lambda: limit(server, resource.RLIM_INFINITY))


@contextmanager
def full(site: Path, mount: Path) -> Iterator[Disk]:
    """A file system of some megabytes without a free one (ENOSPC)."""
    mount.mkdir()
    with serving(mount, "--no-import", "--no-worker", within=(*NAMESPACE, IN_SMALL, str(mount), str(site))) as server:
        folder = Path(f"/proc/{server.process.pid}/root{mount}")
        filler = folder / "filler"
        yield Disk(server, folder, lambda: _fill(filler), filler.unlink)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for size in (1024**2, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as fault:
                assert fault.errno == errno.ENOSPC  # noqa: PT017 - the way out of the loop


def may_mount() -> bool:
    """Whether this user may have a file system of its own, as some machines forbid."""
    try:
        return (
            subprocess.run([*NAMESPACE, "mount -t tmpfs none /mnt"], capture_output=True, check=False).returncode == 0
        )
    except FileNotFoundError:
        return False
