"""Contests whose count goes on, found without a look at all the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("elections", "0003_counts")]

    operations = [
        migrations.AddIndex(
            "contest",
            models.Index(
                fields=["election"],
                condition=models.Q(("counted_percent__lt", 100)),
                name="contest_count_goes_on",
            ),
        ),
    ]
