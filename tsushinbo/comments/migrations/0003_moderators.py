"""Let moderators and administrators read and decide on comments."""

from django.db import migrations

from tsushinbo.moderation.deciders import let_decide


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0002_counts"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [let_decide("comments", "comment", "コメント", ("moderator", "administrator"))]
