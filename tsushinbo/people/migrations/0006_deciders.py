"""Let editors, moderators and administrators decide on proposals about people."""

from django.db import migrations

from tsushinbo.moderation.deciders import let_decide


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_proposals"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [let_decide("people", "personproposal", "政治家の提案", ("editor", "moderator", "administrator"))]
