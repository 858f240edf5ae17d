"""From a file to records, whatever the file holds: no input ends in anything but a record, a broken record or ``Unusable``.

The file is read in pieces, and the length of a line and of a record is bounded, so memory stays flat. A quote that is never closed costs its
own line only: reading goes on with the line after it.
"""

import csv
import gzip
import re
import unicodedata
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from tsushinbo.importers.refusals import Unusable

PIECE = 1 << 18  # bytes read at once
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
_BOM = b"\xef\xbb\xbf"
# Control signs other than tabulator and line ends, marks that turn the direction of the text around, and what is left of damaged text.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]"
)


@dataclass(slots=True)
class Record:
    """One record of a table. ``broken`` says why its values cannot be used, ``place`` the value meant, if it is one."""

    line: int
    last_line: int
    values: list[str]
    broken: str = ""
    place: int | None = None


class _Line(NamedTuple):
    text: str
    broken: str = ""


class _Unclosed(Exception):
    """A record goes on for too long."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
    """Open a table, packed by gzip or not; also gives a function that tells how many bytes of the file were read so far."""
    try:
        # A pipe would be waited for, and cannot be read twice.
        if path.exists() and not path.is_file():
            raise Unusable("it is no ordinary file")
        file = path.open("rb")
    except FileNotFoundError:
        raise Unusable("there is no such file") from None
    except PermissionError:
        raise Unusable("this user may not read it; change its permissions") from None
    except OSError as fault:
        raise Unusable(f"it cannot be opened ({fault.strerror or fault})") from None
    with file:
        start = _read(file, 4)
        file.seek(0)
        for magic, reason in _MAGIC.items():
            if start.startswith(magic):
                raise Unusable(reason)
        if start.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast("BinaryIO", unpacked), file.tell
        else:
            yield file, file.tell


class Lines:
    """The lines of a table, decoded and checked, with a place to put back those that were read too far.

    Going on raises Unusable when the file turns out not to be UTF-8, or breaks off.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = _lines(stream)
        self._returned: deque[_Line] = deque()
        self.number = 0

    def __iter__(self) -> Iterator[_Line]:
        return self

    def __next__(self) -> _Line:
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.number += 1
        return line

    def put_back(self, lines: list[_Line]) -> None:
        """Let ``lines`` come again, before all others."""
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)


def _lines(stream: BinaryIO) -> Iterator[_Line]:
    """Every line without its end."""
    ascii_so_far, number = True, 0
    for piece in _pieces(stream):
        if piece is None:
            number += 1
            yield _Line("", f"is longer than {LONGEST_LINE:,} bytes")
            continue
        if number == 0 and b"\r" in piece.split(b"\n", 1)[0].rstrip(b"\r"):
            raise Unusable("its lines end in CR alone; save it with LF or CRLF line ends")
        try:
            # Nearly every piece is good, and checked as a whole in a fraction of the time.
            text = piece.decode()
        except UnicodeDecodeError:
            for raw in piece.removesuffix(b"\n").split(b"\n"):
                number += 1
                line = _decoded(raw)
                if ascii_so_far and line.broken:
                    raise Unusable(_other_encoding(raw, number)) from None
                ascii_so_far = ascii_so_far and line.text.isascii()
                yield line
            continue
        ascii_so_far = ascii_so_far and text.isascii()
        for whole in _normal(text).removesuffix("\n").split("\n"):
            number += 1
            yield _Line(whole.removesuffix("\r"))


def _pieces(stream: BinaryIO) -> Iterator[bytes | None]:
    """The file in pieces of whole lines; None stands for a line that is too long to be read."""
    rest, first, skipping = b"", True, False
    while block := _read(stream):
        if first:
            block, first = block.removeprefix(_BOM), False
        if skipping:
            _, end, block = block.partition(b"\n")
            if not end:
                continue
            skipping = False
        whole, end, tail = (rest + block).rpartition(b"\n")
        if end:
            yield whole + end
        rest = tail
        if len(rest) > LONGEST_LINE:
            yield None
            rest, skipping = b"", True
    if rest:
        yield rest


def _read(stream: BinaryIO, most: int = PIECE) -> bytes:
    try:
        return stream.read(most)
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise Unusable(f"the packed file breaks off or is damaged ({fault})") from None
    except OSError as fault:
        raise Unusable(f"it cannot be read on ({fault.strerror or fault})") from None


def _normal(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _decoded(raw: bytes) -> _Line:
    try:
        return _Line(_normal(raw.decode()).removesuffix("\r"))
    except UnicodeDecodeError as fault:
        return _Line("", f"is not UTF-8 (byte 0x{raw[fault.start]:02X} at place {fault.start + 1})")


def _other_encoding(raw: bytes, number: int) -> str:
    """Say what the first line that is not ASCII seems to be written in."""
    for encoding, name in (("euc_jp", "EUC-JP"), ("cp932", "Shift_JIS")):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return f"line {number} is not UTF-8 but looks like {name}; save the file as UTF-8"
    return f"line {number} is not UTF-8; save the file as UTF-8"


def header(lines: Lines) -> list[str]:
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


def records(lines: Lines, columns: int | None = None) -> Iterator[Record]:
    """The records of a table, each with ``columns`` values where that is given; empty lines are passed over."""
    for text, broken in lines:
        number = lines.number
        if broken:
            yield Record(number, number, [], broken)
        elif '"' in text:
            yield _quoted(text, number, lines, columns)
        elif text:
            # Nothing forbidden is printable but U+FFFD, what is left of a letter that an earlier conversion lost.
            clean = text.isprintable() and "\ufffd" not in text
            yield _checked(Record(number, number, text.split(",")), columns, clean=clean)


def _quoted(first: str, number: int, lines: Lines, columns: int | None) -> Record:
    """A record with quotes, which may span several lines. When it cannot be read, only its first line is lost."""
    taken: list[_Line] = []

    def feed() -> Iterator[str]:
        yield first + "\n"
        for line in lines:
            taken.append(line)
            if line.broken or len(taken) >= LONGEST_RECORD:
                raise _Unclosed
            yield line.text + "\n"

    try:
        values = next(csv.reader(feed(), strict=True))
    except (csv.Error, _Unclosed):
        lines.put_back(taken)
        return Record(number, number, [], "has a quote that is out of place or never closed")
    record = _checked(Record(number, number + len(taken), values), columns, clean=False)
    if record.broken and taken:
        lines.put_back(taken)
        record.last_line = number
    return record


def _checked(record: Record, columns: int | None, *, clean: bool) -> Record:
    """Mark a record that has too few or too many values, or a value with a sign that no text needs."""
    if columns is not None and len(record.values) != columns:
        record.broken = f"has {len(record.values)} values for {columns} columns"
    elif not clean:
        place = _forbidden(record.values)
        if place is not None:
            found = FORBIDDEN.findall(record.values[place])[0]
            record.broken = f"holds the sign U+{ord(found):04X}, which no text needs"
            record.place = place
    return record


def _forbidden(values: Iterable[str]) -> int | None:
    return next((place for place, value in enumerate(values) if FORBIDDEN.search(value)), None)
