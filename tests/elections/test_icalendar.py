"""The calendar is read back by the rules of RFC 5545."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.elections.icalendar import Event, calendar, escaped, folded

pytestmark = pytest.mark.any_database
STAMP = datetime(2026, 11, 30, 15, tzinfo=UTC)


def parsed(text: str) -> list[dict[str, str]]:
    """The events of a calendar, each a property with its parameters by its value; refuses what the RFC does."""
    lines: list[str] = []
    assert text.endswith("\r\n")
    for line in text.removesuffix("\r\n").split("\r\n"):
        assert "\n" not in line
        assert "\r" not in line
        assert len(line.encode()) <= 75
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    events: list[dict[str, str]] = []
    for line in lines[2:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and line != "END:VEVENT":
            assert name not in events[-1]
            events[-1][name] = value
    return events


def unescaped(value: str) -> str:
    """The text behind a TEXT value; a bare comma or semicolon is none."""
    text, signs = "", iter(value)
    for sign in signs:
        assert sign not in ",;"
        text += {"n": "\n", "N": "\n"}.get(escape := next(signs), escape) if sign == "\\" else sign
    return text


def event(**changes: object) -> Event:
    fields: dict[str, object] = {
        "uid": "election-1@tsushinbo", "first": date(2026, 12, 31), "last": date(2026, 12, 31), "sure": True,
        "summary": "見本市長選挙 投票日", "description": "", "url": "https://example.com/elections/1/",
    }  # fmt: skip
    return Event(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_day_is_a_date_and_ends_with_the_next() -> None:
    [read] = parsed(calendar([event()], stamped_at=STAMP))
    assert read["DTSTART;VALUE=DATE"] == "20261231"
    assert read["DTEND;VALUE=DATE"] == "20270101"
    assert read["DTSTAMP"] == "20261130T150000Z"
    assert read["UID"] == "election-1@tsushinbo"
    assert read["STATUS"] == "CONFIRMED"


def test_a_window_is_tentative() -> None:
    [read] = parsed(calendar([event(last=date(2027, 1, 29), sure=False)], stamped_at=STAMP))
    assert read["DTEND;VALUE=DATE"] == "20270130"
    assert read["STATUS"] == "TENTATIVE"


def test_signs_with_a_meaning_are_escaped() -> None:
    assert escaped("a,b;c\\d\ne\r\nf\x00") == "a\\,b\\;c\\\\d\\ne\\nf"


def test_a_line_is_folded_between_characters() -> None:
    assert folded("x" * 75) == "x" * 75
    assert folded("x" * 76) == f"{'x' * 75}\r\n x"
    assert folded("x" * 74 + "選") == f"{'x' * 74}\r\n 選"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=300))
def test_any_text_comes_back(text: str) -> None:
    [read] = parsed(calendar([event(summary=text, description=f"{text}\n{text}")], stamped_at=STAMP))
    assert unescaped(read["SUMMARY"]) == text
    assert unescaped(read["DESCRIPTION"]) == f"{text}\n{text}"


def test_an_empty_calendar_is_one() -> None:
    assert parsed(calendar([], stamped_at=STAMP)) == []
