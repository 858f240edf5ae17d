"""Let moderators, editors and administrators decide on proposals. The names are written out: a migration stays true when the code moves on."""

from django.db import migrations

ROLES = ("moderator", "editor", "administrator")
DEEDS = ("view", "change")


def allow(apps, schema_editor):
    alias = schema_editor.connection.alias
    groups = [apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=role)[0] for role in ROLES]
    # Django makes types and permissions after the last migration; here they are needed before.
    types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    kind, _ = types.get_or_create(app_label="pledges", model="pledgeproposal")
    for deed in DEEDS:
        permission, _ = permissions.get_or_create(
            content_type=kind, codename=f"{deed}_pledgeproposal", defaults={"name": f"Can {deed} 公約の提案"}
        )
        for group in groups:
            group.permissions.add(permission)


def forbid(apps, schema_editor):
    alias = schema_editor.connection.alias
    own = {"content_type__app_label": "pledges", "content_type__model": "pledgeproposal"}
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=ROLES):
        group.permissions.remove(*group.permissions.filter(**own))


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0004_contributions"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
