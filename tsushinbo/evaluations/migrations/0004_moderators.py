"""Let moderators and administrators read and decide what waits in this room. The names are written out: a migration stays true when the code moves on."""

from django.db import migrations

ROLES = ("moderator", "administrator")
ALLOWED = {
    "reasontext": ("view", "change"),
    "assessment": ("view", "change"),
    "holdcase": ("view", "change"),
    "holddecision": ("view",),
    "alert": ("view", "change"),
}


def allow(apps, schema_editor):
    alias = schema_editor.connection.alias
    groups = [apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=role)[0] for role in ROLES]
    types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    for model, deeds in ALLOWED.items():
        # Django makes types and permissions after the last migration; here they are needed before.
        kind, _ = types.get_or_create(app_label="evaluations", model=model)
        name = apps.get_model("evaluations", model)._meta.verbose_name
        for deed in deeds:
            permission, _ = permissions.get_or_create(
                content_type=kind, codename=f"{deed}_{model}", defaults={"name": f"Can {deed} {name}"}
            )
            for group in groups:
                group.permissions.add(permission)


def forbid(apps, schema_editor):
    alias = schema_editor.connection.alias
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=ROLES):
        group.permissions.remove(*group.permissions.filter(content_type__app_label="evaluations"))


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0003_holds_and_runs"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
