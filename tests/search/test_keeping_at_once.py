"""An index made anew while others write and read, each on a connection of its own, on the database that is really there."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import count
from threading import Event, Semaphore, Thread
from typing import Any

import pytest
from django.db import connection

from tests.search.documents import document, texts
from tests.search.test_contract import agrees, found, plain
from tsushinbo.search.engine import engine, fts, gin
from tsushinbo.search.models import PledgeDocument

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = PledgeDocument._meta.db_table
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 is that of SQLite")


@pytest.fixture
def library(transactional_db: None) -> list[PledgeDocument]:
    return PledgeDocument.objects.bulk_create(
        [document(n, *row, facets=f"zt{n % 7}") for n, row in enumerate(texts()[:200])]
    )


class Others:
    """A thread that writes a document, changes one and deletes one, over and over, and looks whether what it wrote is found."""

    def __init__(self) -> None:
        self.failed: list[BaseException] = []
        self._rounds, self._stop = Semaphore(0), Event()
        self._thread = Thread(target=self._work)

    def wait(self) -> None:
        """Until they have done one round more."""
        assert self._rounds.acquire(timeout=30), self.failed

    def _work(self) -> None:
        try:
            for turn in count():
                if self._stop.is_set():
                    break
                new = document(10_000 + turn, f"そのあと{turn}番", "とちゅうの本文", "")
                new.save()
                assert list(found(plain(f"そのあと{turn}番")).newest) == [new.pk]
                rows = list(PledgeDocument.objects.filter(subject_id__lt=10_000).order_by("pk"))
                changed, gone = rows[turn * 7 % len(rows)], rows[turn * 11 % len(rows)]
                PledgeDocument.objects.filter(pk=changed.pk).update(title=changed.body, body="とちゅうで変えた")
                if len(rows) > 100:
                    PledgeDocument.objects.filter(pk=gone.pk).delete()
                    assert gone.pk not in found(plain("とちゅうで変えた")).newest
                self._rounds.release()
        except BaseException as error:
            self.failed.append(error)
            raise
        finally:
            connection.close()

    def __enter__(self) -> "Others":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self.failed


@pytest.fixture
def others(library: list[PledgeDocument]) -> Iterator[Others]:
    with Others() as others:
        others.wait()
        yield others


def slowly(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, between: Callable[[], None]) -> None:
    """After each step of a rebuild something else happens."""
    step = getattr(owner, name)

    def and_then(*args: Any) -> Any:
        result = step(*args)
        between()
        return result

    monkeypatch.setattr(owner, name, and_then)


def test_nobody_misses_anything_while_it_is_made_anew(others: Others, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fts, "AT_ONCE", 30)
    monkeypatch.setattr(gin, "AT_ONCE", 30)
    slowly(monkeypatch, fts.FullText, "_file_more", others.wait)
    slowly(monkeypatch, gin.InvertedIndex, "_work_out", others.wait)
    engine().rebuild(PledgeDocument)
    others.wait()
    others.__exit__()
    assert engine().faults(PledgeDocument, 1_000) == []
    for asked in ("税", "支援", "とちゅうで変えた", "とちゅうの本文", "そのあと"):
        agrees(plain(asked))
    assert agrees(plain("そのあと")) > 6


@on_sqlite
def test_of_two_made_at_a_time_the_later_goes_on(
    library: list[PledgeDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts, "AT_ONCE", 50)
    begun: list[str] = []

    def again() -> None:
        if not begun:
            begun.append("once")
            engine().rebuild(PledgeDocument)

    slowly(monkeypatch, fts.FullText, "_file_more", again)
    with pytest.raises(RuntimeError, match="by somebody else"):
        engine().rebuild(PledgeDocument)
    assert engine().faults(PledgeDocument, 1_000) == []
    document(9_999, "そのあとの題名", "本文", "").save()
    assert agrees(plain("そのあと")) == 1
    agrees(plain("支援"))


@on_sqlite
def test_a_connection_without_our_function_cannot_write_documents_and_only_those(library: list[PledgeDocument]) -> None:
    raw = sqlite3.connect(connection.settings_dict["NAME"], timeout=5)
    try:
        with pytest.raises(sqlite3.OperationalError, match="no such function: search_tokens"):
            raw.execute(f"UPDATE {TABLE} SET title = 'x'")
        raw.rollback()
        raw.execute("INSERT INTO django_session VALUES ('a', 'b', '2026-01-01')")
        assert raw.execute(f"SELECT count(*) FROM {TABLE}_fts WHERE {TABLE}_fts MATCH 'facets : zt1'").fetchone()[0]
        raw.rollback()
    finally:
        raw.close()
    agrees(plain("支援"))


@on_sqlite
def test_a_table_made_anew_by_a_migration_loses_its_triggers_which_is_seen_and_mended(
    library: list[PledgeDocument],
) -> None:
    with connection.schema_editor() as editor:
        editor._remake_table(PledgeDocument)  # type: ignore[attr-defined]  # of SQLite alone
    assert engine().faults(PledgeDocument, 10) == [f"{TABLE}_fts_put, {TABLE}_fts_take, {TABLE}_fts_change is missing"]
    document(9_999, "そのあとの題名", "本文", "").save()
    engine().rebuild(PledgeDocument)
    assert engine().faults(PledgeDocument, 1_000) == []
    assert agrees(plain("そのあと")) == 1
