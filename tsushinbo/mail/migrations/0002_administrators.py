"""Let administrators see the queue. The names are written out: a migration stays true when the code moves on."""

from django.db import migrations

ROLE = "administrator"


def allow(apps, schema_editor):
    alias = schema_editor.connection.alias
    group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=ROLE)
    # Django makes types and permissions after the last migration; here they are needed before.
    types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    kind, _ = types.get_or_create(app_label="mail", model="message")
    permission, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(content_type=kind, codename="view_message", defaults={"name": "Can view メール"})
    )
    group.permissions.add(permission)


def forbid(apps, schema_editor):
    alias = schema_editor.connection.alias
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name=ROLE):
        group.permissions.remove(*group.permissions.filter(content_type__app_label="mail"))


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0001_first"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
