"""The index is kept by the database, is made anew while documents go on changing, and says what is wrong with it."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.search.documents import document, texts
from tests.search.test_contract import agrees, plain
from tsushinbo.japanese.runs import folded_runs
from tsushinbo.search.engine import Wanted, engine, fts, gin, keeping
from tsushinbo.search.models import PledgeDocument

pytestmark = pytest.mark.django_db
TABLE = PledgeDocument._meta.db_table
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 is that of SQLite")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="GIN is that of PostgreSQL")


@pytest.fixture
def library(db: None) -> list[PledgeDocument]:
    return PledgeDocument.objects.bulk_create(
        [document(n, *row, facets=f"zt{n % 7}") for n, row in enumerate(texts()[:300])]
    )


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def faults() -> list[str]:
    return engine().faults(PledgeDocument, 1_000)


def all_agree() -> None:
    for asked in ("税", "支援", "消費税 減税", "あり得ない言葉", "いしば", "実現"):
        agrees(plain(asked))


def test_an_index_that_was_never_touched_has_no_fault_and_is_the_same_made_anew(library: list[PledgeDocument]) -> None:
    assert faults() == []
    engine().rebuild(PledgeDocument)
    assert faults() == []
    all_agree()
    library[5].body = "あたらしい本文"
    library[5].save()
    library[6].delete()
    assert agrees(plain("あたらしい本文")) == 1
    assert faults() == []


BREAKS = {
    "rows gone": f"DELETE FROM {TABLE}_fts_docsize WHERE id % 3 = 0",
    "emptied": f"INSERT INTO {TABLE}_fts ({TABLE}_fts) VALUES ('delete-all')",
    "table gone": f"DROP TABLE {TABLE}_fts",
    "pages gone": f"DELETE FROM {TABLE}_fts_data",
    "trigger gone": f"DROP TRIGGER {TABLE}_fts_put",
}


@on_sqlite
@pytest.mark.parametrize("harm", BREAKS.values(), ids=BREAKS)
def test_a_broken_index_is_seen_and_mended(library: list[PledgeDocument], harm: str) -> None:
    run(harm)
    assert len(faults()) == 1
    engine().rebuild(PledgeDocument)
    assert faults() == []
    document(9_999, "そのあとの題名", "本文", "").save()
    assert agrees(plain("そのあと")) == 1
    all_agree()


@on_sqlite
def test_what_analyze_saw_of_a_small_index_does_not_make_a_large_one_slow(library: list[PledgeDocument]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(f"DELETE FROM sqlite_stat1 WHERE tbl = '{TABLE}_fts_data'")
        cursor.execute(f"INSERT INTO sqlite_stat1 VALUES ('{TABLE}_fts_data', NULL, '2')")
        cursor.execute("ANALYZE sqlite_schema")
        taken = f"EXPLAIN QUERY PLAN DELETE FROM {TABLE}_fts_data WHERE id >= %s AND id <= %s"
        assert cursor.execute(taken, (1, 2)).fetchone()[3].startswith("SCAN")
        fts.keep_statistics_large()
        assert cursor.execute(taken, (1, 2)).fetchone()[3].startswith("SEARCH")
        # What is known of other tables stays.
        assert cursor.execute(f"SELECT count(*) FROM sqlite_stat1 WHERE tbl = '{TABLE}'").fetchone()[0]


@on_sqlite
def test_texts_that_changed_behind_the_index_are_seen(library: list[PledgeDocument]) -> None:
    trigger = next(one for one in keeping.fts_statements(TABLE) if f"{TABLE}_fts_change" in one)
    run(f"DROP TRIGGER {TABLE}_fts_change")
    PledgeDocument.objects.filter(pk=library[3].pk).update(title="うらで変えた")
    run(trigger)
    assert faults() == [f"1 of 300 rows of {TABLE} are not found by their own texts"]


@on_sqlite
def test_what_changes_while_it_is_made_anew_is_in_it(
    library: list[PledgeDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts, "AT_ONCE", 25)
    chance, changes = random.Random(8), []  # noqa: S311 - the same every time

    def meanwhile(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if sql.startswith("UPDATE search_filed") and changes[-1:] != ["now"]:
            changes.append("now")
            for row in chance.sample(list(PledgeDocument.objects.all()), 8):
                other = chance.choice(library)
                match chance.choice(("change", "delete", "anew")):
                    case "change":
                        PledgeDocument.objects.filter(pk=row.pk).update(
                            title=other.body, body="変わった本文", facets="zt1"
                        )
                    case "delete":
                        row.delete()
                    case "anew":
                        document(10_000 + len(changes), other.title, "変わった本文", "").save()
                        changes.append("one")
            changes.append("then")
        return result

    with connection.execute_wrapper(meanwhile):
        engine().rebuild(PledgeDocument)
    assert len(changes) > 20
    assert agrees(plain("変わった本文")) > 10
    assert faults() == []
    all_agree()


@on_sqlite
def test_one_that_was_cut_off_leaves_the_old_index_and_the_next_begins_anew(
    library: list[PledgeDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts, "AT_ONCE", 25)

    def cut_off(table: str) -> list[str]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "fts_in_use", cut_off)
        with pytest.raises(KeyboardInterrupt):
            engine().rebuild(PledgeDocument)
    document(9_999, "そのあとの題名", "本文", "").save()
    assert agrees(plain("そのあと")) == 1
    engine().rebuild(PledgeDocument)
    assert faults() == []
    all_agree()
    names = connection.introspection.table_names()
    assert not [name for name in names if name.startswith(TABLE) and name.endswith(("_draft", "_old"))]


@on_postgresql
@pytest.mark.parametrize("harm", [f"DROP INDEX {TABLE}_grams", f"ALTER TABLE {TABLE} DROP COLUMN grams"])
def test_a_missing_column_or_index_is_seen_and_mended(library: list[PledgeDocument], harm: str) -> None:
    run(harm)
    assert len(faults()) == 1
    engine().rebuild(PledgeDocument)
    assert faults() == []
    all_agree()


@on_postgresql
def test_rows_that_are_not_filed_as_their_texts_say_are_seen_and_filed_anew(library: list[PledgeDocument]) -> None:
    mistaken = keeping.WORDS.replace("md5(word)", "md5(word || 'x')").replace("CREATE", "CREATE OR REPLACE")
    run(mistaken)
    PledgeDocument.objects.filter(pk__in=[library[3].pk, library[4].pk]).update(facets="zt1 zy2026")
    run(keeping.WORDS.replace("CREATE", "CREATE OR REPLACE"))
    assert faults() == [f"2 of 300 rows of {TABLE} are not filed as their texts say"]
    engine().rebuild(PledgeDocument)
    assert faults() == []
    assert agrees(Wanted((("の",),), facets=("zt1",))) > 2


@on_postgresql
def test_rows_that_the_index_lost_are_seen_and_found_again(library: list[PledgeDocument]) -> None:
    ready = f"UPDATE pg_index SET indisready = %s WHERE indexrelid = '{TABLE}_grams'::regclass"
    run(ready % "false")
    PledgeDocument.objects.bulk_create([document(9_000 + n, "そのあとの題名", "本文", "") for n in range(3)])
    run(ready % "true")
    assert faults() == [f"3 of 303 rows of {TABLE} are not found by the index"]
    engine().rebuild(PledgeDocument)
    assert faults() == []
    assert agrees(plain("そのあと")) == 3


@on_postgresql
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
@example("𠮷野家の😀 ﷽\U0010ffff")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_keys_have_the_codes_that_the_database_files(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        for mark in (0, gin.HEAD):
            body = folded_runs(text)
            cursor.execute("SELECT coalesce(array_agg(code), '{}') FROM search_codes(%s, %s) AS code", [body, mark])
            singles = {code for sign in body if sign != " " for code in gin.codes(sign, mark)}
            pairs = {
                code for one in body.split() for at in range(len(one) - 1) for code in gin.codes(one[at : at + 2], mark)
            }
            assert set(cursor.fetchone()[0]) == singles | pairs
        cursor.execute("SELECT array_agg(code) FROM search_words(%s) AS code", ["zt12 zy2026"])
        assert cursor.fetchone()[0] == [gin.word_code("zt12"), gin.word_code("zy2026")]


@on_postgresql
def test_a_backup_can_be_read_back_where_no_search_path_names_the_functions(library: list[PledgeDocument]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
    run(
        "SET LOCAL search_path = ''",
        f"UPDATE {schema}.{TABLE} SET body = body || ' 写し'",
        "SET LOCAL search_path = DEFAULT",
    )
    assert agrees(plain("写し")) == len(library)
