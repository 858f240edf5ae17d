"""Every row of the database, to see whether a request changed any."""

from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models

# A session is read and prolonged by whoever asks; what is in it is no row of the site. That something is to be looked at by the search follows from
# what changed, and is no change of its own.
APART: frozenset[type[models.Model]] = frozenset(
    {Session, apps.get_model("usersessions", "UserSession"), apps.get_model("search", "Change")}
)

type Rows = dict[str, dict[Any, dict[str, Any]]]


def snapshot() -> Rows:
    """Every row by its table and key."""
    return {
        model._meta.label_lower: {_key(model, row): row for row in model._default_manager.order_by().values()}
        for model in apps.get_models(include_auto_created=True)
        if model not in APART and model._meta.managed
    }


def changes(before: Rows, after: Rows) -> dict[str, list[dict[str, Any]]]:
    """The columns that differ, by table: of a new row all of them, of a changed one those that changed, of one that is gone its key."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, rows in after.items():
        old = before.get(table, {})
        new = [
            {column: value for column, value in row.items() if key not in old or old[key][column] != value}
            for key, row in sorted(rows.items(), key=str)
            if old.get(key) != row
        ]
        gone = [{"gone": key} for key in sorted(old.keys() - rows.keys(), key=str)]
        if new or gone:
            found[table] = new + gone
    return found


def _key(model: type[models.Model], row: dict[str, Any]) -> Any:
    return tuple(row[field.attname] for field in model._meta.pk_fields)
