"""``tsushinbo doctor``: what is wrong, and what to do about it."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tsushinbo.activities.queries import pictures_without_files
from tsushinbo.cli.output import say
from tsushinbo.comments.queries import miscounted_reports
from tsushinbo.evaluations.models import AssessmentTally, HoldCase, ScoreRun, Tally
from tsushinbo.evaluations.queries import RECOUNTED, tally_mismatches
from tsushinbo.evaluations.queries.holds import standing_mismatches, unfinished_cases
from tsushinbo.mail.queries import queue_state
from tsushinbo.people.models import FactCorrection
from tsushinbo.people.queries.proposals import disputed_corrections
from tsushinbo.rankings.queries.complete import incomplete
from tsushinbo.scoring.method import METHOD
from tsushinbo.search import state as search
from tsushinbo.surveys.services import mismatches as survey_mismatches

LOW_DISK_BYTES = 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine when ``advice`` is empty, else what to do."""

    subject: str
    state: str
    advice: str = ""


def examine(*, deploy: bool) -> int:
    """Print every finding; return 1 when something is wrong."""
    wrong = 0
    for finding in _findings(deploy):
        wrong += bool(finding.advice)
        say(f"{'WRONG' if finding.advice else 'ok   '} {finding.subject}: {finding.state}")
        if finding.advice:
            say(f"      → {finding.advice}")
    say("Everything is in order." if not wrong else f"{wrong} to mend.")
    return 1 if wrong else 0


def _findings(deploy: bool) -> Iterator[Finding]:
    yield _data_dir()
    yield _secret_key()
    yield _disk()
    database = _database()
    yield database
    if not database.advice:
        if connection.vendor == "sqlite":
            yield _sqlite_durability()
        migrations = _migrations()
        yield migrations
        if not migrations.advice:
            yield _tallies()
            yield _standings()
            yield _comments()
            yield _surveys()
            yield _search()
            yield _pictures()
            yield _corrections()
            yield _mail()
            yield from _run()
    yield from _checks(deploy)


def _data_dir() -> Finding:
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(
            "data folder", str(folder), "it is not writable for this user; change its owner or set TSUSHINBO_DATA_DIR"
        )
    return Finding("data folder", f"{folder} is writable")


def _secret_key() -> Finding:
    path = Path(settings.DATA_DIR) / "secret_key"
    if os.environ.get("TSUSHINBO_SECRET_KEY"):
        return Finding("secret key", "given by TSUSHINBO_SECRET_KEY")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Finding("secret key", f"{path} has mode {mode:04o}", f"others may read it; chmod 600 {path}")
    return Finding("secret key", f"kept in {path}, mode {mode:04o}")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    state = f"{free / 1024**3:.1f} GiB free"
    return Finding("disk", state, "a full disk refuses ballots; make room" if free < LOW_DISK_BYTES else "")


def _database() -> Finding:
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError) as fault:
        return Finding("database", connection.vendor, database_advice(fault))
    name = str(settings.DATABASES["default"]["NAME"])
    version = (
        sqlite3.sqlite_version
        if connection.vendor == "sqlite"
        else str(connection.cursor().connection.info.server_version)
    )
    return Finding("database", f"{connection.vendor} {version}, {name}")


def database_advice(fault: Exception) -> str:
    """Say in one line what a database error means for the operator."""
    reason = " ".join(str(fault).split()) or type(fault).__name__
    if connection.vendor == "sqlite":
        return f"the database cannot be used ({reason}); check that {settings.DATABASES['default']['NAME']} is a database this user may write to"
    return f"the database cannot be used ({reason}); check that it runs and that DATABASE_URL names it, its user and its password"


def _sqlite_durability() -> Finding:
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    state = f"journal {journal}, synchronous {synchronous}"
    if journal != "wal" or synchronous != 2:
        return Finding(
            "durability",
            state,
            "it must be wal and 2 (FULL), or a power cut may lose ballots; keep the database on a local disk",
        )
    return Finding("durability", state)


def waiting_migrations(database: BaseDatabaseWrapper) -> list[str]:
    """The migrations that are not applied yet."""
    executor = MigrationExecutor(database)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _migrations() -> Finding:
    waiting = waiting_migrations(connection)
    if waiting:
        return Finding(
            "migrations",
            f"{len(waiting)} not applied",
            "run `tsushinbo manage migrate` (`tsushinbo serve` does it too)",
        )
    return Finding("migrations", "all applied")


def _tallies() -> Finding:
    wrong = [of.name for of in RECOUNTED if tally_mismatches(of)]
    if wrong:
        state = f"some differ from a recount of their {' and '.join(wrong)}"
        return Finding("tallies", state, "run `tsushinbo score --rebuild`")
    return Finding("tallies", f"equal to a recount of the {', '.join(of.name for of in RECOUNTED)}")


def _standings() -> Finding:
    """That each ballot counts, is held or excluded as its case says."""
    wrong = sum(len(voters) for _, voters in standing_mismatches())
    late = unfinished_cases().count()
    if wrong or late:
        state = f"{wrong} ballots do not stand as their cases say, {late} decisions are not carried out"
        return Finding("held ballots", state, "run `tsushinbo worker --once`; the regular chores do it by themselves")
    held = HoldCase.objects.filter(state=HoldCase.State.OPEN).count()
    return Finding("held ballots", f"all stand as their cases say; {held} cases wait for a moderator")


