"""Imported rows beside raw ``executemany`` of the same rows into the same tables, and the memory the import needs.

Raw: the rows lie ready in memory and go in by one ``executemany`` a table, a transaction each, with the settings of the site. Import:
everything from the files on: unpacking, reading, checking, matching people, comparing, writing, remembering how far it came.
"""

import argparse
import csv
import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROUNDS = 5
TIMES = 10
GOAL = 0.2
# The tables that grow with every election; the rest of the bundle stays as it is in the larger one.
GROWING = ("elections.csv", "candidacies.csv", "pr_votes_by_municipality_hr51.csv.gz")


def main() -> None:
    """Print rows a second of both, their ratio, and the peak memory for the bundle and for one ten times as large."""
    options = _parser().parse_args()
    if options.import_once:
        _import_once(options.import_once)
        return
    with _folder() as folder:
        _speed(folder)
        _memory(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--import-once", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)
    return parser


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder beside the checkout's own data: one in memory would flatter whatever waits for the disk."""
    var = Path(__file__).parents[1] / "var"
    var.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-imports-", dir=var))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(folder: Path) -> None:
    """Start Django with an empty, migrated database in ``folder``."""
    os.environ["TSUSHINBO_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tsushinbo.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _speed(folder: Path) -> None:
    _set_up(folder)
    from django.db import connection

    from tsushinbo.importers.run import import_bundle

    import_bundle()
    tables = [(model._meta.db_table, *_rows(model)) for model in _models()]
    rows = sum(len(values) for _, _, values in tables)
    raw, imported = [], []
    for _ in range(ROUNDS):
        _empty()
        raw.append(_timed(lambda: _insert(tables)))
        _empty()
        imported.append(_timed(import_bundle))
    print(f"{rows:,} rows in {len(tables)} tables, {connection.vendor}, {ROUNDS} rounds taking turns, medians")
    for name, times in (("raw executemany", raw), ("import", imported)):
        seconds = statistics.median(wall for wall, _ in times)
        print(f"{name:<16} {rows / seconds:>10,.0f} rows/s  {seconds:>7.3f} s")
    wall, processor = ([a[i] / b[i] for a, b in zip(raw, imported, strict=True)] for i in (0, 1))
    print(
        f"{'import ÷ raw':<16} {statistics.median(wall):>10.1%} (goal {GOAL:.0%}; rounds {min(wall):.1%} … {max(wall):.1%})"
    )
    print(
        f"{'  processor time':<16} {statistics.median(processor):>10.1%} (does not wait for the disk or for others on the machine)"
    )
    connection.close()


def _models() -> list[Any]:
    """Every table that the import fills, those that others point at first."""
    from django.apps import apps

    rooms = ("sources", "people", "elections", "pledges", "importers")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return [model for model in models if model.objects.exists()]


def _rows(model: Any) -> tuple[list[str], list[Any]]:
    """The columns of a table and its rows as they lie in the database."""
    from django.db import connection

    columns = [field.column for field in model._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(connection.ops.quote_name, columns))} FROM {model._meta.db_table}")
        return columns, cursor.fetchall()


def _insert(tables: list[tuple[str, list[str], list[Any]]]) -> None:
    from django.db import connection, transaction

    for table, columns, rows in tables:
        names = ", ".join(map(connection.ops.quote_name, columns))
        places = ", ".join(["%s"] * len(columns))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def _empty() -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def _timed(deed: Any) -> tuple[float, float]:
    """Seconds on the clock, and seconds of processor time."""
    started, spent = time.perf_counter(), time.process_time()
    deed()
    return time.perf_counter() - started, time.process_time() - spent


def _memory(folder: Path) -> None:
    from tsushinbo.importers.run import BUNDLE

    large = folder / "large"
    _multiply(BUNDLE, large)
    figures = []
    for data in (BUNDLE, large):
        site = Path(tempfile.mkdtemp(dir=folder))
        environment = {**os.environ, "TSUSHINBO_DATA_DIR": str(site)}
        migrate = [sys.executable, "-m", "tsushinbo", "manage", "migrate", "--verbosity=0"]
        subprocess.run(migrate, env=environment, check=True)
        command = [sys.executable, "-m", "bench.imports", "--import-once", str(data)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        rows, before, peak, seconds = done.stdout.split()
        figures.append(int(peak))
        print(
            f"{int(rows):>9,} rows read: peak memory {int(peak) / 1024:.0f} MiB ({int(before) / 1024:.0f} before it began), {float(seconds):.1f} s"
        )
    print(f"memory for {TIMES}× the rows of the growing tables: {figures[1] / figures[0]:.2f}×")


def _multiply(bundle: Path, large: Path) -> None:
    """Copy the bundle with each election, its candidacies and its votes ten times."""
    shutil.copytree(bundle, large, ignore=shutil.ignore_patterns("*.md"))
    for name in GROWING:
        pack = gzip.open if name.endswith(".gz") else open
        with pack(bundle / name, "rt", newline="") as source, pack(large / name, "wt", newline="") as target:
            reader = csv.DictReader(source)
            writer = csv.DictWriter(target, reader.fieldnames or [])
            writer.writeheader()
            rows = list(reader)
            for copy in range(TIMES):
                for row in rows:
                    keys = {
                        column: f"{row[column]}-{copy}"
                        for column in ("election_id", "candidacy_id")
                        if copy and column in row
                    }
                    writer.writerow({**row, **keys})


def _import_once(data: Path) -> None:
    """Import ``data`` in this process and print rows, memory before, peak memory (KiB) and seconds.

    SQLite's page cache is held small: it fills up to its own bound (64 MiB) with any large database and would hide the import.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "tsushinbo.config.settings"
    import django
    from django.db import connection

    django.setup()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-2048")
            cursor.execute("PRAGMA mmap_size=0")
    from tsushinbo.importers.run import import_paths
    from tsushinbo.sources.keeping import Outcome

    before = _peak_memory()
    started = time.perf_counter()
    report = import_paths([data])
    seconds = time.perf_counter() - started
    rows = sum(report.total(outcome) for outcome in Outcome) + report.refused
    print(rows, before, _peak_memory(), seconds)


def _peak_memory() -> int:
    """Peak resident memory of this program in KiB. The kernel's ru_maxrss would count the parent's memory from before the start."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


if __name__ == "__main__":
    main()
