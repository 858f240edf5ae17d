"""``tsushinbo serve``: from an empty folder to a running site."""

import errno
import hashlib
import json
import logging
import multiprocessing
import os
import socket
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from tsushinbo.cli import chores, doctor
from tsushinbo.cli.output import fail, say
from tsushinbo.importers.run import bundle_is_loaded
from tsushinbo.search.services import catch_up

READY_WITHIN_SECONDS = 60
logger = logging.getLogger(__name__)


def serve(*, load_bundle: bool, with_chores: bool) -> int:
    """Prepare everything and serve until stopped; return the exit status."""
    if fault := port_fault(settings.HOST, settings.PORT):
        return fail(fault)
    if doctor.waiting_migrations(connection):
        call_command("migrate", interactive=False, verbosity=0)
    gather_static_files()
    if load_bundle and not bundle_is_loaded():
        say("Loading the bundled open data (first run) …")
        call_command("import_data")
        say("Bringing the search up to date …")
        catch_up()
    stop = threading.Event()
    if with_chores:
        threading.Thread(target=chores.forever, args=(stop,), name="chores", daemon=True).start()
    # Workers start afresh instead of as copies of this process: SQLite keeps in memory which locks a process holds, and a copy made while
    # the chores hold the write lock would wait for it for ever.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "tsushinbo.config.wsgi:application",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WORKERS,
        blocking_threads=settings.THREADS,
        # One that died is started again; the others answer meanwhile.
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        log_level=LogLevels.warning,
    )
    threading.Thread(target=announce, args=(settings.HOST, settings.PORT, stop), name="announce", daemon=True).start()
    try:
        server.serve()
    finally:
        stop.set()
    return 0


def port_fault(host: str, port: int) -> str | None:
    """Say in a line why nothing can listen on ``host`` and ``port``; None when it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except socket.gaierror:
        return f"HOST={host!r} is not an address of this machine; give one such as 127.0.0.1 or 0.0.0.0"
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            return f"PORT={port} is in use on {host}; stop what uses it or give another, e.g. PORT={port + 1 if port < 65535 else port - 1}"
        if fault.errno == errno.EACCES:
            return f"PORT={port} is not open to this user; give one from 1024 up"
        return f"HOST={host!r} PORT={port} cannot be listened on ({fault.strerror})"
    return None


def announce(host: str, port: int, stop: threading.Event) -> None:
    """Print the address once the site answers: the last line of the start."""
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and not stop.wait(0.05):
        try:
            connection = HTTPConnection(asked, port, timeout=5)
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                shown = f"[{host}]" if ":" in host else host
                say(f"先生の通信簿 is ready: http://{shown}:{port}/")
                return
        except (OSError, HTTPException):
            continue
    if not stop.is_set():
        logger.error("the site did not answer within %s seconds", READY_WITHIN_SECONDS)


def gather_static_files() -> None:
    """Copy the static files under hashed, compressed names to STATIC_ROOT; nothing is done when they are there already."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".gathered"
    digest = _static_digest()
    if stamp.is_file() and stamp.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    # Written last and in one step: a start cut off before this does it all again.
    draft = root / f".gathered.{os.getpid()}"
    draft.write_text(digest)
    draft.replace(stamp)


def _static_digest() -> str:
    files = sorted(
        (path, (status := Path(storage.path(path)).stat()).st_size, status.st_mtime_ns)
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    return hashlib.sha256(json.dumps([settings.VERSION, files]).encode()).hexdigest()
