"""Names that were stored before the tables knew a spelling."""

from importlib import import_module

import pytest
from django.apps import apps

from tests.search.factories import area, indexed, party, person
from tsushinbo.people.models import Area, Party, PoliticianName
from tsushinbo.search import words
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import find

fold_again = import_module("tsushinbo.people.migrations.0008_folded_again").fold_again


@pytest.mark.django_db
@pytest.mark.any_database
def test_names_are_folded_as_the_tables_say_now_and_then_found() -> None:
    someone, city, mine = person("釼持 花子", "けんもち はなこ"), area("中邨町", "なかむらまち"), party("釼の会")
    rows = [(model, model.objects.order_by("pk")) for model in (PoliticianName, Area, Party)]
    right = [list(rows.values_list("folded", flat=True)) for _, rows in rows]
    PoliticianName.objects.filter(text="釼持花子").update(folded="釼持花子")
    Area.objects.filter(pk=city.pk).update(folded="中邨町")
    Party.objects.filter(pk=mine.pk).update(folded="釼の会")
    fold_again(apps, None)
    indexed()
    assert [list(rows.values_list("folded", flat=True)) for _, rows in rows] == right
    assert list(find(Kind.POLITICIANS, words.read("剣持花子")).keys) == [someone.pk]
