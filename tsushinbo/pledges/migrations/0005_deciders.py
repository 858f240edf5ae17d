"""Let moderators, editors and administrators decide on proposals."""

from django.db import migrations

from tsushinbo.moderation.deciders import let_decide


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0004_contributions"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [let_decide("pledges", "pledgeproposal", "公約の提案", ("moderator", "editor", "administrator"))]
