"""Let administrators look at the corrections in force, and settle them."""

from django.db import migrations

from tsushinbo.moderation.deciders import let_decide


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_deciders"),
        ("accounts", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [let_decide("people", "factcorrection", "事実の訂正", ("administrator",))]
