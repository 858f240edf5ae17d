"""What an import did, in numbers and in words."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from tsushinbo.importers.refusals import Refusal
from tsushinbo.sources.keeping import Outcome

# Refused rows kept in memory a file; --report writes them all.
KEPT = 200
SHOWN = 20


class RefusalLog:
    """Writes every refused row to a CSV file as it comes, or nowhere."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            # The mark at the beginning lets spreadsheets read it as UTF-8.
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(("file", "line", "column", "reason"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, refusal: Refusal) -> None:
        """Add a refused row."""
        if self._file is not None:
            csv.writer(self._file).writerow((refusal.file, refusal.line or "", refusal.column, refusal.reason))


@dataclass
class FileReport:
    """What became of the rows of one file. ``fault`` says why it, or its rest, could not be used."""

    name: str
    table: str = ""
    counts: Counter[Outcome] = field(default_factory=Counter)
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    resumed_after: int = 0
    fault: str = ""

    def refuse(self, refusal: Refusal, log: RefusalLog) -> None:
        """Count a refused row; the first ones are kept to be shown."""
        self.refused += 1
        if len(self.refusals) < KEPT:
            self.refusals.append(refusal)
        log.write(refusal)

    @property
    def changed(self) -> bool:
        """Whether any row of it changed what is on record."""
        return bool(self.counts[Outcome.CREATED] or self.counts[Outcome.UPDATED])

    def __str__(self) -> str:
        counts = ", ".join(f"{outcome} {self.counts[outcome]:,}" for outcome in Outcome)
        rest = f"; went on after line {self.resumed_after:,}" if self.resumed_after else ""
        return f"{self.name}: {counts}, refused {self.refused:,}{rest}"


@dataclass
class Report:
    """What an import did with every file."""

    files: list[FileReport] = field(default_factory=list)
    matched: int = 0
    merged: int = 0
    doubts: int = 0
    open_doubts: int = 0
    dry_run: bool = False

    @property
    def unusable(self) -> list[FileReport]:
        """The files that could not be used, or not to their end."""
        return [file for file in self.files if file.fault]

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(file.refused for file in self.files)

    def total(self, outcome: Outcome) -> int:
        """How many rows of all files came to ``outcome``."""
        return sum(file.counts[outcome] for file in self.files)

    def lines(self) -> Iterator[str]:
        """The report in words: the sums, then everything a person should look at."""
        counts = ", ".join(f"{outcome} {self.total(outcome):,}" for outcome in Outcome)
        ending = " (dry run: nothing was stored)" if self.dry_run else ""
        yield f"total: {counts}, refused {self.refused:,}{ending}"
        if self.matched:
            yield f"{self.matched:,} candidates without an id were found to be politicians on record"
        if self.merged:
            yield f"{self.merged:,} politicians on record twice became one"
        for file in self.files:
            for text, times in sorted(file.notes.items()):
                yield f"{file.name}: {text}" + (f" ({times:,} rows)" if times > 1 else "")
        yield from self._refused()
        if self.open_doubts:
            new = f", {self.doubts:,} of them new" if self.doubts else ""
            yield f"{self.open_doubts:,} doubtful matches wait for a person{new}: tsushinbo manage doubtful_matches"

    def _refused(self) -> Iterator[str]:
        refusals = [refusal for file in self.files for refusal in sorted(file.refusals, key=lambda row: row.line)]
        for refusal in refusals[:SHOWN]:
            yield f"refused: {refusal}"
        if self.refused > SHOWN:
            yield f"… and {self.refused - SHOWN:,} more refused rows; --report FILE.csv writes them all"
