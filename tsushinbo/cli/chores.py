"""The regular chores: what must be thrown away is, even while nobody visits; the database tidies up."""

import logging
import signal
import threading
import time

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from tsushinbo.accounts.membership import forget_expired_accounts
from tsushinbo.accounts.services import forget_expired
from tsushinbo.evaluations.services import end_assessments_of_delegates

EVERY_SECONDS = 600
logger = logging.getLogger(__name__)


def once() -> int:
    """Do every chore once and return the exit status."""
    now = timezone.now()
    forgotten = forget_expired(at=now) + forget_expired_accounts(at=now)
    if forgotten:
        logger.info("chores: %s expired keys, counters, sessions and unconfirmed sign-ups thrown away", forgotten)
    if ended := end_assessments_of_delegates(at=now):
        logger.info("chores: %s assessments ended, by who speaks for the pledge's owner by now", ended)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
    return 0


def forever(stop: threading.Event | None = None, every: float = EVERY_SECONDS) -> int:
    """Do the chores every ``every`` seconds until ``stop`` is set, or SIGTERM or Ctrl-C when none is given."""
    if stop is None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    while True:
        started = time.monotonic()
        try:
            close_old_connections()
            once()
        except DatabaseError:
            # The database may be away for a while; the next round tries again.
            logger.exception("chores failed; they are tried again in %s seconds", every)
        finally:
            connection.close()
        if stop.wait(max(1.0, every - (time.monotonic() - started))):
            return 0
