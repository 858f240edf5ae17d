"""From a file to records, whatever the file holds: no input ends in anything but a record, a broken record or ``Unusable``.

Lines are read one by one and bounded in length, so memory stays flat. A quote that is never closed costs its own line only: reading
goes on with the line after it.
"""

import csv
import gzip
import re
import unicodedata
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from tsushinbo.importers.refusals import Unusable

LONGEST_LINE = 1_000_000  # bytes
LONGEST_RECORD = 200  # lines: a quoted field may hold line feeds
_MAGIC = {
    b"PK\x03\x04": "it is a ZIP file, perhaps a workbook (XLSX); save the table as CSV in UTF-8",
    b"\xd0\xcf\x11\xe0": "it is an old workbook (XLS); save the table as CSV in UTF-8",
    b"%PDF": "it is a PDF, not a table",
    b"\xff\xfe": "it is UTF-16; save it as CSV in UTF-8",
    b"\xfe\xff": "it is UTF-16; save it as CSV in UTF-8",
    b"SQLi": "it is a database, not a table",
}
# Control signs other than tabulator and line ends, and marks that turn the direction of the text around.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\uffff]"
)


@dataclass(slots=True)
class Record:
    """One record of a table. ``broken`` says why its values cannot be used, ``place`` the value meant, if it is one."""

    line: int
    last_line: int
    values: list[str]
    broken: str = ""
    place: int | None = None


@dataclass(slots=True)
class _Line:
    number: int
    text: str
    broken: str = ""


class _Unclosed(Exception):
    """A record goes on for too long."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
    """Open a table, packed by gzip or not; also gives a function that tells how many bytes of the file were read so far."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            for magic, reason in _MAGIC.items():
                if start.startswith(magic):
                    raise Unusable(reason)
            if start.startswith(b"\x1f\x8b"):
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield cast("BinaryIO", unpacked), file.tell
            else:
                yield file, file.tell
    except IsADirectoryError:
        raise Unusable("it is a folder") from None
    except FileNotFoundError:
        raise Unusable("there is no such file") from None
    except PermissionError:
        raise Unusable("this user may not read it; change its permissions") from None


def header(lines: "Lines") -> list[str]:
    """Read the names of the columns. Raises Unusable when there are none, or one stands twice."""
    first = next(records(lines), None)
    if first is None:
        raise Unusable("it is empty; the first line must name the columns")
    if first.broken:
        raise Unusable(f"its first line {first.broken}; it must name the columns")
    names = [name.strip() for name in first.values]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Unusable(f"column {', '.join(map(repr, twice))} stands twice in its first line")
    return names


class Lines:
    """The lines of a table, each decoded and checked, with a place to put back those that were read too far."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._returned: deque[_Line] = deque()
        self._number = 0
        self._ascii_so_far = True

    def next(self) -> _Line | None:
        """The next line with its number from 1, or None at the end. Raises Unusable when the file is not UTF-8 or breaks off."""
        if self._returned:
            return self._returned.popleft()
        raw = self._read()
        if not raw:
            return None
        self._number += 1
        if len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            self._skip_line()
            return _Line(self._number, "", f"is longer than {LONGEST_LINE:,} bytes")
        if self._number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
            if b"\r" in raw.rstrip(b"\r\n"):
                raise Unusable("its lines end in CR alone; save it with LF or CRLF line ends")
        return self._decoded(raw)

    def put_back(self, lines: list[_Line]) -> None:
        """Let ``lines`` come again, before all others."""
        self._returned.extendleft(reversed(lines))

    def _decoded(self, raw: bytes) -> _Line:
        try:
            text = raw.decode()
        except UnicodeDecodeError as fault:
            if self._ascii_so_far:
                raise Unusable(_other_encoding(raw, self._number)) from None
            return _Line(self._number, "", f"is not UTF-8 (byte 0x{raw[fault.start]:02X} at place {fault.start + 1})")
        if self._ascii_so_far and not text.isascii():
            self._ascii_so_far = False
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
        return _Line(self._number, text)

    def _read(self, most: int = LONGEST_LINE + 1) -> bytes:
        try:
            return self._stream.readline(most)
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            raise Unusable(f"the packed file breaks off or is damaged after line {self._number} ({fault})") from None
        except OSError as fault:
            raise Unusable(f"it cannot be read on after line {self._number} ({fault.strerror or fault})") from None

    def _skip_line(self) -> None:
        while (more := self._read()) and not more.endswith(b"\n"):
            pass


def _other_encoding(raw: bytes, number: int) -> str:
    """Say what the first line that is not ASCII seems to be written in."""
    for encoding, name in (("euc_jp", "EUC-JP"), ("cp932", "Shift_JIS")):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return f"line {number} is not UTF-8 but looks like {name}; save the file as UTF-8"
    return f"line {number} is not UTF-8; save the file as UTF-8"


def records(lines: Lines, columns: int | None = None) -> Iterator[Record]:
    """The records of a table, each with ``columns`` values where that is given; empty lines are passed over."""
    while (line := lines.next()) is not None:
        if line.broken:
            yield Record(line.number, line.number, [], line.broken)
        elif '"' in line.text:
            yield _quoted(line, lines, columns)
        elif text := line.text.rstrip("\r\n"):
            yield _checked(Record(line.number, line.number, text.split(",")), columns, printable=text.isprintable())


def _quoted(first: _Line, lines: Lines, columns: int | None) -> Record:
    """A record with quotes, which may span several lines. When it cannot be read, only its first line is lost."""
    taken: list[_Line] = []

    def feed() -> Iterator[str]:
        yield first.text
        while (line := lines.next()) is not None:
            taken.append(line)
            if line.broken or len(taken) >= LONGEST_RECORD:
                raise _Unclosed
            yield line.text

    try:
        values = next(csv.reader(feed(), strict=True))
    except (csv.Error, _Unclosed):
        lines.put_back(taken)
        return Record(first.number, first.number, [], "has a quote that is out of place or never closed")
    record = _checked(Record(first.number, first.number + len(taken), values), columns, printable=False)
    if record.broken and taken:
        lines.put_back(taken)
        record.last_line = first.number
    return record


def _checked(record: Record, columns: int | None, *, printable: bool) -> Record:
    """Mark a record that has too few or too many values, or a value with a sign that no text needs."""
    if columns is not None and len(record.values) != columns:
        record.broken = f"has {len(record.values)} values for {columns} columns"
    elif not printable:
        for place, value in enumerate(record.values):
            if found := FORBIDDEN.search(value):
                record.broken = f"holds the sign U+{ord(found[0]):04X}, which no text needs"
                record.place = place
                break
    return record
