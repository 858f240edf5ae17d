"""Changes while the index follows: several who index, writers beside them, and one that is killed amid it; on the database that is really there."""

import os
import random
import signal
import subprocess
import sys
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.activities.factories import ReportFactory
from tests.evaluations.test_concurrency import all_at_once
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tests.search.factories import indexed
from tests.search.test_services import as_from_nothing, documents
from tsushinbo.people.models import PoliticianName
from tsushinbo.pledges.models import Pledge
from tsushinbo.search import services
from tsushinbo.search.engine import engine
from tsushinbo.search.models import DOCUMENTS, Change, Kind, PledgeDocument

pytestmark = pytest.mark.django_db(transaction=True)
# Kills its own process, as a power cut would, right before the second statement that does what is said.
KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from tsushinbo.search import services

seen = 0

def kill(execute, sql, params, many, context):
    global seen
    seen += sql.replace('"', "").startswith(sys.argv[1])
    if seen == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

services.AT_ONCE = 5
with connection.execute_wrapper(kill):
    services.catch_up()
"""


def all_is_as_it_should_be() -> None:
    assert not Change.objects.exists()
    assert {kind: documents(kind) for kind in Kind} == as_from_nothing()
    assert [fault for kind in Kind for fault in engine().faults(DOCUMENTS[kind], 1_000)] == []


def follow_and_be_killed(statement: str) -> None:
    """Let a process of its own follow the changes until it kills itself."""
    database = connection.settings_dict
    login = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    name = str(database["NAME"])
    address = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres://{login}/{name}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "TSUSHINBO_DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "tsushinbo.config.settings",
    }
    command = [sys.executable, "-c", KILLED, statement]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("INSERT INTO search_pledgedocument", id="documents-new"),
        pytest.param("UPDATE search_pledgedocument", id="documents-changed"),
        pytest.param("DELETE FROM search_pledgedocument", id="documents-gone"),
        pytest.param("INSERT INTO search_change", id="more-to-look-at"),
        pytest.param("DELETE FROM search_change", id="changes-taken-out"),
    ],
)
def test_one_that_is_killed_amid_a_batch_loses_no_change(statement: str) -> None:
    someone, renamed = PoliticianFactory.create_batch(2)
    pledges = PledgeFactory.create_batch(18, politician=someone, title="見本の公約")
    PledgeFactory.create_batch(4, politician=renamed)
    ReportFactory.create_batch(4, politician=renamed)
    indexed()
    PoliticianName.objects.create(politician=renamed, kind=PoliticianName.Kind.BALLOT, text="別名", folded="別名")
    # Of everything some in each batch.
    for number in range(0, 18, 3):
        Pledge.objects.filter(pk=pledges[number].pk).update(published=False)
        Pledge.objects.filter(pk=pledges[number + 1].pk).update(title=f"変えた公約{number}")
        PledgeFactory.create(politician=someone, title=f"あとの公約{number}")
    follow_and_be_killed(statement)
    assert Change.objects.exists()
    indexed()
    all_is_as_it_should_be()


def _change_things(people: list[Any], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same every time
    for turn in range(12):
        someone = chance.choice(people)
        pledge = PledgeFactory.create(politician=someone, title=f"見本{seed}の{turn}")
        some = Pledge.objects.filter(pk__in=chance.sample(sorted(Pledge.objects.values_list("pk", flat=True)), 1))
        some.update(published=chance.random() < 0.7, title=f"変えた{turn}")
        PoliticianName.objects.create(
            politician=someone,
            kind=PoliticianName.Kind.BALLOT,
            text=f"別名{seed}の{turn}",
            folded=f"別名{seed}の{turn}",
        )
        if chance.random() < 0.3:
            Pledge.objects.filter(pk=pledge.pk).delete()


def test_two_who_index_beside_writers_end_where_one_alone_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 3)
    people = PoliticianFactory.create_batch(3)
    PledgeFactory.create(politician=people[0])

    def follow() -> None:
        for _ in range(30):
            services.catch_up(most=6)

    all_at_once(follow, follow, services.refresh_all, *(lambda n=n: _change_things(people, n) for n in (1, 2)))
    indexed()
    all_is_as_it_should_be()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="in SQLite nobody can write while another indexes")
def test_who_looked_earlier_does_not_write_later_and_keeps_no_writer_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    pledge = PledgeFactory.create(title="はじめの題名")
    indexed()
    Pledge.objects.filter(pk=pledge.pk).update(title="つぎの題名")
    looked, go_on = Event(), Event()
    really = services.said

    def slowly(kind: Kind, keys: Any, at: Any) -> Any:
        should = really(kind, keys, at)
        if kind == Kind.PLEDGES and not looked.is_set():
            looked.set()
            assert go_on.wait(60)
        return should

    def follow() -> None:
        try:
            indexed()
        finally:
            connection.close()

    monkeypatch.setattr(services, "said", slowly)
    earlier, later = Thread(target=follow), Thread(target=follow)
    earlier.start()
    assert looked.wait(60)
    Pledge.objects.filter(pk=pledge.pk).update(title="さいごの題名")
    later.start()
    while later.is_alive() and not _somebody_waits():
        later.join(0.01)
    go_on.set()
    earlier.join(60)
    later.join(60)
    assert PledgeDocument.objects.get().title == "さいごの題名"
    all_is_as_it_should_be()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])
