"""Versions of surveys are only ever added, and moderators and administrators decide on what was written."""

from django.db import migrations

from tsushinbo.moderation.append_only import OnlyAdded
from tsushinbo.moderation.deciders import let_decide


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0001_first"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        OnlyAdded("surveyrevision"),
        let_decide("surveys", "freeanswer", "アンケートの自由記述", ("moderator", "administrator")),
    ]
