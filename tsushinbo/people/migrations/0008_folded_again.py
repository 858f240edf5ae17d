"""Fold stored names again: tables/names.tsv joins more spellings than when they were stored. What is folded alike stays untouched."""

from django.db import migrations

from tsushinbo.japanese import romaji
from tsushinbo.japanese.folding import fold

AT_A_TIME = 2_000


def fold_again(apps, schema_editor):
    name = apps.get_model("people", "PoliticianName")
    _keep(name, lambda row: romaji.fold(row.text) if row.kind == "romaji" else fold(row.text), "kind", "text")
    area, party = apps.get_model("people", "Area"), apps.get_model("people", "Party")
    _keep(area, lambda row: f"{fold(row.name)} {fold(row.kana)} {romaji.fold_kana(row.kana)}".strip(), "name", "kana")
    _keep(party, lambda row: fold(row.name), "name")


def _keep(model, form, *columns):
    changed = []
    for row in model.objects.order_by("pk").only("pk", "folded", *columns).iterator(AT_A_TIME):
        if row.folded and row.folded != (now := form(row)):
            row.folded = now
            changed.append(row)
    model.objects.bulk_update(changed, ["folded"], AT_A_TIME)


class Migration(migrations.Migration):
    dependencies = [("people", "0007_correction_readers")]

    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop, elidable=True)]
