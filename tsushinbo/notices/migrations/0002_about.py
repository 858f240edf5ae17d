"""Say whose news a notice is."""

from django.db import migrations, models

ABOUT = "a politician whose news this is: not mailed while they stand in a running campaign"


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="about",
            field=models.BigIntegerField(blank=True, help_text=ABOUT, null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="about",
            field=models.BigIntegerField(blank=True, help_text=ABOUT, null=True),
        ),
    ]
