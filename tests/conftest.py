"""What every test may use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection


def pytest_configure() -> None:
    """Serve static files by their plain names (``tsushinbo serve`` makes the hashed ones and is tested with them), and keep SQLite in a file.

    In memory SQLite has no WAL and one connection for all threads: what is proved there says nothing about the real thing.
    """
    # Hashing that takes its time is Django's business; here it would only take ours.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(settings.DATA_DIR) / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_the_record() -> Iterator[None]:
    """After a test in real transactions the whole database is emptied; what only grows is unguarded for that one moment, and by tests alone.

    It takes the right to take triggers away, which the owner of a table has: the tests made theirs.
    """
    from tsushinbo.comments.models import Comment
    from tsushinbo.elections.models import CountEntry
    from tsushinbo.moderation.append_only import guard, lift
    from tsushinbo.moderation.models import LogEntry
    from tsushinbo.surveys.models import SurveyRevision

    tables = tuple(model._meta.db_table for model in (LogEntry, CountEntry, SurveyRevision))
    comments = f'"{Comment._meta.db_table}"'
    # Of the class: beside a browser's event loop Django has another connection.
    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def unguarded(self: Any, statements: list[str]) -> None:
        vendor = self.connection.vendor
        # Django empties tables in no order; the triggers that count a comment out again need the week they counted it by.
        statements = sorted(statements, key=lambda one: comments not in one)
        for table in tables:
            if any(f'"{table}"' in statement for statement in statements):
                statements = [*lift(vendor, table), *statements, *guard(vendor, table)]
        empty(self, statements)

    operations.execute_sql_flush = unguarded
    yield
    operations.execute_sql_flush = empty


@pytest.fixture(autouse=True)
def _nothing_kept_between_tests() -> Iterator[None]:
    """Forget what a process keeps for some minutes, and the key of the day: the database of the last test is gone."""
    from tsushinbo.accounts.services import forget_key
    from tsushinbo.comments import pressure
    from tsushinbo.elections.queries import mode
    from tsushinbo.evaluations.queries import flagged, runs
    from tsushinbo.rankings import queries as rankings
    from tsushinbo.search import forms as search_forms
    from tsushinbo.site.queries import ratings, totals, transparency
    from tsushinbo.surveys.queries import candidates, crossing

    forgetting = [
        kept.forget
        for kept in (
            candidates, crossing, flagged, mode, pressure, rankings, ratings, runs, search_forms, totals, transparency,
        )
    ]  # fmt: skip
    for forget in (forget_key, *forgetting):
        forget()
    yield
    for forget in (forget_key, *forgetting):
        forget()
