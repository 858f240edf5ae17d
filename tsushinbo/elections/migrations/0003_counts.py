"""The night of the count: a version of each contest's count, and the record of its entries, to which rows are only ever added."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tsushinbo.addresses
from tsushinbo.moderation.append_only import OnlyAdded


class Migration(migrations.Migration):
    dependencies = [
        ("elections", "0002_election_mode"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "contest",
            "electors",
            models.PositiveIntegerField(blank=True, help_text="当日有権者数", null=True),
        ),
        migrations.AddField("contest", "count_version", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "contest",
            "counted_here",
            models.BooleanField(
                default=False,
                help_text="the count was entered or imported as one: tables of open data leave its results alone",
            ),
        ),
        migrations.CreateModel(
            "CountEntry",
            fields=[
                ("id", models.BigIntegerField(default=tsushinbo.addresses.new_id, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("role", models.CharField(blank=True, max_length=20)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("digest", models.CharField(blank=True, help_text="SHA-256 of the file", max_length=64)),
                ("counted_percent", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("counted_at", models.DateTimeField(blank=True, null=True)),
                ("changes", models.JSONField(default=list)),
                ("of_final", models.BooleanField(default=False, help_text="a final result was changed")),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="count_entries",
                        to="elections.contest",
                    ),
                ),
            ],
            options={
                "verbose_name": "開票の記録",
                "verbose_name_plural": "開票の記録",
                "ordering": ("-version",),
            },
        ),
        migrations.AddConstraint(
            "countentry",
            models.UniqueConstraint(fields=("contest", "version"), name="one_entry_per_contest_and_version"),
        ),
        OnlyAdded("CountEntry"),
    ]
