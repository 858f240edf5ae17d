"""From the bytes of a CSV to its records, whatever they are: UTF-8 with or without a mark, or Shift_JIS (CP932), as offices publish.

The reading of lines and quotes is that of every import (importers.reading); here are the encodings, the names of the columns, and Japanese
words for what is wrong, because who reads them sits in an election office or at the desk of an editor.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tsushinbo.importers import reading
from tsushinbo.importers.counts.columns import BY_CODE, CODES, COLUMNS, NEEDED
from tsushinbo.importers.reading import LONGEST_LINE, Lines, Record
from tsushinbo.importers.refusals import Unusable
from tsushinbo.japanese.folding import fold

_MAGIC = {
    b"PK\x03\x04": "Excel（xlsx）などの圧縮ファイルです。CSVで保存し直してください",
    b"\xd0\xcf\x11\xe0": "古いExcel（xls）のファイルです。CSVで保存し直してください",
    b"%PDF": "PDFです。表をCSVにしてください",
    b"\xff\xfe": "文字コードがUTF-16です。UTF-8かShift_JISのCSVで保存し直してください",
    b"\xfe\xff": "文字コードがUTF-16です。UTF-8かShift_JISのCSVで保存し直してください",
    b"\x1f\x8b": "圧縮されたファイル（gzip）です。元のCSVを使ってください",
}
_ELECTION_IN_EUC = "選挙".encode("euc_jp")
_BOM = b"\xef\xbb\xbf"
_WORDS = (
    (re.compile(r"is longer than .*"), f"行が長すぎます。{LONGEST_LINE:,}バイトまでです"),
    (re.compile(r"has a quote .*"), "引用符（\"）の位置が正しくないか、閉じていません"),
    (re.compile(r"has (\d+) values for (\d+) columns"), r"値が\1個あります。1行目の列は\2個です"),
    (re.compile(r"holds the sign U\+FFFD.*"), "この文字コードでは読めない文字があります"),
    (re.compile(r"holds the sign (U\+\w+).*"), r"文章に使わない記号（\1）があります"),
)  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """A CSV whose first line was understood. ``codes``: what each place holds, None what is not known, "" what is not kept."""

    encoding: str
    names: tuple[str, ...]
    codes: tuple[str | None, ...]
    lines: Lines

    def place(self, code: str) -> int | None:
        """Where a column stands."""
        return self.codes.index(code) if code in self.codes else None

    def records(self) -> Iterator[Record]:
        """Every record, broken ones with a reason in Japanese; what a spreadsheet leaves empty is passed over."""
        for record in reading.records(self.lines, len(self.names)):
            if record.broken:
                record.broken = said(record.broken)
            elif not any(record.values) or not any(value.strip() for value in record.values):
                continue
            yield record


def said(reason: str) -> str:
    """A reason of the reader in Japanese."""
    for pattern, words in _WORDS:
        if pattern.fullmatch(reason):
            return pattern.sub(words, reason)
    return reason


def open_table(data: bytes) -> Opened:
    """Look at the bytes and the first line. Raises Unusable with a Japanese reason where they are no such table."""
    if not data.strip(b"\xef\xbb\xbf\r\n\t ,"):
        raise Unusable("ファイルが空です。1行目に列の名前、2行目から値を書いてください")
    for magic, reason in _MAGIC.items():
        if data.startswith(magic):
            raise Unusable(reason)
    head = data[:4_000].split(b"\n", 1)[0]
    if _ELECTION_IN_EUC in head and not _decodes(head, "utf-8"):
        raise Unusable("文字コードがEUC-JPのようです。UTF-8かShift_JISで保存し直してください")
    encoding, text = _as_utf8(data)
    lines = Lines(io.BytesIO(text))
    first = next(reading.records(lines), None)
    if first is None or first.broken:
        raise Unusable(f"1行目を列の名前として読めません：{said(first.broken) if first else '何もありません'}")
    names = tuple(name.strip() for name in first.values)
    return Opened(encoding, names, _codes(names), lines)


def _as_utf8(data: bytes) -> tuple[str, bytes]:
    """What the file is written in, and its bytes in UTF-8. Where neither fits, the one that more of its lines fit; the others are refused."""
    body = data.removeprefix(_BOM)
    if b"\r" in body and b"\n" not in body:
        # Some spreadsheets end lines in CR alone.
        body = body.replace(b"\r", b"\n")
    try:
        body.decode()
        return "UTF-8", body
    except UnicodeDecodeError:
        pass
    if data.startswith(_BOM):
        return "UTF-8", body.decode(errors="replace").encode()
    try:
        return "Shift_JIS", body.decode("cp932").encode()
    except UnicodeDecodeError:
        lines = body.split(b"\n", 2_000)
    if sum(_decodes(line, "utf-8") for line in lines) >= sum(_decodes(line, "cp932") for line in lines):
        return "UTF-8", body.decode(errors="replace").encode()
    return "Shift_JIS", body.decode("cp932", errors="replace").encode()


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _codes(names: Sequence[str]) -> tuple[str | None, ...]:
    codes = tuple(CODES.get(fold(name)) if name else None for name in names)
    if missing := [column.name for column in NEEDED if column.code not in codes]:
        raise Unusable(_unknown_header(names, missing))
    for code in {code for code in codes if code}:
        if codes.count(code) > 1:
            both = "」と「".join(name for name, own in zip(names, codes, strict=True) if own == code)
            raise Unusable(
                f"1行目に、同じことを表す列が2つあります（「{both}」）。「{BY_CODE[code].name}」を1つだけにしてください"
            )
    named = [name for name in names if name]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise Unusable(f"1行目に、同じ名前の列が2つあります（「{'」「'.join(twice)}」）")
    return codes


def _unknown_header(names: Sequence[str], missing: Sequence[str]) -> str:
    """Say what the first line lacks, and where it can be told, why."""
    wanted = f"1行目に列「{'」「'.join(missing)}」がありません"
    for sign, word in (
        ("\t", "タブ"),
        (";", "セミコロン"),
        ("；", "全角のセミコロン"),
        ("，", "全角のコンマ"),
        ("、", "読点"),
    ):
        if len(names) <= 2 and any(sign in name for name in names):
            return f"{wanted}。区切りがコンマではなく{word}のようです。コンマ区切りのCSVで保存し直してください"
    found = "」「".join(name[:20] for name in names[:6])
    known = "」「".join(column.name for column in COLUMNS[:4])
    return (
        f"{wanted}。見つかったのは「{found}」です。表の題などは消し、1行目に「{known}」のような列の名前を書いてください"
    )
