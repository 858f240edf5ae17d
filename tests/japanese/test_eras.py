"""Days and times as offices write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.japanese.eras import read_day, read_moment

POLLS = date(2026, 2, 8)


@pytest.mark.parametrize(
    "text",
    ["令和8年2月8日", "Ｒ８．２．８", "r8/2/8", "2026年2月8日（日）", "2026-02-08", "2026/2/8", "２０２６年２月８日", "令和8年2月8日(日曜日)"],
)  # fmt: skip
def test_one_day_in_many_ways(text: str) -> None:
    assert read_day(text) == POLLS


@pytest.mark.parametrize(
    ("text", "day"),
    [("令和元年5月1日", date(2019, 5, 1)), ("平成31年4月30日", date(2019, 4, 30)), ("大正15年12月25日", date(1926, 12, 25)), ("昭和元年12月25日", date(1926, 12, 25)), ("昭和64年1月7日", date(1989, 1, 7))],
)  # fmt: skip
def test_eras_end_where_the_next_begins(text: str, day: date) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text",
    ["平成31年5月1日", "令和元年4月30日", "昭和64年1月8日", "令和8年2月30日", "令和99年1月1日", "2026年2月8日（月）", "0001-01-01", "昨日", ""],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_day(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("21:35", "2026-02-08 21:35"), ("21時35分現在", "2026-02-08 21:35"), ("午後9時35分", "2026-02-08 21:35"), ("20:00", "2026-02-08 20:00"),
        ("1:20", "2026-02-09 01:20"), ("24時10分", "2026-02-09 00:10"), ("19:59", "2026-02-09 19:59"), ("令和8年2月8日21時35分", "2026-02-08 21:35"),
        ("2026-02-09T00:05:30", "2026-02-09 00:05"),
    ],
)  # fmt: skip
def test_a_time_alone_is_of_the_night_after_the_polls(text: str, moment: str) -> None:
    assert read_moment(text, POLLS) == datetime.fromisoformat(moment)


@given(st.text(max_size=20))
def test_no_text_ends_in_anything_but_a_moment_or_a_refusal(text: str) -> None:
    for reader in (read_day, lambda value: read_moment(value, POLLS)):
        try:
            reader(text)
        except ValueError as fault:
            assert str(fault)  # noqa: PT017 - either is right


@given(st.dates(date(2019, 5, 1), date(2100, 12, 31)))
def test_every_day_of_the_era_is_read(day: date) -> None:
    assert read_day(f"令和{day.year - 2018}年{day.month}月{day.day}日") == day