def _comments() -> Finding:
    """That the database counts comments as it should."""
    if wrong := miscounted_reports():
        return Finding(
            "comments", f"the counts of {wrong} reports differ from a recount", "run `tsushinbo score --rebuild`"
        )
    return Finding("comments", "counts equal to a recount")


def _surveys() -> Finding:
    """That answers to surveys are counted as they are."""
    if wrong := survey_mismatches():
        return Finding("surveys", f"{wrong} counts differ from a recount", "run `tsushinbo score --rebuild`")
    return Finding("surveys", "counts equal to a recount")


def _search() -> Finding:
    """That the search knows everything, and nothing else."""
    now = timezone.now()
    changes = search.waiting(now)
    if changes.is_late(now):
        state = f"{changes.changes:,} changes wait to be looked at, the oldest since {changes.since:%Y-%m-%d %H:%M} UTC"
        return Finding(
            "search", state, "no worker does it; run `tsushinbo worker`, or `tsushinbo serve` without --no-worker"
        )
    if not changes.changes and (wrong := search.faults()):
        return Finding("search", "; ".join(wrong), "run `tsushinbo search --rebuild`; the site may go on serving")
    return Finding(
        "search", f"{sum(search.counts().values()):,} documents; {changes.changes:,} changes wait to be looked at"
    )


def _pictures() -> Finding:
    missing = pictures_without_files()
    if missing:
        advice = f"bring {settings.PICTURES_DIR} back from the backup that the database came from"
        return Finding("pictures", f"{missing} pictures of activity reports have no files", advice)
    return Finding("pictures", "every picture has its files")


def _corrections() -> Finding:
    """That the sources of corrected facts still say what was corrected, or what it was corrected to."""
    total, moved = FactCorrection.objects.count(), disputed_corrections().count()
    if moved:
        state = f"the sources of {moved} of {total} say a third thing by now"
        advice = (
            "the corrections hold; look at them under 事実の訂正 in the admin, and correct again or settle them there"
        )
        return Finding("corrections", state, advice)
    return Finding("corrections", f"{total} hold, and no source says a third thing")


def _mail() -> Finding:
    """That mail leaves: nothing is due for so long that no worker can be running, and the server takes it."""
    now = timezone.now()
    queue = queue_state(now)
    state = f"{queue.waiting} mails wait, {queue.faulty} of them after a fault; {queue.given_up} were given up lately"
    if queue.is_late(now):
        return Finding(
            "mail", state, "no worker sends it; run `tsushinbo worker`, or `tsushinbo serve` without --no-worker"
        )
    if queue.faulty:
        return Finding(
            "mail",
            state,
            f"the last fault was {queue.last_fault}; check TSUSHINBO_EMAIL_URL and the server, it is tried again by itself",
        )
    return Finding("mail", state)


def _run() -> Iterator[Finding]:
    """The current run of the scores: that there is one, by this method, not old, with all its rows."""
    subject, advice = "run of the scores", "run `tsushinbo score`"
    run = ScoreRun.objects.filter(current=True).first()
    if run is None:
        judged = Tally.objects.exists() or AssessmentTally.objects.exists()
        by_itself = f"{advice} (`tsushinbo serve` and `worker` make one by themselves)"
        yield Finding(subject, "there is none yet", by_itself if judged else "")
        return
    age = timezone.now() - run.as_of
    state = f"run {run.number} of {run.as_of:%Y-%m-%d %H:%M} UTC ({age.total_seconds() / 3600:.1f} hours ago), method {run.method_version}"
    if run.method_version != METHOD.version:
        yield Finding(subject, state, f"the method is {METHOD.version} by now and no score is shown; {advice}")
    else:
        yield Finding(subject, state)
    wrong = incomplete(run)
    if wrong:
        names = ", ".join(str(one) for one in wrong[:3])
        yield Finding(
            "rankings", f"{len(wrong)} have not the rows they should have: {names}", "run `tsushinbo score --force`"
        )
    else:
        yield Finding("rankings", f"all {run.rankings.count()} have their rows")


def _checks(deploy: bool) -> Iterator[Finding]:
    found: Callable[..., list[checks.CheckMessage]] = checks.run_checks
    messages = [message for message in found(include_deployment_checks=deploy) if not message.is_silenced()]
    subject = "settings for a public site" if deploy else "settings"
    if deploy and not settings.HTTPS:
        yield Finding(subject, "TSUSHINBO_HTTPS is not set", "set TSUSHINBO_HTTPS=1 where visitors come by https")
    if deploy and set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}:
        yield Finding(
            subject, "TSUSHINBO_ALLOWED_HOSTS is not set", "set it to the names that visitors type, separated by commas"
        )
    if deploy and not settings.CONTACT:
        yield Finding(
            subject, "TSUSHINBO_CONTACT is not set", "set it to the address at which visitors reach the operator"
        )
    if deploy and not (settings.OPERATOR and settings.OPERATOR_ADDRESS):
        yield Finding(
            subject,
            "TSUSHINBO_OPERATOR or TSUSHINBO_OPERATOR_ADDRESS is not set",
            "set them to the name and the postal address of who runs the site; /terms/ and /privacy/ say them",
        )
    if deploy and not settings.MAIL_SERVER:
        yield Finding(
            subject,
            "TSUSHINBO_EMAIL_URL is not set",
            "mail, with the links that confirm addresses and reset passwords, goes to the log; set it to your mail server",
        )
    for message in messages:
        yield Finding(
            subject, f"{message.msg} ({message.id})", message.hint or "see Django's documentation of this check"
        )
    if not messages:
        yield Finding(subject, "nothing to object")
