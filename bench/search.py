"""The search at the size of the country: 1,000,000 pledges and 100,000 politicians (``--pledges N`` for fewer), in SQLite or with ``--postgresql``.

Side by side in one run, in turns, for 42 queries in six classes:

- search: the whole search part of a first page (``search_asked.page``): words read, all six kinds found with their counts, ranked, and their rows read;
- engine: the same index asked directly through sqlite3 or psycopg for what such a page needs of pledges, the biggest kind: ids counted to 1,001, the
  newest 200 of those in title or name, and the titles and names of these and of the newest 200, which are ranked; in FTS5 a sign alone is the beginning of
  a word. And the same of all six kinds, as the page asks for six;
- scan: all documents that hold the words counted by instr() or strpos().

Before that every query's ids and total are compared with those of the look through all texts. Times are those of the processor (of this thread and of
the server process that answers it), which other work on the machine lengthens less than seconds passed; where the server's cannot be read, seconds passed.
Then what making all of it took, what adding one document takes, suggestions for each key, and pages over HTTP beside hello.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import search_postgresql
from bench.nation import manage
from bench.pages import beside_hello
from bench.search_corpus import Library, folder
from bench.site import server

ROUNDS, ADDED, HTTP_ROUNDS = 5, 200, 60
# What the choice of the engine rests on: 1,000,000 documents of 15 and 116 signs on a like machine, quiet for the queries.
MEASURED = "227 s and 19 s to tidy up, 560 MB index, 414 MB documents (4.3 and 3.2 bytes a sign)"
ONE_ADDED = {"sqlite": "0.44 / 6.5 / 14", "postgresql": "0.7 / 1.4 / 2.2"}
TYPED = ("た", "たに", "谷", "高", "さ", "さと", "sa", "sato", "減", "減税", "東京", "給食", "いしb")


def main() -> int:
    """Print everything; 1 when an answer differs from what a look through all texts finds."""
    options = argparse.ArgumentParser()
    options.add_argument("--pledges", type=int, default=1_000_000)
    options.add_argument("--postgresql", action="store_true", help="in a cluster made for it, or that of DATABASE_URL")
    chosen = options.parse_args()
    if chosen.postgresql and "DATABASE_URL" not in os.environ:
        return search_postgresql.in_a_cluster([sys.executable, "-m", "bench.search", *sys.argv[1:]])
    size = Library(pledges=chosen.pledges, politicians=chosen.pledges // 10)
    place = folder(size)
    if not chosen.postgresql:
        os.environ.pop("DATABASE_URL", None)
    os.environ["TSUSHINBO_DATA_DIR"] = str(place)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tsushinbo.config.settings"
    import django

    django.setup()
    print(f"{size.pledges:,} pledges, {size.politicians:,} politicians; load average {os.getloadavg()[0]:.1f}")
    if chosen.postgresql:
        search_postgresql.fill(place / "tsushinbo.sqlite3")
    else:
        _make(place)
    wrong = _compare()
    _typing()
    _adding()
    if not chosen.postgresql:
        _over_http(place)
    return 1 if wrong else 0


def _make(place: Path) -> None:
    """Make the documents and the index where they are not there yet, and say what it took."""
    from django.db import connection

    from tsushinbo.search import services
    from tsushinbo.search.engine import engine
    from tsushinbo.search.engine.fts import keep_statistics_large
    from tsushinbo.search.models import PledgeDocument

    took = place / "search-made.txt"
    if not took.is_file():
        lines = []
        # As the chores leave it: the tables were analysed while they were empty.
        keep_statistics_large()
        for name, deed in (
            (
                "documents with their index",
                lambda: services.refresh_all(lambda line: print(f"  {line}", file=sys.stderr)),
            ),
            ("the index of pledges alone", lambda: engine().rebuild(PledgeDocument)),
        ):
            began, worked = time.perf_counter(), time.process_time()
            deed()
            lines.append(
                f"{name} {time.perf_counter() - began:.0f} s ({time.process_time() - worked:.0f} s of the processor)"
            )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        keep_statistics_large()
        took.write_text(", ".join(lines))
    _stated(took.read_text())


def _stated(took: str) -> None:
    from django.db import connection

    size = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name {}"
    with connection.cursor() as cursor:
        index, texts, signs = (
            cursor.execute(sql).fetchone()[0]
            for sql in (
                size.format("GLOB 'search_pledgedocument_fts*'"),
                size.format("= 'search_pledgedocument'"),
                "SELECT sum(length(title) + length(body) + length(names)) FROM search_pledgedocument",
            )
        )
    print(f"made: {took}; index {index / 1e6:,.0f} MB, documents {texts / 1e6:,.0f} MB")
    print(f"      {index / signs:.1f} and {texts / signs:.1f} bytes a sign; measured: {MEASURED}")


def _compare() -> int:
    from bench import search_asked as asked

    wrong: list[str] = []
    count = 0
    print(
        f"{'ms, p50 / p95 / p99':<19}{'search':>20}{'engine, pledges':>20}{'p95 ÷':>7}{'engine, six kinds':>20}{'p95 ÷':>7}{'scan':>7}{'÷ search':>9}"
    )
    for name, some in asked.queries().items():
        ways: list[Callable[[str], Any]] = [asked.page, asked.of_pledges, asked.of_all_kinds]
        times: list[list[float]] = [[] for _ in ways]
        scans = []
        for typed in some:
            wrong += asked.differences(typed)
            count += 1
            scans.append(_time(lambda typed=typed: asked.look_through(typed)))
            for way in ways:
                way(typed)
            for _ in range(ROUNDS):
                for way, taken in zip(ways, times, strict=True):
                    taken.append(_time(lambda way=way, typed=typed: way(typed)))
        search, alone, six = map(_cuts, times)
        scan = statistics.median(scans)
        print(
            f"{name:<19}{_said(search):>20}{_said(alone):>20}{search[1] / alone[1]:>7.1f}{_said(six):>20}{search[1] / six[1]:>7.1f}{scan:>7.0f}{scan / search[0]:>9.0f}",
            flush=True,
        )
    for line in wrong:
        print(f"  WRONG {line}")
    print(
        f"{count - len({line.split(',')[0] for line in wrong})} of {count} queries find what a look through all texts finds, by total and ids"
    )
    print("asked for: p95 of the search within 3 times the engine's, and the scan at least 50 times the search")
    return len(wrong)


def _typing() -> None:
    from tsushinbo.search.queries import suggest

    times = []
    for one in TYPED:
        suggest(one)
        times += [_time(lambda one=one: suggest(one)) for _ in range(ROUNDS)]
    print(f"suggestions for a key, p50 / p95 / p99: {_said(_cuts(times))} ms")


def _adding() -> None:
    """Add documents, each in a transaction of its own, and pledges that the worker then looks at; all are taken out again. Seconds passed."""
    from django.db import connection
    from django.utils import timezone

    from tsushinbo.pledges.models import Pledge
    from tsushinbo.search.models import PledgeDocument
    from tsushinbo.search.services import catch_up

    catch_up()
    texts = [
        PledgeDocument(
            title=one.title,
            body=one.body,
            names=one.names,
            facets=one.facets,
            shown_at=timezone.now(),
            subject_id=-n - 1,
        )
        for n, one in enumerate(PledgeDocument._default_manager.order_by("-pk")[:ADDED])
    ]
    for how, sync in (("as the site writes", None), ("without waiting for the disk, as measured then", "NORMAL")):
        if sync and connection.vendor != "sqlite":
            continue
        with connection.cursor() as cursor:
            if sync:
                cursor.execute(f"PRAGMA synchronous={sync}")
            bare = [_passed(lambda one=one: PledgeDocument.save(one, force_insert=True)) for one in texts]
            PledgeDocument._default_manager.filter(subject__lt=0).delete()
            if sync:
                cursor.execute("PRAGMA synchronous=FULL")
        for one in texts:
            one.pk = None
        print(
            f"one document in a transaction of its own, {how}: {_said(_cuts(bare))} ms; measured: {ONE_ADDED[connection.vendor]}"
        )
    model = Pledge.objects.filter(published=True).order_by("-created_at", "pk").first()
    assert model is not None
    written, followed, keys = [], [], []
    for _ in range(ADDED):
        model.pk, model.key, model.created_at = Pledge._meta.pk.get_default(), None, timezone.now()
        keys.append(model.pk)
        written.append(_passed(lambda: model.save(force_insert=True)))
        followed.append(_passed(catch_up))
    Pledge.objects.filter(pk__in=keys).delete()
    catch_up()
    print(
        f"a pledge written: {_said(_cuts(written))} ms; then looked at, its document and the index written: {_said(_cuts(followed))} ms"
    )


def _over_http(place: Path) -> None:
    from urllib.parse import quote

    if not (place / "static").is_dir():
        manage(place, "collectstatic", "--noinput", "--verbosity=0")
    pages = {
        f"/search/?q={typed}": f"/search/?q={quote(typed)}" for typed in ("税", "減税", "給食無償化", "減税 消費税")
    }
    pages["suggestions for 減"] = f"/search/suggest/?q={quote('減')}"
    with server(place) as connection:
        beside_hello(connection, pages, rounds=HTTP_ROUNDS)


def _time(deed: Callable[[], Any]) -> float:
    """Milliseconds of the processor, of this thread and of the server process that answers it."""
    try:
        before = time.thread_time_ns() + search_postgresql.worked()
        deed()
        return (time.thread_time_ns() + search_postgresql.worked() - before) / 1e6
    except OSError:
        return _passed(deed)


def _passed(deed: Callable[[], Any]) -> float:
    started = time.perf_counter()
    deed()
    return (time.perf_counter() - started) * 1_000


def _cuts(times: Sequence[float]) -> tuple[float, float, float]:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def _said(cuts: tuple[float, float, float]) -> str:
    return " / ".join(f"{one:.1f}" if one < 100 else f"{one:.0f}" for one in cuts)


if __name__ == "__main__":
    sys.exit(main())
