"""A step of a migration that lets roles decide on a kind of text. It knows nothing but what the migration writes out, so that the migration
stays true when the code moves on.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

DEEDS = ("view", "change")


def let_decide(app_label: str, model: str, name: str, roles: tuple[str, ...]) -> RunPython:
    """Let these roles read and decide on a model, ``name`` in Japanese; backwards it takes just that away.

    The migration must come after accounts 0003_roles, auth 0012_alter_user_first_name_max_length and contenttypes
    0002_remove_content_type_name.
    """

    def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        alias = schema_editor.connection.alias
        groups = apps.get_model("auth", "Group")._default_manager.using(alias)
        # Django makes types and permissions after the last migration; here they are needed before.
        types = apps.get_model("contenttypes", "ContentType")._default_manager.using(alias)
        permissions = apps.get_model("auth", "Permission")._default_manager.using(alias)
        kind, _ = types.get_or_create(app_label=app_label, model=model)
        given = [
            permissions.get_or_create(
                content_type=kind, codename=f"{deed}_{model}", defaults={"name": f"Can {deed} {name}"}
            )[0]
            for deed in DEEDS
        ]
        for role in roles:
            groups.get_or_create(name=role)[0].permissions.add(*given)

    def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        own = {"content_type__app_label": app_label, "content_type__model": model}
        groups = apps.get_model("auth", "Group")._default_manager.using(schema_editor.connection.alias)
        for group in groups.filter(name__in=roles):
            group.permissions.remove(*group.permissions.filter(**own))

    return RunPython(allow, forbid)
