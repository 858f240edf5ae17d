"""Find the reports that are tied to a pledge without reading those that are tied to none."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_unseen_reports")]

    operations = [
        migrations.RemoveIndex(model_name="activityreport", name="report_of_pledge"),
        migrations.AddIndex(
            model_name="activityreport",
            index=models.Index(
                fields=["pledge", "state", "-publish_at", "id"],
                condition=Q(pledge__isnull=False),
                name="report_of_pledge",
            ),
        ),
    ]
