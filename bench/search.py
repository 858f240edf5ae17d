"""The search at the size of the country: 1,000,000 pledges, 100,000 politicians (``--pledges N`` for fewer), in SQLite.

Side by side in one run, for 42 queries in six classes: the whole search part of a first page (words read, all six kinds found with their counts,
ranked, and their rows read, as the view does it), the engine's own raw query (the index asked for what such a
page needs of each kind: the hits counted to 1,000, the newest 200 of all and of those in title or name, and the titles and names of these, which are
ranked), and a look through all texts with instr(). Times are the processor's, which other work on the machine does not lengthen; nothing waits for a disk. Then what adding a pledge takes until it can be found, suggestions while typing, and what making all of it took.
"""

import argparse
import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.search_corpus import Library, folder, vocabulary

ROUNDS = 5
# What the choice of the engine rests on: 1,000,000 documents of the same lengths, on a like machine.
MEASURED = "227 s and 19 s to tidy up, 560 MB index, 414 MB documents; one document 0.44 / 6.5 / 14 ms"


def main() -> int:
    """Print everything; 1 when an answer differs from what a look through all texts finds."""
    options = argparse.ArgumentParser()
    options.add_argument("--pledges", type=int, default=1_000_000)
    chosen = options.parse_args()
    size = Library(pledges=chosen.pledges, politicians=chosen.pledges // 10)
    place = folder(size)
    os.environ["TSUSHINBO_DATA_DIR"] = str(place)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tsushinbo.config.settings"
    import django

    django.setup()
    print(f"{size.pledges:,} pledges, {size.politicians:,} politicians; load average {os.getloadavg()[0]:.1f}")
    _make(place)
    with closing(sqlite3.connect(place / "tsushinbo.sqlite3")) as raw:
        raw.execute("PRAGMA cache_size=-64000")
        wrong = _compare(raw)
    _typing()
    _adding()
    return 1 if wrong else 0


def _make(place: Path) -> None:
    """Make the documents and the index where they are not there yet, and say what it took."""
    from tsushinbo.search import services
    from tsushinbo.search.engine import engine
    from tsushinbo.search.models import PledgeDocument

    took = place / "search-made.txt"
    if not took.is_file():
        started = time.perf_counter()
        services.refresh_all(lambda line: print(f"  {line}", file=sys.stderr))
        documents = time.perf_counter() - started
        started = time.perf_counter()
        engine().rebuild(PledgeDocument)
        took.write_text(
            f"documents with their index {documents:.0f} s, the index of pledges alone {time.perf_counter() - started:.0f} s"
        )
    with closing(sqlite3.connect(place / "tsushinbo.sqlite3")) as database:
        database.execute("ANALYZE")
        query = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE ?"
        try:
            index, texts = (
                database.execute(query, (name,)).fetchone()[0] / 1e6
                for name in ("search\\_pledgedocument\\_fts%".replace("\\", ""), "search_pledgedocument")
            )
        except sqlite3.OperationalError:
            index = texts = float("nan")
    print(f"made: {took.read_text()}; index {index:,.0f} MB, documents {texts:,.0f} MB")
    print(f"      asked: no worse than {MEASURED}")


def queries() -> dict[str, list[str]]:
    """Forty-two queries: frequent words, words of the middle, rare ones, and pairs of these."""
    words, _ = vocabulary()
    two, three, long = ([one for one in words if len(one) == many] for many in (2, 3, 5))
    middle = [one for one in two if one not in words[:80]]
    return {
        "1 sign": ["税", "子", "谷", "東", "民", "市"],
        "2 signs, frequent": two[:9],
        "2 signs, rarer": middle[200:2_900:300],
        "3 signs": [*three[:4], *three[40:120:40]],
        "5 signs": long[:360:60],
        "two words": [f"{a} {b}" for a, b in zip(two[:6], [*middle[10:40:10], *three[:3]], strict=True)],
    }


def _compare(raw: sqlite3.Connection) -> int:
    from tsushinbo.search import words
    from tsushinbo.search.engine import engine
    from tsushinbo.search.models import DOCUMENTS, Kind
    from tsushinbo.search.queries import find, rows
    from tsushinbo.search.queries.finding import wanted
    from tsushinbo.search.views import SHOWN

    def page(typed: str) -> Any:
        asked = words.read(typed)
        return [(found := find(kind, asked, most=SHOWN[kind]), rows(kind, found.keys)) for kind in Kind]

    def engine_alone(typed: str) -> int:
        asked, read = words.read(typed), 0
        for kind, documents in DOCUMENTS.items():
            hits = engine().hits(documents, wanted(kind, asked), cap=1_001, most=200)
            if hits.total:
                ids = ", ".join(map(str, {*hits.newest, *hits.head}))
                columns = f"id, subject_id, title, names FROM {documents._meta.db_table}"
                read += len(raw.execute(f"SELECT {columns} WHERE id IN ({ids})").fetchall())
        return read

    def scan(typed: str) -> int:
        keys = words.read(typed).keys
        where = " AND ".join("(instr(title, ?) OR instr(body, ?) OR instr(names, ?))" for _ in keys)
        values = [key for key in keys for _ in range(3)]
        return int(raw.execute(f"SELECT count(*) FROM search_pledgedocument WHERE {where}", values).fetchone()[0])

    wrong = count = 0
    print(
        f"{'':<20}{'search p50':>12}{'p95':>8}{'engine p50':>12}{'p95':>8}{'÷ p50':>8}{'÷ p95 (≤ 3)':>13}{'scan ms':>9}{'scan ÷ search (≥ 50)':>22}"
    )
    for name, some in queries().items():
        search, alone, scans = [], [], []
        for typed in some:
            exact = scan(typed)
            scans.append(_time(lambda typed=typed: scan(typed)))
            found = find(Kind.PLEDGES, words.read(typed))
            wrong += found.total != min(exact, 1_000) or found.more != (exact > 1_000)
            count += 1
            page(typed), engine_alone(typed)
            for _ in range(ROUNDS):
                search.append(_time(lambda typed=typed: page(typed)))
                alone.append(_time(lambda typed=typed: engine_alone(typed)))
        s50, s95, a50, a95 = (*_two(search), *_two(alone))
        middle = statistics.median(scans)
        print(
            f"{name:<20}{s50:>12.1f}{s95:>8.1f}{a50:>12.1f}{a95:>8.1f}{s50 / a50:>8.1f}{s95 / a95:>13.1f}{middle:>9.0f}{middle / s50:>22.0f}",
            flush=True,
        )
    print(f"{count - wrong} of {count} totals of pledges as a look through all texts finds them")
    return wrong


def _typing() -> None:
    from tsushinbo.search.queries import suggest

    typed = ["た", "たに", "谷", "高", "さ", "さと", "sa", "sato", "減", "減税", "東京", "給食", "いしb"]
    for one in typed:
        suggest(one)
    times = [_time(lambda one=one: suggest(one)) for one in typed for _ in range(ROUNDS)]
    print(f"suggestions for a key, p50 / p95: {' / '.join(f'{one:.1f}' for one in _two(times))} ms")


def _adding() -> None:
    from django.utils import timezone

    from tsushinbo.pledges.models import Pledge
    from tsushinbo.search.services import catch_up

    model = Pledge.objects.filter(published=True).order_by("-created_at").first()
    assert model is not None
    catch_up()
    written, found = [], []
    for _ in range(100):
        model.pk, model.key = Pledge._meta.pk.get_default(), None
        model.created_at = timezone.now()
        written.append(_time(lambda: model.save(force_insert=True)))
        found.append(_time(catch_up))
    for name, times in (("a pledge written", written), ("and looked at, document and index written", found)):
        times.sort()
        print(f"{name}, p50 / p95 / p99: {times[50]:.1f} / {times[95]:.1f} / {times[99]:.1f} ms")


def _time(deed: Callable[[], Any]) -> float:
    started = time.thread_time()
    deed()
    return (time.thread_time() - started) * 1_000


def _two(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
