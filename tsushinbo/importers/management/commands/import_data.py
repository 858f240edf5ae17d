"""``tsushinbo import``: load tables of open data."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tsushinbo.importers import progress
from tsushinbo.importers.loading import BATCH_ROWS
from tsushinbo.importers.run import BUNDLE, import_paths


class Command(BaseCommand):
    help = "Load tables (CSV, or CSV.GZ) in the formats of docs/data-sources.md; without a path, the bundled open data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="a table, or a folder of tables")
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="write every refused row to this file")
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, store nothing")
        parser.add_argument(
            "--batch-rows", type=int, default=BATCH_ROWS, metavar="N", help="rows a transaction (default: %(default)s)"
        )

    def handle(
        self,
        *_args: Any,
        paths: list[Path],
        report: Path | None,
        dry_run: bool,
        batch_rows: int = BATCH_ROWS,
        **_options: Any,
    ) -> None:
        given = paths or [BUNDLE]
        try:
            done = import_paths(
                given,
                progress=progress.on(sys.stdout),
                dry_run=dry_run,
                report_to=report,
                batch_rows=max(1, batch_rows),
            )
        except OSError as fault:
            raise CommandError(f"the report cannot be written to {report} ({fault.strerror})") from None
        for line in done.lines():
            self.stdout.write(line)
        if done.unusable:
            faults = "; ".join(f"{file.name} cannot be used: {file.fault}" for file in done.unusable)
            raise CommandError(faults)
