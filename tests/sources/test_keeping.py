"""Keeping many rows: new ones come, changed ones change, the rest is left alone."""

from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.people.factories import PartyFactory, PoliticianFactory
from tsushinbo.people.models import OfficialLink, Party
from tsushinbo.sources.keeping import Outcome, insert, keep

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)


class Row(NamedTuple):
    id: int
    key: str
    name: str
    short_name: str = ""


def kept(*rows: Row, at: datetime = AT, **settings: tuple[str, ...]) -> list[Outcome]:
    return keep(Party.objects.all(), rows, key=("id",), at=at, **settings)


def test_each_row_is_told_what_became_of_it() -> None:
    kept(Row(1, "a", "あ党"), Row(2, "b", "い党"))
    outcomes = kept(Row(2, "b", "い党"), Row(3, "c", "う党"), Row(1, "a", "新党"), at=LATER)
    assert outcomes == [Outcome.UNCHANGED, Outcome.CREATED, Outcome.UPDATED]
    assert set(Party.objects.values_list("key", "name")) == {("a", "新党"), ("b", "い党"), ("c", "う党")}


def test_only_a_written_row_gets_the_time() -> None:
    kept(Row(1, "a", "あ党"), Row(2, "b", "い党"))
    kept(Row(1, "a", "新党"), Row(2, "b", "い党"), at=LATER)
    assert dict(Party.objects.values_list("key", "changed_at")) == {"a": LATER, "b": AT}


def test_columns_that_a_row_lacks_get_their_default() -> None:
    kept(Row(1, "a", "あ党"))
    party = Party.objects.get()
    assert (party.kind, party.folded) == (Party.Kind.PARTY, "")


def test_a_column_written_once_stays() -> None:
    kept(Row(1, "a", "あ党"))
    assert kept(Row(1, "other", "あ党"), once=("key",)) == [Outcome.UNCHANGED]
    assert Party.objects.get().key == "a"


def test_an_unknown_value_erases_nothing() -> None:
    kept(Row(1, "a", "あ党", "あ"))
    assert kept(Row(1, "a", "あ党", ""), unknown_keeps=("short_name",)) == [Outcome.UNCHANGED]
    assert kept(Row(1, "a", "新党", ""), unknown_keeps=("short_name",)) == [Outcome.UPDATED]
    assert (Party.objects.get().name, Party.objects.get().short_name) == ("新党", "あ")


class Link(NamedTuple):
    politician_id: int
    title: str
    url: str


def test_a_key_of_two_columns_finds_its_own_row_only() -> None:
    first, second = PoliticianFactory(), PoliticianFactory()
    rows = [
        Link(pk, "公式", url) for pk in (first.pk, second.pk) for url in ("https://a.example/", "https://b.example/")
    ]
    insert(OfficialLink, rows, at=AT)
    changed = Link(first.pk, "新しい公式", "https://b.example/")
    assert keep(OfficialLink.objects.all(), [changed], key=("politician_id", "url"), at=AT) == [Outcome.UPDATED]
    assert set(OfficialLink.objects.filter(title="新しい公式").values_list("politician", "url")) == {changed[::2]}


def test_nothing_to_keep_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert kept() == []
        insert(Party, [], at=AT)


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    PartyFactory()
    for number in (1, 500):
        rows = [Row(number * 1_000 + n, f"{number}-{n}", f"{number}-{n}") for n in range(number)]
        # Whether there are any, which of them, and one insert.
        with django_assert_num_queries(3):
            kept(*rows)
