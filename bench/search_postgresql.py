"""The same tables in PostgreSQL: a cluster for the bench alone, filled from the SQLite file."""

import shlex
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

# As in the measurements: 1 GB of buffers, neither JIT nor parallel queries. What is written is not waited for, as the cluster is thrown away.
SETTINGS = (
    "shared_buffers=1GB",
    "jit=off",
    "max_parallel_workers_per_gather=0",
    "maintenance_work_mem=512MB",
    "max_wal_size=8GB",
    "fsync=off",
)
# Rooms whose tables the search reads.
COPIED = ("people_", "elections_", "pledges_")
DOCUMENTS = "search_pledgedocument"
MEASURED = "288 s to copy and 171 s for the index, 505 MB index, 1,365 MB documents with the array"


def in_a_cluster(command: list[str]) -> int:
    """Run a command with a PostgreSQL of its own, which is gone afterwards."""
    address = "postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres"
    inner = f'DATABASE_URL="{address}" exec {shlex.join(command)}'
    options = [part for setting in SETTINGS for part in ("-o", setting)]
    return subprocess.run(["pg_virtualenv", "-t", *options, "sh", "-c", inner], check=False).returncode


def fill(source: Path) -> None:
    """Bring the tables and the documents over where there are none, and say what it took."""
    from django.core.management import call_command
    from django.db import connection

    from tsushinbo.search.engine.keeping import gin_statements

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {DOCUMENTS})")
        if not cursor.fetchone()[0]:
            # Without triggers and checks of references: the documents come as they are.
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET TIME ZONE 'UTC'")
            cursor.execute(f"DROP INDEX {DOCUMENTS}_grams")
            started = time.perf_counter()
            with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as database:
                for table in _tables(database):
                    _copy(database, cursor, table)
            copied = time.perf_counter()
            cursor.execute(gin_statements(DOCUMENTS)[1])
            made = time.perf_counter()
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("VACUUM ANALYZE")
            print(
                f"made: tables and documents copied {copied - started:.0f} s, the index of pledges {made - copied:.0f} s"
            )
        cursor.execute(f"SELECT pg_relation_size('{DOCUMENTS}_grams') / 1e6, pg_table_size('{DOCUMENTS}') / 1e6")
        index, texts = cursor.fetchone()
    print(f"      index {index:,.0f} MB, documents with the array {texts:,.0f} MB")
    print(f"      measured for 1,000,000: {MEASURED}")


def worked() -> int:
    """For how many nanoseconds the processor has worked for the server process of this connection; 0 in SQLite. OSError where it is not told."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0
    own: Any = connection.connection
    return int(Path(f"/proc/{own.info.backend_pid}/schedstat").read_text().split()[0])


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return [
        name
        for (name,) in rows
        if name.startswith(COPIED) or (name.startswith("search_") and name.endswith("document"))
    ]


def _copy(database: sqlite3.Connection, cursor: Any, table: str) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    named = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f"DELETE FROM {table}")
    with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
        for row in database.execute(f"SELECT {named} FROM {table}"):
            copy.write_row(row)
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", (table, columns[0]))
    if sequence := cursor.fetchone()[0]:
        cursor.execute(f"SELECT setval(%s, (SELECT max({columns[0]}) + 1 FROM {table}))", (sequence,))
