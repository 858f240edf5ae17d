"""The index of each table of documents, which the database keeps by itself.

In SQLite the triggers are lost where a later migration makes a table of documents anew; it must end with these operations again.
"""

from django.db import migrations

from tsushinbo.search.engine.keeping import FUNCTIONS, fts_statements, gin_statements

TABLES = [f"search_{kind}document" for kind in ("politician", "party", "area", "pledge", "report", "book")]


def keep(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        statements = [one for table in TABLES for one in fts_statements(table)]
    else:
        statements = [*FUNCTIONS.values(), *(one for table in TABLES for one in gin_statements(table))]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def keep_no_more(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        statements = [f"DROP TABLE {table}_fts" for table in TABLES]
        statements += [f"DROP TRIGGER {table}_fts_{name}" for table in TABLES for name in ("put", "take", "change")]
    else:
        statements = [f"ALTER TABLE {table} DROP COLUMN grams" for table in TABLES]
        statements += [f"DROP FUNCTION {name}" for name in reversed(FUNCTIONS)]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [("search", "0001_first")]

    operations = [migrations.RunPython(keep, keep_no_more)]
