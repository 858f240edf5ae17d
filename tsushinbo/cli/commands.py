"""What each command does, once Django is set up."""

import argparse
import getpass
import os
import sys

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, InterfaceError, connection

from tsushinbo.accounts.membership import create_administrator
from tsushinbo.cli import chores, doctor, mode, searching, serve
from tsushinbo.cli.output import fail, say
from tsushinbo.search.services import catch_up


def run(options: argparse.Namespace) -> int:
    """Run the command of ``options`` and return its exit status."""
    try:
        match options.command:
            case "serve":
                return serve.serve(load_bundle=not options.no_import, with_chores=not options.no_worker)
            case "import":
                return _import(options)
            case "count":
                return _count(options)
            case "score":
                return _score(options)
            case "election-mode":
                return _election_mode(options)
            case "search":
                return _search(options)
            case "worker":
                return chores.once() if options.once else chores.forever()
            case "createadmin":
                return _create_admin(options.name, options.email)
            case _:
                return doctor.examine(deploy=options.deploy)
    except (DatabaseError, InterfaceError) as fault:
        return fail(doctor.database_advice(fault))
    except CommandError as fault:
        return fail(str(fault), status=fault.returncode)


def _import(options: argparse.Namespace) -> int:
    _must_be_migrated()
    call_command("import_data", *options.paths, report=options.report, dry_run=options.dry_run)
    if not options.dry_run:
        say("Bringing the search up to date …")
        catch_up()
    return 0


def _count(options: argparse.Namespace) -> int:
    _must_be_migrated()
    call_command(
        "count",
        options.file,
        reason=options.reason,
        ignore_unknown=options.ignore_unknown,
        dry_run=options.dry_run,
        report=options.report,
    )
    if not options.dry_run:
        catch_up()
    return 0


def _score(options: argparse.Namespace) -> int:
    # Imported here: the arithmetic takes a third of a second to load, and no other command needs it.
    from tsushinbo.cli import scoring

    _must_be_migrated()
    if options.explain is not None:
        return scoring.explain(options.explain)
    return scoring.make_run(rebuild=options.rebuild, force=options.force)


def _search(options: argparse.Namespace) -> int:
    _must_be_migrated()
    return searching.rebuild() if options.rebuild else searching.show()


def _election_mode(options: argparse.Namespace) -> int:
    _must_be_migrated()
    return mode.show(at=options.at, election=options.election)


def _create_admin(name: str, email: str) -> int:
    _must_be_migrated()
    users = get_user_model()
    if users.objects.filter(username=name).exists():
        return fail(
            f"an account named {name!r} exists already; choose another name, or `tsushinbo manage changepassword {name}`"
        )
    password = os.environ.get("TSUSHINBO_ADMIN_PASSWORD") or _ask_password()
    try:
        create_administrator(name=name, email=email, password=password)
    except ValidationError as fault:
        return fail(" ".join(fault.messages))
    say(f"Made the account {name!r}. Log in at /accounts/login/ and set up a second factor; then it may enter /admin/.")
    return 0


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise CommandError("no terminal to ask for a password on; set TSUSHINBO_ADMIN_PASSWORD")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Once more: "):
        raise CommandError("the two passwords differ; nothing was made")
    return first


def _must_be_migrated() -> None:
    if waiting := doctor.waiting_migrations(connection):
        raise CommandError(
            f"{len(waiting)} migrations are not applied; run `tsushinbo manage migrate` (`tsushinbo serve` does it too)"
        )
