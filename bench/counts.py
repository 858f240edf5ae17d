"""The import of an election office's CSV beside raw ``executemany`` of the same rows: 60,000 candidacies, with the count and once more with a later one.

Raw: the rows lie ready in memory and go in by one ``executemany`` a table, a transaction each, with the settings of the site. Import: everything
from the bytes of the file on: decoding, reading, checking every row and every contest by the rules of a count, comparing with what is on
record, writing, the record of what was entered, and looking for the candidates among the politicians on record.
"""

import argparse
import statistics
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.imports import _folder, _insert, _rows, _set_up, _timed

ROUNDS = 5
CANDIDATES = 60_000
PER_CONTEST = 4
GOAL = 0.2
NIGHT = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
TABLES = ("Election", "Contest", "Candidacy", "CountEntry")
SURNAMES = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤"]
GIVEN = ["太郎", "花子", "一郎", "次郎", "三郎", "桜子", "健太", "美咲", "翔", "結衣"]


def main() -> None:
    """Print rows a second of both and their ratio, for the first import and for a later count over it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=CANDIDATES)
    options = parser.parse_args()
    with _folder() as folder:
        _measure(folder, options.candidates)


def csv_of(candidates: int, *, final: bool) -> bytes:
    """A file as offices publish them: Shift_JIS, the era's years, contests of four."""
    lines = [
        "選挙名,投票日,職,団体コード,選挙区,定数,開票率,開票時刻,投票率,当日有権者数,届出番号,候補者名,ふりがな,党派,推薦,新旧,年齢,職業,得票数,当落"
    ]
    percent, clock = ("確定", "23時40分") if final else ("48.25", "21時35分")
    for number in range(candidates):
        contest, place = divmod(number, PER_CONTEST)
        name = f"{SURNAMES[number % 10]}{GIVEN[number // 10 % 10]}{number}"
        votes = f"{9000 - place * 700 + (contest % 500 if final else 0)}{'.25' if place == 1 else ''}"
        won = "" if not final else "当" if place == 0 else "落"
        lines.append(
            f"見本県議会議員選挙,令和8年11月29日,県議会議員,131091,見本第{contest + 1}区,1,{percent},{clock},51.34,{70000 + contest % 90},{place + 1},"
            f"{name},みほん,無所属,{'見本党' if place == 0 else ''},{'新現元新'[place]},{30 + number % 50},会社員,{votes},{won}"
        )
    return "\r\n".join([*lines, ""]).encode("cp932")


def _measure(folder: Path, candidates: int) -> None:
    _set_up(folder)
    from django.db import connection

    from tsushinbo.elections import models
    from tsushinbo.elections.services import Source
    from tsushinbo.importers.counts.run import import_count
    from tsushinbo.people.models import Area, Party

    Party.objects.create(id=1, key="independent", name="無所属", folded="無所属")
    Area.objects.create(code="131091", name="見本市", kind="city")
    first, later = csv_of(candidates, final=False), csv_of(candidates, final=True)

    def load(data: bytes) -> Any:
        plan = import_count(data, source=Source(file="bench.csv"), at=NIGHT)
        assert not plan.refusals, plan.refusals[:3]
        return plan

    load(first)
    tables = [(model._meta.db_table, *_rows(model)) for model in (getattr(models, name) for name in TABLES)]
    rows = sum(len(values) for _, _, values in tables)
    raw, imported, again, same = [], [], [], []
    for _ in range(ROUNDS):
        _empty(models)
        raw.append(_timed(lambda: _insert(tables)))
        _empty(models)
        imported.append(_timed(lambda: load(first)))
        again.append(_timed(lambda: load(later)))
        same.append(_timed(lambda: load(later)))
    print(f"{candidates:,} candidacies in {candidates // PER_CONTEST:,} contests, a file of {len(first) / 1e6:.1f} MB in Shift_JIS; {rows:,} rows in {len(tables)} tables, {connection.vendor}, {ROUNDS} rounds taking turns, medians")  # fmt: skip
    for name, times in (("raw executemany", raw), ("import", imported), ("a later count", again), ("the same again", same)):  # fmt: skip
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


def _empty(models: Any) -> None:
    """Take all out again; the record only grows, so its guard is lifted for that moment."""
    from django.db import connection

    from tsushinbo.moderation.append_only import guard, lift

    table = models.CountEntry._meta.db_table
    with connection.cursor() as cursor:
        for statement in lift(connection.vendor, table):
            cursor.execute(statement)
        for name in reversed(TABLES):
            cursor.execute(f"DELETE FROM {getattr(models, name)._meta.db_table}")
        for statement in guard(connection.vendor, table):
            cursor.execute(statement)


if __name__ == "__main__":
    main()
