"""The regular chores: what must be thrown away is, even while nobody visits; the database tidies up."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.db import close_old_connections, connection
from django.utils import timezone

from tsushinbo.accounts.membership import forget_expired_accounts
from tsushinbo.accounts.services import forget_expired
from tsushinbo.activities.services import forget_abandoned_pictures, postpone_scheduled
from tsushinbo.claims.services import forget_expired_codes
from tsushinbo.comments import services as comments
from tsushinbo.evaluations.queries import runs
from tsushinbo.evaluations.services import end_assessments_of_delegates
from tsushinbo.mail import services as mail
from tsushinbo.moderation import services as moderation
from tsushinbo.moderation.services.counts import count_record
from tsushinbo.moderation.services.takedowns import empty_ended
from tsushinbo.notices import services as notices
from tsushinbo.search import services as search
from tsushinbo.search.engine.fts import keep_statistics_large

EVERY_SECONDS = 600
# How long a notice or a mail waits at most before somebody looks; a run of the scores must not make it minutes.
POST_EVERY_SECONDS = 20
# How long a change waits at most until the search knows of it.
SEARCH_EVERY_SECONDS = 0.5
SAME_CONNECTION_SECONDS = 60
# The part of the time that looking for attacks may take.
LOOKING = 0.1
logger = logging.getLogger(__name__)
_look_again_at = 0.0


def once() -> int:
    """Do every chore once and return the exit status. One that fails keeps none of the others from being done; the first failure is raised after them."""
    now = timezone.now()
    _each(
        (
            _forget,
            _move_week,
            _end_assessments,
            _forget_pictures,
            _warn,
            _count_record,
            *POST,
            _search,
            look_and_score,
            _tidy_up,
        ),
        now,
    )
    return 0


def _each(chores: Iterable[Callable[[datetime], None]], now: datetime) -> None:
    failures: list[Exception] = []
    for chore in chores:
        try:
            chore(now)
        except Exception as failure:
            if failures:
                logger.exception("chores: another one failed")
            failures.append(failure)
    if failures:
        raise failures[0]


def _forget(now: datetime) -> None:
    forgotten = forget_expired(at=now) + forget_expired_accounts(at=now)
    forgotten += mail.forget_old(at=now) + notices.forget_old(at=now) + forget_expired_codes(at=now)
    forgotten += moderation.forget_network_bans(at=now) + comments.forget_networks(at=now)
    forgotten += moderation.forget_contacts_of_nothing()
    if forgotten:
        logger.info(
            "chores: %s expired keys, counters, sessions, unconfirmed sign-ups, old mails, notices, codes, invitations and contacts thrown away",
            forgotten,
        )


def _move_week(now: datetime) -> None:
    if old := comments.move_week(at=now):
        logger.debug("chores: %s comments turned seven days old", old)
    if filed := comments.file_by_terms(at=now):
        logger.debug("chores: the comments of %s reports filed by terms", filed)


def _warn(now: datetime) -> None:
    if late := moderation.warn_of_late(at=now):
        logger.info("chores: moderators warned of %s texts that have waited 20 hours", late)


def _count_record(now: datetime) -> None:
    counted, emptied = count_record(at=now), empty_ended(at=now)
    if emptied:
        logger.info("chores: what names the claimants of %s takedown requests deleted", emptied)
    if counted > 1:
        logger.info("chores: the record of %s days counted for the transparency report", counted)


def _tell(now: datetime) -> None:
    if told := notices.fan_out(at=now):
        logger.info("chores: %s notices put into the bells of followers", told)


def _digest(now: datetime) -> None:
    if written := notices.mail_due(at=now):
        logger.info("chores: %s mails of notices written", written)


def _deliver(_now: datetime) -> None:
    # What went before may have taken minutes, and a mail is leased from the moment that is given.
    done = mail.deliver_due(at=timezone.now())
    if done != mail.Round():
        logger.info("chores: %s mails sent, %s to be tried again, %s given up", done.sent, done.failed, done.given_up)


def _postpone(now: datetime) -> None:
    if moved := postpone_scheduled(at=now):
        logger.info("chores: %s reports of candidates come out when the polls close", moved)


# In this order: what is told is mailed in the same round.
POST: tuple[Callable[[datetime], None], ...] = (_postpone, _tell, _digest, _deliver)


def _search(_now: datetime) -> None:
    if changed := search.catch_up():
        logger.debug("chores: %s changes taken into the search", changed)


def _end_assessments(now: datetime) -> None:
    if ended := end_assessments_of_delegates(at=now):
        logger.info("chores: %s assessments ended, by who speaks for the pledge's owner by now", ended)


def _forget_pictures(_now: datetime) -> None:
    if gone := forget_abandoned_pictures():
        logger.info("chores: the files of %s pictures deleted that belong to no report or draft", gone)


def _tidy_up(_now: datetime) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
        keep_statistics_large()


def look_and_score(now: datetime) -> None:
    """Look for attacks first: what is held must not move an order. Then make a run of the scores where something changed.

    Each is left out where the last one took so long that it is too early for another.
    """
    # Imported here, beside the serving: their third of a second must not delay the start.
    from tsushinbo.evaluations.services.attacks import Looked, look_for_attacks
    from tsushinbo.rankings.services import score

    global _look_again_at
    if (started := time.monotonic()) >= _look_again_at:
        if (looked := look_for_attacks(at=now)) != Looked():
            logger.info("chores: looked for attacks: %s", looked)
        took = time.monotonic() - started
        # On a very large site it rests; a look of up to a minute comes with each round.
        _look_again_at = started + took / LOOKING if took > LOOKING * EVERY_SECONDS else 0.0
    if not runs.is_due(timezone.now()):
        return
    outcome = score(rebuild=True)
    for name, wrong in outcome.rebuilt.items():
        if wrong:
            logger.error("chores: %s tallies differed from a recount of their %s; counted anew", wrong, name)
    if outcome.mistaken:
        logger.error("chores: no run of the scores, tallies are still wrong after they were counted anew")
    elif outcome.run is not None:
        logger.debug("chores: run %s of the scores in %.1f s", outcome.run.number, outcome.run.seconds)


def forever(stop: threading.Event | None = None, every: float = EVERY_SECONDS) -> int:
    """Do the chores every ``every`` seconds until ``stop`` is set, or SIGTERM or Ctrl-C when none is given."""
    if stop is None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    post = threading.Thread(target=_again_and_again, args=(stop, _post, POST_EVERY_SECONDS), name="post", daemon=True)
    post.start()
    finder = threading.Thread(
        target=_again_and_again, args=(stop, partial(_follow, stop), SEARCH_EVERY_SECONDS), name="search", daemon=True
    )
    finder.start()
    _again_and_again(stop, once, every, sooner=_others_stand)
    post.join()
    finder.join()
    return 0


def _follow(stop: threading.Event) -> None:
    """Let the search follow what changes for a minute, over one connection to the database."""
    until = time.monotonic() + SAME_CONNECTION_SECONDS
    while time.monotonic() < until:
        search.catch_up()
        if stop.wait(SEARCH_EVERY_SECONDS):
            break


def _post() -> None:
    _each(POST, timezone.now())


def _others_stand() -> bool:
    """Whether the phase of an election began or ended for somebody since the last run of the scores: their places must not wait ten minutes."""
    try:
        return runs.others_stand(timezone.now())
    except Exception:
        logger.exception("chores: it cannot be seen who stands in an election")
        return False
    finally:
        close_old_connections()


def _wait(stop: threading.Event, seconds: float, sooner: Callable[[], bool] | None) -> bool:
    """Wait, no longer than until ``sooner`` is true, which is asked now and then; whether to stop."""
    until = time.monotonic() + seconds
    while sooner is not None and until - time.monotonic() > POST_EVERY_SECONDS:
        if stop.wait(POST_EVERY_SECONDS):
            return True
        if sooner():
            return False
    return stop.wait(max(0.0, until - time.monotonic()))


def _again_and_again(
    stop: threading.Event, do: Callable[[], object], every: float, *, sooner: Callable[[], bool] | None = None
) -> None:
    while True:
        started = time.monotonic()
        try:
            close_old_connections()
            do()
        except Exception:
            # An outermost door: the database may be away for a while, and whatever else fails must not end the chores that come after.
            logger.exception("chores failed; they are tried again in %s seconds", every)
        finally:
            connection.close()
        if _wait(stop, max(min(1.0, every), every - (time.monotonic() - started)), sooner):
            return
