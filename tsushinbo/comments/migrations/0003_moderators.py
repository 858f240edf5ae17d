"""Let moderators and administrators read and decide on comments. The names are written out: a migration stays true when the code moves on."""

from django.db import migrations

ROLES = ("moderator", "administrator")
DEEDS = ("view", "change")


def allow(apps, schema_editor):
    alias = schema_editor.connection.alias
    groups = [apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=role)[0] for role in ROLES]
    # Django makes types and permissions after the last migration; here they are needed before.
    types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    kind, _ = types.get_or_create(app_label="comments", model="comment")
    for deed in DEEDS:
        permission, _ = permissions.get_or_create(
            content_type=kind, codename=f"{deed}_comment", defaults={"name": f"Can {deed} コメント"}
        )
        for group in groups:
            group.permissions.add(permission)


def forbid(apps, schema_editor):
    alias = schema_editor.connection.alias
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=ROLES):
        group.permissions.remove(*group.permissions.filter(content_type__app_label="comments"))


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0002_counts"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
