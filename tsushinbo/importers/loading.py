"""Loads the files of a table: reads rows, refuses what is not understood, stores the rest batch by batch."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, OperationalError, transaction

from tsushinbo.importers.duplicates import Seen
from tsushinbo.importers.known import Known
from tsushinbo.importers.models import ImportedFile
from tsushinbo.importers.progress import ImportProgress
from tsushinbo.importers.reading import Lines, header, opened, records
from tsushinbo.importers.refusals import Refusal, Refused, Unusable
from tsushinbo.importers.report import FileReport, RefusalLog
from tsushinbo.importers.rows import Row
from tsushinbo.importers.services import advance_files
from tsushinbo.importers.tables import detect
from tsushinbo.importers.tables.base import AnyTable, Batch, Item

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
    digest: str

    @property
    def identity(self) -> tuple[str, str, str]:
        """What its progress is kept under: name, digest of the content, reader with the version of its rules."""
        return (self.name, self.digest, self.table.reader)


def inspect(path: Path, name: str) -> Source:
    """Look at the first line of a file. Raises Unusable when it holds no table."""
    with opened(path) as (stream, _):
        columns = header(Lines(stream))
    table = detect(columns)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(path, name[-200:], table, tuple(columns), path.stat().st_size, digest)


@dataclass
class Loader:
    """What all files of one import share."""

    at: datetime
    log: RefusalLog
    progress: ImportProgress
    so_far: dict[tuple[str, str, str], ImportedFile]
    batch_rows: int = BATCH_ROWS
    known: Known = field(default_factory=Known)
    read_before: int = 0
    doubts: int = 0

    def load(self, table: AnyTable, sources: Iterable[Source]) -> Iterator[FileReport]:
        """Load the files of a table and say what became of their rows, each when it is stored. Nothing that they hold raises."""
        with Seen() as seen:
            yield from _Table(self, table, seen).load(sources)


class _File:
    """One file while it is loaded."""

    def __init__(self, source: Source, number: int, so_far: ImportedFile | None) -> None:
        self.source = source
        self.number = number
        self.report = FileReport(source.name, source.table.name)
        self.places = {column: place for place, column in enumerate(source.columns)}
        self.last_line = 0
        self.is_read = False
        self.is_stored = False
        # A file that was finished is compared from its first line on, and its record stays as it is unless something changes.
        self.is_new = so_far is None or so_far.finished_at is None
        self.report.resumed_after = so_far.lines_done if so_far and self.is_new else 0
        if extra := [column for column in source.columns if column not in source.table.columns]:
            self.report.notes[f"unknown columns, left out: {', '.join(map(repr, extra))}"] += 1

    def progress(self, at: datetime) -> ImportedFile:
        """How far it is once everything read so far is stored."""
        name, digest, reader = self.source.identity
        finished_at = at if self.is_read else None
        return ImportedFile(name=name, digest=digest, reader=reader, lines_done=self.last_line, finished_at=finished_at)


class _Table:
    """The files of one table. Small ones share a batch, so a table of many small files costs no more than one of a large file."""

    def __init__(self, loader: Loader, table: AnyTable, seen: Seen) -> None:
        self._loader = loader
        self._table = table
        self._key = table.key
        self._seen = seen
        self._names: list[str] = []
        self._files: list[_File] = []
        self._ids: list[tuple[str, int, int]] = []
        self._waiting: list[Item[Any]] = []

    def load(self, sources: Iterable[Source]) -> Iterator[FileReport]:
        for number, source in enumerate(sources):
            file = _File(source, number, self._loader.so_far.get(source.identity))
            self._files.append(file)
            self._names.append(source.name)
            try:
                with opened(source.path) as (stream, position):
                    self._read_file(file, Lines(stream), position)
                file.is_read = True
            except Unusable as fault:
                # What was read before the damage is good, and stored with the rest.
                file.report.fault = str(fault)
            except OperationalError as fault:
                self._give_up(fault)
            self._loader.read_before += source.size
            self._tell(file, 0)
            yield from self._done()
        try:
            self._flush()
        except OperationalError as fault:
            self._give_up(fault)
        yield from self._done(everything=True)

    def _done(self, *, everything: bool = False) -> Iterator[FileReport]:
        """The reports of files of which every row is stored, or of all that are left."""
        while self._files and (everything or self._files[0].is_stored):
            yield self._files.pop(0).report

    def _give_up(self, fault: OperationalError) -> None:
        reason = " ".join(str(fault).split())
        for file in self._files:
            file.report.fault = f"the database gave up ({reason}); import again, it goes on where it stopped"
        self._ids, self._waiting = [], []

    def _read_file(self, file: _File, lines: Lines, position: Callable[[], int]) -> None:
        header(lines)
        read = self._table.read
        for count, record in enumerate(records(lines, len(file.source.columns)), start=1):
            if record.broken:
                column = "" if record.place is None else file.source.columns[record.place]
                self._refuse(file, record.line, column, record.broken)
            else:
                row = Row(file.places, record.values, record.line)
                try:
                    self._wait(file, row, read(row, self._loader.known))
                except Refused as refused:
                    self._refuse(file, record.line, refused.column, refused.reason)
            file.last_line = record.last_line
            if len(self._waiting) >= self._loader.batch_rows:
                self._flush()
            if count % TELL_EVERY == 0:
                self._tell(file, position())

    def _wait(self, file: _File, row: Row, record: Any) -> None:
        """Put a row among those that wait to be stored."""
        key = row[self._key[0]] if len(self._key) == 1 else "\n".join([row[column] for column in self._key])
        self._ids.append((key, file.number, row.line))
        self._waiting.append(Item(file.source.name, row.line, record))

    def _flush(self) -> None:
        """Refuse ids that stood before, pass over what an earlier try stored, and store the rest that waits."""
        ids, items = self._ids, self._waiting
        self._ids, self._waiting = [], []
        twice = self._seen.add(ids)
        first = self._files[0].number if self._files else 0
        resumed = any(file.report.resumed_after for file in self._files)
        if twice or resumed:
            kept = []
            for (_, number, line), item in zip(ids, items, strict=True):
                file = self._files[number - first]
                if earlier := twice.get((number, line)):
                    where = "" if earlier[0] == number else f" of {self._names[earlier[0]]}"
                    same = f"duplicate: line {earlier[1]}{where} has the same {' and '.join(self._table.key)}"
                    self._refuse(file, line, self._table.key[0], same)
                elif line > file.report.resumed_after:
                    kept.append(item)
            items = kept
        self._store(items, self._files)
        for file in self._files:
            file.is_stored = file.is_read

    def _store(self, items: Sequence[Item[Any]], files: Sequence[_File]) -> None:
        """Store a batch in one transaction, with how far ``files`` are then. What the database refuses is found by halves."""
        batch = Batch(self._loader.at, self._loader.known)
        try:
            with transaction.atomic():
                advance_files([file.progress(self._loader.at) for file in files if file.is_new])
                if items:
                    self._table.store(batch, items)
                changed = [file for file in files if file.report.changed or file.source.name in batch.changed]
                advance_files([file.progress(self._loader.at) for file in changed if file.is_read and not file.is_new])
        except (IntegrityError, DataError) as fault:
            if not items:
                raise
            # What was looked up may have been rolled back.
            self._loader.known = Known()
            if middle := len(items) // 2:
                self._store(items[:middle], [])
                self._store(items[middle:], files)
            else:
                batch = Batch(self._loader.at, self._loader.known)
                batch.refuse(items[0], "", f"the database refuses it: {' '.join(str(fault).split())}")
                self._report(batch)
                self._store([], files)
            return
        if self._table.is_looked_up and batch.changed:
            self._loader.known = Known()
        self._report(batch)

    def _report(self, batch: Batch) -> None:
        """Add what came of a batch to the reports of its files."""
        reports = {file.source.name: file.report for file in self._files}
        for (name, outcome), times in batch.counts.items():
            reports[name].counts[outcome] += times
        for (name, text), times in batch.notes.items():
            reports[name].notes[text] += times
        for refusal in batch.refusals:
            reports[refusal.file].refuse(refusal, self._loader.log)
        self._loader.doubts += batch.doubts

    def _refuse(self, file: _File, line: int, column: str, reason: str) -> None:
        file.report.refuse(Refusal(file.source.name, line, column, reason), self._loader.log)

    def _tell(self, file: _File, position: int) -> None:
        self._loader.progress.reach(file.source.name, self._loader.read_before + position)
