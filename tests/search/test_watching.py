"""Triggers on the tables of others: they are laid down, taken up and laid down again without losing a change or standing in anybody's way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, models
from django.db.migrations import AlterField, Migration

from tests.pledges.factories import PledgeFactory
from tests.search.factories import indexed
from tsushinbo.pledges.models import Pledge
from tsushinbo.search import watching
from tsushinbo.search.models import Change, PledgeDocument

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


def test_a_table_whose_columns_a_migration_changes_is_not_watched_meanwhile() -> None:
    pledge = PledgeFactory.create(title="見本の公約")
    indexed()
    change = Migration("0099_longer", "pledges")
    change.operations = [AlterField("Pledge", "title", models.CharField(max_length=200))]
    watching.let_go(plan=[(change, False)])
    assert [one.table for one in watching.missing()] == ["pledges_pledge"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE pledges_pledge ALTER COLUMN title TYPE varchar(200)")
    Pledge.objects.filter(pk=pledge.pk).update(title="だれも見ていない")
    watching.watch()
    assert watching.missing() == []
    indexed()
    assert PledgeDocument.objects.get().title == "だれも見ていない"


def test_a_search_that_is_taken_back_leaves_nothing_that_others_stumble_over() -> None:
    watching.let_go(plan=[(Migration("0001_first", "search"), True)])
    assert watching.missing() == list(watching.WATCHED)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE search_change RENAME TO search_away")
    PledgeFactory.create()
    watching.watch()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE search_away RENAME TO search_change")
    watching.watch()
    assert watching.missing() == []


def test_a_trigger_that_looks_at_other_columns_than_by_now_matter_is_laid_down_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pledge = PledgeFactory.create(title="見本の公約")
    indexed()
    [old] = [one for one in watching.WATCHED if one.table == "pledges_pledge"]
    now = replace(old, columns=(*old.columns, "source_title"))
    monkeypatch.setattr(watching, "WATCHED", tuple(now if one is old else one for one in watching.WATCHED))
    assert watching.missing() == [now]
    watching.watch()
    assert watching.missing() == []
    indexed()
    Pledge.objects.filter(pk=pledge.pk).update(source_title="別の出典")
    assert list(Change.objects.values_list("what", "key")) == [("pledge", str(pledge.pk))]


def test_what_was_there_before_the_search_is_taken_in_as_it_was_published() -> None:
    days = [n * 7 % 40 for n in range(40)]
    pledges = [PledgeFactory.create(title="見本の公約", created_at=NOW - timedelta(days=day)) for day in days]
    Change.objects.all().delete()
    watching.let_go(plan=[(Migration("0001_first", "search"), True)])
    watching.watch()
    waiting = [int(key) for key in Change.objects.filter(what="pledge").values_list("key", flat=True)]
    assert waiting == [one.pk for one in sorted(pledges, key=lambda one: one.created_at)]
