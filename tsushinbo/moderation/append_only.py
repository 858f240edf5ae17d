"""Tables to which rows are only ever added: the database itself refuses to change or delete them.

A trigger holds for every client that is connected, the site's own role, a shell and a script alike, which a rule in Python does not. The one
who owns the table could still take the trigger away; where that must not be the site's role, docs/operations.md says how to part the two.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

REFUSAL = "rows of this table are only ever added"


def guard(vendor: str, table: str) -> list[str]:
    """The statements that let a database of this kind refuse UPDATE, DELETE and (where they are known) TRUNCATE and REPLACE on a table.

    On SQLite they may be given again: a guard from before REPLACE was thought of is completed.
    """
    if vendor == "postgresql":
        function = f"{table}_only_added"
        return [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{table}: {REFUSAL}'"
            " USING ERRCODE = 'restrict_violation'; END $$",
            f'CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION {function}()',
            f'CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION {function}()',
        ]
    # INSERT OR REPLACE takes the old row away without firing what stands before a DELETE.
    known = f' WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW.id)'  # noqa: S608 - our own name
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_{name} BEFORE {deed} ON \"{table}\"{when} BEGIN SELECT RAISE(ABORT, '{table}: {REFUSAL}'); END"
        for name, deed, when in (
            ("kept", "UPDATE", ""),
            ("not_deleted", "DELETE", ""),
            ("not_replaced", "INSERT", known),
        )
    ]


def lift(vendor: str, table: str) -> list[str]:
    """The statements that take the guard away again: for a migration that goes back, and for tests that empty the database."""
    if vendor == "postgresql":
        return [
            f'DROP TRIGGER {table}_kept ON "{table}"',
            f'DROP TRIGGER {table}_not_emptied ON "{table}"',
            f"DROP FUNCTION {table}_only_added()",
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_{name}" for name in ("kept", "not_deleted", "not_replaced")]


class OnlyAdded(Operation):
    """A step of a migration after which rows of a model's table are only ever added.

    SQLite makes a table anew for most changes of its columns, and its triggers go with the old one: a later migration that does so takes
    this step once more. A test reads from the database that the guard is there.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes it."""
        return type(self).__name__, [], {"model_name": self.model_name}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models know nothing of it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Set the guard."""
        self._run(guard, app_label, schema_editor, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Take it away."""
        self._run(lift, app_label, schema_editor, to_state)

    def describe(self) -> str:
        """One line for who migrates."""
        return f"Let rows of {self.model_name} only ever be added"

    def _run(self, make: Any, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState) -> None:
        table = state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in make(schema_editor.connection.vendor, table):
            schema_editor.execute(statement, params=None)
