"""From any file to records."""

import csv
import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsushinbo.importers import reading
from tsushinbo.importers.reading import Lines, Record, header, opened, records
from tsushinbo.importers.refusals import Unusable

pytestmark = pytest.mark.any_database


def read(path: Path) -> tuple[list[str], list[Record]]:
    with opened(path) as (stream, _):
        lines = Lines(stream)
        names = header(lines)
        return names, list(records(lines, len(names)))


def written(tmp_path: Path, content: bytes, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def values(tmp_path: Path, content: bytes) -> list[list[str]]:
    return [record.values for record in read(written(tmp_path, content))[1] if not record.broken]


def broken(tmp_path: Path, content: bytes) -> list[tuple[int, str]]:
    return [(record.line, record.broken) for record in read(written(tmp_path, content))[1] if record.broken]


def test_a_plain_table_is_read(tmp_path: Path) -> None:
    names, rows = read(written(tmp_path, "a,b\n1,青木愛\n2,\n".encode()))
    assert names == ["a", "b"]
    assert [(row.line, row.values) for row in rows] == [(2, ["1", "青木愛"]), (3, ["2", ""])]


def test_a_byte_order_mark_and_crlf_make_no_difference(tmp_path: Path) -> None:
    assert values(tmp_path, b"\xef\xbb\xbf" + "a,b\r\n1,青木愛\r\n".encode()) == [["1", "青木愛"]]


def test_a_last_line_without_an_end_is_read(tmp_path: Path) -> None:
    assert values(tmp_path, b"a,b\n1,2") == [["1", "2"]]


def test_empty_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    assert [record.line for record in read(written(tmp_path, b"a,b\n\n\n1,2\n\n"))[1]] == [4]


def test_a_quoted_value_may_hold_commas_quotes_and_lines(tmp_path: Path) -> None:
    _, rows = read(written(tmp_path, b'a,b\n1,"x, ""y""\nz"\n2,3\n'))
    assert rows[0].values == ["1", 'x, "y"\nz']
    assert (rows[0].line, rows[0].last_line, rows[1].line) == (2, 3, 4)


def test_a_packed_table_is_read(tmp_path: Path) -> None:
    assert read(written(tmp_path, gzip.compress(b"a,b\n1,2\n"), "table.csv.gz"))[1][0].values == ["1", "2"]


def test_a_decomposed_letter_becomes_one(tmp_path: Path) -> None:
    assert values(tmp_path, "a\nか\u3099\n".encode()) == [["が"]]


def test_a_row_with_too_few_or_too_many_values_is_broken(tmp_path: Path) -> None:
    assert broken(tmp_path, b"a,b\n1\n1,2\n1,2,3\n") == [
        (2, "has 1 values for 2 columns"),
        (4, "has 3 values for 2 columns"),
    ]


@pytest.mark.parametrize("tail", [b'3,"x"y\n4,5\n', b'3,"x\n4,5\n', b'"3,x\n4,5\n'])
def test_a_stray_quote_costs_its_own_line_only(tmp_path: Path, tail: bytes) -> None:
    content = b"a,b\n1,2\n" + tail
    assert broken(tmp_path, content) == [(3, "has a quote that is out of place or never closed")]
    assert values(tmp_path, content) == [["1", "2"], ["4", "5"]]


def test_two_stray_quotes_do_not_swallow_what_lies_between(tmp_path: Path) -> None:
    content = b'a,b\n"1,2\n3,4\n5,6"\n7,8\n'
    assert ["3", "4"] in values(tmp_path, content)
    assert ["7", "8"] in values(tmp_path, content)


def test_a_nul_byte_breaks_its_own_row_only(tmp_path: Path) -> None:
    _, rows = read(written(tmp_path, b"a,b\n1,x\x00y\n2,z\n"))
    assert (rows[0].broken, rows[0].place) == ("holds the sign U+0000, which no text needs", 1)
    assert rows[1].values == ["2", "z"]


@pytest.mark.parametrize("sign", ["\u202e", "\u200f", "\ufeff", "\x1b", "\ufffd", "\u2028"])
def test_signs_that_hide_or_turn_text_are_refused(tmp_path: Path, sign: str) -> None:
    assert broken(tmp_path, f"a\nx{sign}y\n".encode()) == [
        (2, f"holds the sign U+{ord(sign):04X}, which no text needs")
    ]


def test_a_line_that_is_too_long_is_broken_and_the_rest_is_read(tmp_path: Path) -> None:
    content = b"a,b\n1,2\n" + b"x" * (reading.LONGEST_LINE + 3 * reading.PIECE) + b"\n3,4\n"
    assert broken(tmp_path, content) == [(3, "is longer than 1,000,000 bytes")]
    assert values(tmp_path, content) == [["1", "2"], ["3", "4"]]


def test_a_file_of_one_endless_line_is_unusable(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"first line is longer than 1,000,000 bytes"):
        read(written(tmp_path, b"x" * 5_000_000))


def test_a_damaged_letter_late_in_the_file_breaks_its_row_only(tmp_path: Path) -> None:
    content = "a,b\n1,青木\n".encode() + b"2,\x83\x84\n" + "3,愛\n".encode()
    assert broken(tmp_path, content) == [(3, "is not UTF-8 (byte 0x83 at place 3)")]
    assert values(tmp_path, content) == [["1", "青木"], ["3", "愛"]]


@pytest.mark.parametrize(("encoding", "name"), [("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")])
def test_another_encoding_is_named(tmp_path: Path, encoding: str, name: str) -> None:
    with pytest.raises(Unusable, match=rf"line 3 is not UTF-8 but looks like {name}; save the file as UTF-8"):
        read(written(tmp_path, "a,b\n1,2\n2,北海道第1区\n".encode(encoding)))


def test_bytes_of_no_encoding_are_unusable(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"line 2 is not UTF-8; save the file as UTF-8"):
        read(written(tmp_path, b"a,b\n\x81,2\n"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"\n\n", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        ("a,b\n1,2\n".encode("utf-16"), "it is UTF-16"),
        (b"PK\x03\x04rest", "workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"a,b\r1,2\r3,4\r", "CR alone"),
        (b"a,b,a\n", "'a' stands twice"),
        (b'"a,b\n', "has a quote"),
        (b"a\x00,b\n", "U+0000"),
        (gzip.compress(b"a,b\n1,2\n" * 10_000)[:-20], "breaks off or is damaged"),
        (b"\x1f\x8b\x08\x00damaged", "breaks off or is damaged"),
    ],
)
def test_a_file_that_holds_no_table_is_unusable(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(Unusable, match=reason.replace("+", r"\+")):
        read(written(tmp_path, content))


def test_a_missing_file_and_what_is_no_file_are_unusable(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "nothing")
    for name, reason in (
        ("nothing.csv", "no such file"),
        ("dangling.csv", "no such file"),
        ("", "no ordinary file"),
        ("pipe.csv", "no ordinary file"),
    ):
        with pytest.raises(Unusable, match=reason):
            read(tmp_path / name)


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_file_ends_in_anything_but_records_or_unusable(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = written(tmp_path_factory.mktemp("any"), content)
    try:
        names, rows = read(path)
    except Unusable:
        return
    assert all(row.broken or len(row.values) == len(names) for row in rows)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.text(alphabet='青,"\n\rx ', max_size=6), min_size=2, max_size=2).filter(lambda row: any(row)),
        max_size=20,
    )
)
def test_what_a_csv_writer_wrote_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([["a", "b"], *rows])
    read_back = read(path)[1]
    assert [row.broken for row in read_back] == [""] * len(rows)
    assert [[value.replace("\r", "\n") for value in row.values] for row in read_back] == [
        [value.replace("\r\n", "\n").replace("\r", "\n") for value in row] for row in rows
    ]
