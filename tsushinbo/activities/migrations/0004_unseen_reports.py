"""Find what politicians published and nobody has looked at yet without reading the rest."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_decision_reasons")]

    operations = [
        migrations.AddIndex(
            model_name="activityreport",
            index=models.Index(
                fields=["submitted_at"],
                condition=Q(state="approved", by_owner=True, decided_at__isnull=True),
                name="report_unseen",
            ),
        )
    ]
