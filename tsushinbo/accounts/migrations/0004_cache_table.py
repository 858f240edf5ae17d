"""Make the table of the cache (settings.CACHES), so that `migrate` is all that a new site needs."""

from django.core.management import call_command
from django.db import migrations

TABLE = "accounts_cache"


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles")]

    operations = [migrations.RunPython(make, drop)]
