"""Let moderators and administrators read and decide on reasons, which are public before anybody looked."""

from django.db import migrations

from tsushinbo.moderation.deciders import let_decide


class Migration(migrations.Migration):
    dependencies = [
        ("advice", "0001_first"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [let_decide("advice", "answer", "政策マッチングの回答", ("moderator", "administrator"))]
