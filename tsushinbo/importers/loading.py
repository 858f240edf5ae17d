"""Loads one file: reads rows, refuses what is not understood, stores the rest batch by batch."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, OperationalError, transaction

from tsushinbo.importers.duplicates import Seen
from tsushinbo.importers.known import Known
from tsushinbo.importers.models import ImportedFile
from tsushinbo.importers.progress import ImportProgress
from tsushinbo.importers.queries import progress_of
from tsushinbo.importers.reading import Lines, Record, header, opened, records
from tsushinbo.importers.refusals import Refusal, Refused, Unusable
from tsushinbo.importers.report import FileReport, RefusalLog
from tsushinbo.importers.rows import Row
from tsushinbo.importers.services import advance_file
from tsushinbo.importers.tables import detect
from tsushinbo.importers.tables.base import AnyTable, Batch, Item
from tsushinbo.sources.keeping import Outcome

BATCH_ROWS = 5_000
TELL_EVERY = 1_000


@dataclass(frozen=True)
class Source:
    """A file that holds a table."""

    path: Path
    name: str
    table: AnyTable
    columns: tuple[str, ...]
    size: int

    def digest(self) -> str:
        """The SHA-256 of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def inspect(path: Path, name: str) -> Source:
    """Look at the first line of a file. Raises Unusable when it holds no table."""
    with opened(path) as (stream, _):
        columns = header(Lines(stream))
    return Source(path, name, detect(columns), tuple(columns), path.stat().st_size)


def is_finished(source: Source) -> bool:
    """Whether this very content was loaded to its end under this name, by the rules of today."""
    rows = ImportedFile.objects.filter(name=source.name, digest=source.digest(), reader=source.table.reader)
    return rows.filter(finished_at__isnull=False).exists()


@dataclass
class Loader:
    """Loads files one after another, each with the same settings."""

    at: datetime
    log: RefusalLog
    progress: ImportProgress
    batch_rows: int = BATCH_ROWS
    known: Known = field(default_factory=Known)
    read_before: int = 0

    def load(self, source: Source) -> FileReport:
        """Load a file and say what became of its rows. Nothing that the file holds raises."""
        report = FileReport(source.name, source.table.name)
        if extra := [column for column in source.columns if column not in source.table.columns]:
            report.notes[f"unknown columns, left out: {', '.join(map(repr, extra))}"] += 1
        try:
            with opened(source.path) as (stream, position), Seen() as seen:
                _File(self, source, report, seen).load(Lines(stream), position)
        except Unusable as fault:
            report.fault = str(fault)
        except OperationalError as fault:
            reason = " ".join(str(fault).split())
            report.fault = f"the database gave up ({reason}); import again, it goes on where it stopped"
        self.read_before += source.size
        return report


class _Waiting(NamedTuple):
    """A row that was read and waits to be stored, with its id in the file."""

    key: str
    item: Item[Any]


class _File:
    """One file while it is loaded."""

    def __init__(self, loader: Loader, source: Source, report: FileReport, seen: Seen) -> None:
        self._loader = loader
        self._source = source
        self._table = source.table
        self._places = {column: place for place, column in enumerate(source.columns)}
        self._keys = [self._places[column] for column in source.table.key]
        self._report = report
        self._seen = seen
        self._digest = source.digest()
        # A file that was finished is compared from its first line on, and its record stays as it is unless something changes.
        done = progress_of(name=source.name, digest=self._digest, reader=source.table.reader)
        self._first_time = done is None or done.finished_at is None
        self._report.resumed_after = done.lines_done if done and self._first_time else 0

    def load(self, lines: Lines, position: Callable[[], int]) -> None:
        """Read the file to its end and store what is good. Raises Unusable when it breaks off."""
        header(lines)
        waiting: list[_Waiting] = []
        last_line = 0
        try:
            for count, record in enumerate(records(lines, len(self._source.columns)), start=1):
                last_line = record.last_line
                if row := self._read(record):
                    waiting.append(row)
                if len(waiting) >= self._loader.batch_rows:
                    self._take(waiting, last_line)
                    waiting = []
                if count % TELL_EVERY == 0:
                    self._tell(position())
        except Unusable:
            # What was read before the damage is good.
            self._take(waiting, last_line)
            raise
        self._take(waiting, last_line, ends=True)
        self._tell(self._source.size)

    def _read(self, record: Record) -> _Waiting | None:
        if record.broken:
            column = "" if record.place is None else self._source.columns[record.place]
            self._refuse(record.line, column, record.broken)
            return None
        try:
            read = self._table.read(Row(self._places, record.values, record.line), self._loader.known)
        except Refused as refused:
            self._refuse(record.line, refused.column, refused.reason)
            return None
        return _Waiting("\n".join([record.values[place].strip() for place in self._keys]), Item(record.line, read))

    def _take(self, waiting: Sequence[_Waiting], last_line: int, *, ends: bool = False) -> None:
        """Refuse ids that stood in the file before, pass over what an earlier try stored, and store the rest."""
        twice = self._seen.add([(key, item.line) for key, item in waiting])
        for line, earlier in twice.items():
            columns = " and ".join(self._table.key)
            self._refuse(line, self._table.key[0], f"duplicate: line {earlier} has the same {columns}")
        resumed = self._report.resumed_after
        items = [item for _, item in waiting if item.line > resumed and item.line not in twice]
        self._store(items, last_line, ends=ends)

    def _store(self, items: Sequence[Item[Any]], last_line: int, *, ends: bool) -> None:
        """Store a batch in one transaction. When the database refuses it, find the rows it refuses by halves."""
        batch = Batch(self._source.name, self._loader.at, self._loader.known)
        try:
            with transaction.atomic():
                if self._first_time:
                    advance_file(self._done(last_line, ends=ends))
                if items:
                    self._table.store(batch, items)
                if not self._first_time and ends and (self._report.changed or _changes(batch)):
                    advance_file(self._done(last_line, ends=True))
        except (IntegrityError, DataError) as fault:
            # What was looked up may have been rolled back.
            self._loader.known = Known()
            if not items:
                raise
            if middle := len(items) // 2:
                self._store(items[:middle], items[middle].line - 1, ends=False)
                self._store(items[middle:], last_line, ends=ends)
            else:
                self._refuse(items[0].line, "", f"the database refuses it: {' '.join(str(fault).split())}")
                self._store([], last_line, ends=ends)
            return
        if self._table.is_looked_up and _changes(batch):
            self._loader.known = Known()
        self._report.add(batch.counts, batch.notes, batch.doubts)
        for refusal in batch.refusals:
            self._report.refuse(refusal, self._loader.log)

    def _done(self, last_line: int, *, ends: bool) -> ImportedFile:
        return ImportedFile(
            name=self._source.name,
            digest=self._digest,
            reader=self._table.reader,
            lines_done=last_line,
            finished_at=self._loader.at if ends else None,
        )

    def _refuse(self, line: int, column: str, reason: str) -> None:
        self._report.refuse(Refusal(self._source.name, line, column, reason), self._loader.log)

    def _tell(self, position: int) -> None:
        self._loader.progress.reach(self._source.name, self._loader.read_before + position)


def _changes(batch: Batch) -> bool:
    return bool(batch.counts[Outcome.CREATED] or batch.counts[Outcome.UPDATED])
