"""Files of election offices between their upload and their import."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tsushinbo.addresses


class Migration(migrations.Migration):
    dependencies = [
        ("importers", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "CountFile",
            fields=[
                ("id", models.BigIntegerField(default=tsushinbo.addresses.new_id, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(help_text="SHA-256 of the file", max_length=64)),
                ("packed", models.BinaryField(help_text="the file, packed by zlib")),
                ("ignore_unknown", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "uploader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "確かめている開票の表",
                "verbose_name_plural": "確かめている開票の表",
            },
        ),
    ]
