"""Imports tables of open data: the one entry for the command, the server's first start, and tests."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tsushinbo.importers.candidates import match_candidates
from tsushinbo.importers.loading import BATCH_ROWS, Loader, Source, inspect
from tsushinbo.importers.models import ImportedFile
from tsushinbo.importers.progress import ImportProgress, Silent
from tsushinbo.importers.queries import open_doubts, progress_of
from tsushinbo.importers.refusals import Refusal, Unusable
from tsushinbo.importers.report import FileReport, RefusalLog, Report
from tsushinbo.importers.services import MATCHING
from tsushinbo.importers.tables import TABLES

BUNDLE = Path(__file__).resolve().parents[1] / "data"
ENDINGS = (".csv", ".csv.gz")


def import_paths(
    paths: Sequence[Path],
    *,
    progress: ImportProgress | None = None,
    dry_run: bool = False,
    report_to: Path | None = None,
    batch_rows: int = BATCH_ROWS,
    at: datetime | None = None,
) -> Report:
    """Load files and folders of tables and return what became of their rows.

    Files are taken in the order in which they need each other. What a file holds never raises: a row that is not understood is
    refused, a file that cannot be used is named in the report. dry_run: everything is done in one transaction that is taken back at
    the end. report_to: a CSV file for every refused row. Raises OSError when that cannot be written.
    """
    at = at or timezone.now()
    report = Report(dry_run=dry_run)
    with ExitStack() as stack:
        log = stack.enter_context(RefusalLog(report_to))
        tell = stack.enter_context(progress or Silent())
        sources = _sources(paths, report, log)
        if dry_run:
            stack.enter_context(transaction.atomic())
        tell.plan(sum(source.size for source in sources))
        so_far = progress_of([source.name for source in sources])
        loader = Loader(at=at, log=log, progress=tell, so_far=so_far, batch_rows=batch_rows)
        for table, files in groupby(sources, key=lambda source: source.table):
            for file in loader.load(table, files):
                if file.fault:
                    log.write(Refusal(file.name, 0, "", file.fault))
                report.files.append(file)
                tell.finish(file)
        found = match_candidates(at=at)
        report.matched = found.linked
        report.merged = found.merged
        report.open_doubts = open_doubts().count()
        # Some that were new may be settled already, by a table of identities.
        report.doubts = min(loader.doubts + found.doubts, report.open_doubts)
        if dry_run:
            transaction.set_rollback(True)
    return report


def import_bundle(
    *, progress: ImportProgress | None = None, dry_run: bool = False, report_to: Path | None = None
) -> Report:
    """Load the open data that comes with the package."""
    return import_paths([BUNDLE], progress=progress, dry_run=dry_run, report_to=report_to)


def bundle_is_loaded() -> bool:
    """Whether every table of the bundle, as it is today, was loaded to its end; reads the files, not the rows."""
    if ImportedFile.objects.filter(**MATCHING, finished_at=None).exists():
        return False
    sources = [inspect(path, name) for path, name in _files(BUNDLE)]
    finished = {
        identity for identity, file in progress_of([source.name for source in sources]).items() if file.finished_at
    }
    return finished.issuperset(source.identity for source in sources)


def _sources(paths: Sequence[Path], report: Report, log: RefusalLog) -> list[Source]:
    """The tables among ``paths`` in the order in which they need each other; what is no table goes to the report."""
    sources: dict[Path, Source] = {}
    for given in paths:
        for path, name in _files(given):
            try:
                sources.setdefault(path.resolve(), inspect(path, name))
            except Unusable as fault:
                report.files.append(FileReport(name, fault=str(fault)))
                log.write(Refusal(name, 0, "", str(fault)))
    return sorted(sources.values(), key=lambda source: (TABLES.index(source.table), source.name))


def _files(given: Path) -> Iterator[tuple[Path, str]]:
    """The tables of a folder with their names inside it, or the file itself."""
    if not given.is_dir():
        yield given, given.name
        return
    for path in sorted(given.rglob("*")):
        inside = path.relative_to(given)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.name.endswith(ENDINGS) and path.is_file() and not hidden:
            yield path, inside.as_posix()
