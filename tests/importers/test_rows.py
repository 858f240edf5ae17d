"""The typed reading of one value: what is understood, and what is refused with its column."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.importers.refusals import Refused
from tsushinbo.importers.rows import Row, check_digit

pytestmark = pytest.mark.any_database
READERS: dict[str, Callable[[Row], object]] = {
    "text": lambda row: row.text("c", 10),
    "lines": lambda row: row.lines("c", 10),
    "name": lambda row: row.name("c", 20),
    "kana": lambda row: row.kana("c", 10),
    "key": lambda row: row.key("c", 10),
    "choice": lambda row: row.choice("c", {"a": "A"}),
    "flag": lambda row: row.flag("c"),
    "whole": lambda row: row.whole("c", 1, 99),
    "decimal": lambda row: row.decimal("c", 1000, 3),
    "degrees": lambda row: row.degrees("c", 90),
    "when": lambda row: row.when("c"),
    "day": lambda row: row.day("c"),
    "year": lambda row: row.year("c"),
    "url": lambda row: row.url("c", 100),
    "area_code": lambda row: row.area_code("c"),
}


def row(value: str) -> Row:
    return Row({"c": 0}, [value], 2)


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        ("text", " 見本 ", "見本"),
        ("lines", "一\r\n二", "一\n二"),
        ("name", "大倉たかひろ（副議長）", "大倉たかひろ"),
        ("name", "青木　愛", "青木愛"),
        ("kana", "アオキ あい", "あおきあい"),
        ("key", "p-1", "p-1"),
        ("choice", "a", "A"),
        ("flag", "1", True),
        ("flag", "", None),
        ("whole", "42", 42),
        ("whole", "", None),
        ("decimal", "12", 12),
        ("decimal", "12.340", Decimal("12.34")),
        ("degrees", "-12.5", -12.5),
        ("when", "2027-04", "2027-04"),
        ("when", "2006", "2006"),
        ("when", "2024-02-29", "2024-02-29"),
        ("when", "", ""),
        ("day", "2024-02-29", date(2024, 2, 29)),
        ("day", "", None),
        ("year", "1970", 1970),
        ("url", "https://www.example.com/a?b=c#d", "https://www.example.com/a?b=c#d"),
        ("url", "", ""),
        ("area_code", "131091", "131091"),
    ],
)
def test_what_is_understood(reader: str, value: str, read: object) -> None:
    assert READERS[reader](row(value)) == read


@pytest.mark.parametrize(
    ("reader", "value", "reason"),
    [
        ("text", "12345678901", "has 11 characters; at most 10 are allowed"),
        ("text", "一\n二", "holds a line break"),
        ("lines", "", "is empty"),
        ("lines", "1234567890\n1", "has 12 characters; at most 10 are allowed"),
        ("kana", "青木", "'青木' is not written in kana"),
        ("key", "", "is empty"),
        ("key", "p 1", "'p 1' is no id: it holds a space"),
        ("choice", "b", "'b' is none of a"),
        ("flag", "yes", "'yes' is neither 0 nor 1"),
        ("whole", "100", "'100' is not a whole number from 1 to 99"),
        ("whole", "1.5", "'1.5' is not a whole number from 1 to 99"),
        ("whole", "１", "'１' is not a whole number from 1 to 99"),
        ("decimal", "-1", "'-1' is not a number from 0 to 1,000"),
        ("decimal", "1e3", "'1e3' is not a number from 0 to 1,000"),
        ("decimal", "1001", "'1001' is not a number from 0 to 1,000"),
        ("decimal", "1.2345", "'1.2345' has more than 3 decimals"),
        ("degrees", "91", "'91' is not a number of degrees from -90 to 90"),
        ("when", "2024/01/02", "'2024/01/02' is not a date; write 2027-04-30, 2027-04 or 2027"),
        ("when", "2023-02-29", "'2023-02-29' is an impossible date: that month has no day 29"),
        ("when", "2023-13", "'2023-13' is an impossible date: there is no month 13"),
        ("when", "0999", "'0999' is an impossible date: the year must be from 1870 to 2100"),
        ("day", "2024-02", "'2024-02' is not a whole date; write 2027-04-30"),
        ("year", "2024-02", "'2024-02' is not a year"),
        ("url", "javascript:alert(1)", "it must begin with https:// or http://"),
        ("url", "https:// example.com", "it must begin with https:// or http://"),
        ("area_code", "13109", "'13109' is not a code of six digits"),
        ("area_code", "131092", "'131092' is not a code: its check digit would be 1"),
    ],
)
def test_what_is_refused(reader: str, value: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        READERS[reader](row(value))
    assert refused.value.column == "c"
    assert reason in refused.value.reason


@pytest.mark.parametrize("reader", READERS)
@given(value=st.text() | st.text(alphabet="0123456789-./+e１２ ", max_size=14) | st.from_regex(r"https?://\S*"))
def test_no_text_ends_in_anything_but_a_value_or_a_refusal(reader: str, value: str) -> None:
    try:
        READERS[reader](row(value))
    except Refused as refused:
        assert refused.column == "c"  # noqa: PT017 - either way is right; this only looks at the refusal


@pytest.mark.parametrize(
    ("start", "end", "right"),
    [
        ("2020", "2021-04", True),
        ("2020-04", "2020", True),
        ("2020-05", "2020-04", False),
        ("2020-04-02", "2020-04-01", False),
        ("", "2020", True),
    ],
)
def test_dates_of_any_exactness_are_compared(start: str, end: str, right: bool) -> None:
    both = Row({"a": 0, "b": 1}, [start, end], 2)
    if right:
        both.in_order("a", "b")
    else:
        with pytest.raises(Refused, match="lies before a"):
            both.in_order("a", "b")


@pytest.mark.parametrize(("code", "digit"), [("13109", 1), ("01000", 6), ("13000", 1), ("27000", 8), ("47382", 1)])
def test_check_digits_are_those_of_the_standard(code: str, digit: int) -> None:
    assert check_digit(code) == digit
