"""Forms with more in them than their page has: the names of columns, which nobody may set by asking."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction
from django.http import HttpResponse
from pytest_django import Settings

from tests.hostile.forms import FORMS, Form, browser_of
from tests.rows import Rows, changes, snapshot
from tests.world import World, make_world
from tsushinbo.accounts.services import forget_key

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
# Beside the columns: what frameworks and other sites go by.
FURTHER = {
    "id": "1", "pk": "1", "user": "1", "user_id": "1", "role": "administrator", "roles": "administrator", "groups": "1", "permissions": "1", "owner": "1", "actor": "1", "by": "1",
    "at": "2001-01-01", "at_once": "on", "approve": "on", "published_on": "2001-01-01", "_method": "DELETE", "__class__": "User", "csrfmiddlewaretoken": "x",
}  # fmt: skip


@pytest.fixture
def still() -> Any:
    """A clock that stands, so that two runs write the same instants."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def world(still: Any, db: None, settings: Settings) -> World:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
    return make_world()


def value_of(column: "models.Field[Any, Any]") -> str:
    """Something that the column would take, and that is not what it has."""
    if column.choices:
        return str(list(column.choices)[-1][0])
    if isinstance(column, models.BooleanField):
        return "on"
    if isinstance(column, models.DateTimeField):
        return "2001-02-03T04:05:06Z"
    if isinstance(column, models.DateField):
        return "2001-02-03"
    return "1"


def columns() -> dict[str, str]:
    """Every column of the site's own tables, with a value for it."""
    found = dict(FURTHER)
    for model in apps.get_models():
        if model.__module__.startswith("tsushinbo."):
            for column in model._meta.fields:
                found |= {column.name: value_of(column), column.attname: value_of(column)}
    return found


def without_counted(before: Rows, after: Rows) -> dict[str, list[dict[str, Any]]]:
    """What changed, but for the ids that the database counts up: it does not take them back with what is undone."""
    counted = {
        row[model._meta.pk.attname]
        for model in apps.get_models(include_auto_created=True)
        if isinstance(model._meta.pk, models.AutoField)
        for key, row in after.get(model._meta.label_lower, {}).items()
        if key not in before[model._meta.label_lower]
    }
    found = changes(before, after)
    return {
        table: [
            {name: value for name, value in row.items() if not (name.endswith("id") and value in counted)}
            for row in rows
        ]
        for table, rows in found.items()
    }


def outcome(
    form: Form, world: World, extra: dict[str, str], alike: Callable[[], None]
) -> tuple[int, str, dict[str, list[dict[str, Any]]]]:
    """What the form does: the answer, where it leads, and every column that changed. Undone afterwards."""
    with transaction.atomic():
        alike()
        sent = {**extra, **form.fields(world)}
        before = snapshot()
        response: HttpResponse = form.send(world, **sent)
        done = without_counted(before, snapshot())
        transaction.set_rollback(True)
    return response.status_code, response.headers.get("Location", ""), done


@pytest.fixture
def alike(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes chance begin again, so that two runs make rows of the same numbers."""

    def begin() -> None:
        numbers = count(10**9)  # apart from what the database counts up
        monkeypatch.setattr(secrets, "randbits", lambda bits: next(numbers))
        monkeypatch.setattr(secrets, "choice", lambda signs: signs[next(numbers) % len(signs)])
        monkeypatch.setattr(secrets, "token_bytes", lambda size=32: bytes(size))
        forget_key()
        monkeypatch.setattr(secrets, "token_hex", lambda size=32: f"{next(numbers):0{2 * size}x}")

    return begin


@pytest.mark.parametrize("name", FORMS)
def test_nothing_is_set_but_what_the_form_asks_for(world: World, name: str, alike: Callable[[], None]) -> None:
    form = FORMS[name]
    browser_of(form.who, world)  # who sends it is there before: of two runs the second would make another
    asked = {*form.fields(world), *form.also, *form.words}
    extra = {column: value for column, value in columns().items() if column not in asked}
    assert len(extra) > 150
    plain = outcome(form, world, {}, alike)
    assert plain[0] in {302, 303}
    more = outcome(form, world, extra, alike)
    assert more[:2] == plain[:2]
    for table in plain[2] | more[2]:
        assert more[2].get(table) == plain[2].get(table), table
