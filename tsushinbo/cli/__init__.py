"""The console command ``tsushinbo``. Each command is a thin door; a wrong setting is one clear line, never a traceback."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tsushinbo import __version__
from tsushinbo.config.env import SettingError

UNUSABLE = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command named by ``arguments`` (those of the process when None) and exit with its status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsushinbo.config.settings")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        # Everything after ``manage`` belongs to Django, its --help too.
        status = _manage(given[1:]) if given[:1] == ["manage"] else _run(_parser().parse_args(given))
    except SettingError as fault:
        print(f"tsushinbo: {fault}", file=sys.stderr)
        status = UNUSABLE
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        # ``tsushinbo … | head``: nobody reads on. Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 141
    sys.exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tsushinbo",
        description="先生の通信簿: citizens collect the pledges of politicians and judge them together.",
        epilog="The settings are environment variables, listed in docs/operations.md. `tsushinbo COMMAND --help` tells more.",
    )
    parser.add_argument("--version", action="version", version=f"tsushinbo {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    serve = commands.add_parser("serve", help="prepare the database and serve the site", description=_SERVE)
    serve.add_argument("--no-import", action="store_true", help="do not load the bundled open data on the first run")
    serve.add_argument(
        "--no-worker", action="store_true", help="leave the regular chores to a `tsushinbo worker` of its own"
    )

    load = commands.add_parser("import", help="load tables of open data", description=_IMPORT)
    load.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="a table, or a folder of tables; none: the bundled open data",
    )
    load.add_argument(
        "--report", type=Path, metavar="FILE.csv", help="write every refused row with its line, column and reason"
    )
    load.add_argument("--dry-run", action="store_true", help="read and check everything, store nothing")

    count = commands.add_parser("count", help="import candidates and counts of an election office", description=_COUNT)
    count.add_argument("file", type=Path, metavar="FILE", help="a CSV in UTF-8 or Shift_JIS (docs/count-csv.md)")
    count.add_argument("--reason", default="", help="why a final result is changed; it is shown publicly")
    count.add_argument("--ignore-unknown", action="store_true", help="leave out columns that nobody knows")
    count.add_argument("--report", type=Path, metavar="REPORT.csv", help="write every refused row to this file")
    count.add_argument("--dry-run", action="store_true", help="read and check everything, store nothing")

    score = commands.add_parser("score", help="prove the tallies and make a run of the scores", description=_SCORE)
    work = score.add_mutually_exclusive_group()
    work.add_argument("--rebuild", action="store_true", help="count every tally that differs anew")
    work.add_argument("--force", action="store_true", help="make a run even where nothing has changed since the last")
    work.add_argument(
        "--explain",
        metavar="OWNER",
        help="print the whole computation of politician:ID or party:ID instead; ID as in the page's address",
    )

    mode = commands.add_parser("election-mode", help="say what is held back because of elections", description=_MODE)
    mode.add_argument(
        "--at", metavar="WHEN", help="another moment, such as 2026-12-13 or 2026-12-13T19:59 (Asia/Tokyo)"
    )
    mode.add_argument("--election", metavar="ID", help="one election alone; ID as in the page's address")

    search = commands.add_parser("search", help="say how the index of the search stands", description=_SEARCH)
    search.add_argument("--rebuild", action="store_true", help="make documents and index anew, while the site serves")

    worker = commands.add_parser("worker", help="do the regular chores", description=_WORKER)
    worker.add_argument("--once", action="store_true", help="do them once and stop")

    admin = commands.add_parser("createadmin", help="make an account that may enter /admin/", description=_CREATEADMIN)
    admin.add_argument("name", help="the name to log in with")
    admin.add_argument("--email", default="", help="an address for mail to this person")

    doctor = commands.add_parser("doctor", help="check settings, database, folders and counts", description=_DOCTOR)
    doctor.add_argument("--deploy", action="store_true", help="check also what a public site must have")

    commands.add_parser(
        "manage",
        help="Django's own commands",
        description="Django's own commands: tsushinbo manage COMMAND …",
        add_help=False,
    )
    return parser


_SERVE = """Migrate, load the bundled open data on the first run, gather the static files, and serve on http://HOST:PORT (127.0.0.1:8000 when
not set). The last line printed says the address. Stop it with Ctrl-C or SIGTERM: running requests are answered first."""
_IMPORT = """Load tables (CSV, or CSV.GZ) in the formats of docs/data-sources.md. A second run changes nothing; a stopped one goes on. Rows that
are not understood are refused with line, column and reason, and never stop the rest. Exit status 1: a file could not be used at all."""
_COUNT = """Import what an election office publishes: elections, candidates in official order, and results, again and again through the night of the count.
Rows that are not understood are refused with line, column and reason; results of a contest are taken whole or not at all. Exit status 1: the file
could not be used at all."""
_SCORE = """Count the ballots and assessments of every pledge and the reactions to every report, compare with the tallies that were kept with each, and make a run: 得点, 偏差値, rankings
and 立場をこえた支持 of everybody. The same input gives the same digests, and no new run. Exit status 1: some tallies differ (and no run was made), or
another process is at it."""
_SEARCH = """Say how many documents the search has, and how many changes wait to be looked at. --rebuild makes all documents and the index anew; the site
may go on serving and being written to meanwhile, and a rebuild that was cut off is begun anew by the next."""
_MODE = """Say which elections hold something back now, or at another moment: the phase and when each begins, how many people stand, and what is
held back of them by which law (docs/decisions/0025-election-mode.md). Exit status 1: the moment or the election is not understood."""
_WORKER = """Do the chores that keep the site in order: bring the search up to date with what changed, throw away the network keys of past days and old counters of the rate limit, make a run of
the scores where something changed, and let the database tidy up. `tsushinbo serve` does the same beside serving unless told not to."""
_CREATEADMIN = (
    """Make an account that may enter /admin/. The password is asked for, or read from TSUSHINBO_ADMIN_PASSWORD."""
)
_DOCTOR = """Check settings, database, migrations, writable folders and tallies, and say what to do about each fault. Exit status 1: something is wrong."""


def _set_up() -> None:
    """Start Django. What only shows then that a setting is wrong, such as a file of rules, is one clear line as well."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as fault:
        raise SettingError(str(fault)) from None


def _run(options: argparse.Namespace) -> int:
    _set_up()
    from tsushinbo.cli import commands

    return commands.run(options)


def _manage(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    _set_up()
    execute_from_command_line(["tsushinbo manage", *arguments])
    return 0
