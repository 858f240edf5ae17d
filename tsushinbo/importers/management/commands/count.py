"""``tsushinbo count``: import what an election office publishes: candidates, and the count as often as it comes."""

import csv
import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tsushinbo.elections.services import Source
from tsushinbo.errors import RuleBroken
from tsushinbo.importers.counts.plan import Plan
from tsushinbo.importers.counts.run import import_count, preview
from tsushinbo.importers.refusals import Unusable

MOST_BYTES = 256 * 1024 * 1024
SHOWN = 20


class Command(BaseCommand):
    help = "Import elections, candidates and counts (CSV in UTF-8 or Shift_JIS, docs/count-csv.md). The same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--reason", default="", help="why a final result is changed; public")
        parser.add_argument("--ignore-unknown", action="store_true", help="leave out columns that nobody knows")
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, store nothing")
        parser.add_argument("--report", type=Path, metavar="REPORT.csv", help="write every refused row to this file")

    def handle(
        self, *_args: Any, file: Path, reason: str, ignore_unknown: bool, dry_run: bool, report: Path | None, **_: Any
    ) -> None:
        data = _read(file)
        at = timezone.now()
        try:
            if dry_run:
                plan = preview(data, at=at, reason=reason, ignore_unknown=ignore_unknown)
            else:
                source = Source(file=file.name, digest=hashlib.sha256(data).hexdigest())
                plan = import_count(data, source=source, at=at, reason=reason, ignore_unknown=ignore_unknown)
        except Unusable as fault:
            raise CommandError(f"{file.name}: {fault}") from None
        except RuleBroken as refusal:
            raise CommandError(f"{file.name}: {refusal.message}") from None
        if report is not None:
            _write(report, plan)
        for line in _lines(file.name, plan):
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("dry run: nothing was stored")


def _read(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise CommandError(f"{file}: there is no such file")
        if file.stat().st_size > MOST_BYTES:
            raise CommandError(f"{file}: it is larger than {MOST_BYTES // 1024 // 1024} MB; split it")
        return file.read_bytes()
    except OSError as fault:
        raise CommandError(f"{file}: it cannot be read ({fault.strerror or fault})") from None


def _write(report: Path, plan: Plan) -> None:
    try:
        with report.open("w", encoding="utf-8-sig", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(("行", "列", "理由"))
            writer.writerows(plan.refusals)
    except OSError as fault:
        raise CommandError(f"the report cannot be written to {report} ({fault.strerror})") from None


def _lines(name: str, plan: Plan) -> list[str]:
    counts = ", ".join(f"{outcome} {number:,}" for outcome, number in sorted(plan.counts.items()))
    lines = [
        f"{name} ({plan.encoding}): {plan.rows:,} rows in {len(plan.contests):,} contests; {counts or 'nothing taken'}, refused {plan.refused:,}"
    ]
    for new in plan.new_elections:
        lines.append(f"new election: {new.election.name} ({new.election.day})")
        lines += [
            f"warning: {other.name} ({other.polling_on or 'day unknown'}) of the same office and area lies near it; is the day right?"
            for other, _ in new.near
        ]
    for one in plan.contests:
        for whose, change in one.changes if one.of_final else ():
            lines.append(
                f"corrected: {one.contest} {whose} {change.what}: {change.before or '―'} → {change.after or '―'}"
            )
    lines += [f"refused: {refusal}" for refusal in plan.refusals[:SHOWN]]
    if plan.refused > SHOWN:
        lines.append(f"… and {plan.refused - SHOWN:,} more refused rows; --report FILE.csv writes them all")
    return lines
