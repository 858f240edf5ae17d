"""Let SQLite refuse to replace an entry of the record too (INSERT OR REPLACE), where the guard was set before that was thought of."""

from django.db import migrations

from tsushinbo.moderation.append_only import guard


def complete(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in guard("sqlite", apps.get_model("moderation", "LogEntry")._meta.db_table):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_more_deeds")]

    # Backwards it stays: the first migration takes the whole guard away.
    operations = [migrations.RunPython(complete, migrations.RunPython.noop)]
