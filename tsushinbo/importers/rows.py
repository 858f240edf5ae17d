"""One row of a table, and the typed reading of its values. What is not understood raises ``Refused`` with its column."""

import calendar
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.japanese.eras import YEARS
from tsushinbo.japanese.kana import hiragana

_WHOLE = re.compile(r"[0-9]{1,12}")
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
_SIGNED = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_URL = re.compile(r"https?://[^\s/?#\"<>\\]+[^\s\"<>\\]*", re.IGNORECASE)
_CODE = re.compile(r"[0-9]{6}")
_KEY = re.compile(r"\S+")
KANA = re.compile("[ぁ-ゖゝゞー・]*")
# 大倉たかひろ（副議長）: what stands in brackets behind a name is no part of it.
BRACKETS = re.compile(r"\s*[（(][^（）()]*[）)]$")


class Row:
    """The values of one line by the names of their columns, without spaces around them."""

    __slots__ = ("_places", "_values", "line")

    def __init__(self, places: Mapping[str, int], values: list[str], line: int) -> None:
        self._places = places
        self._values = values
        self.line = line

    def __getitem__(self, column: str) -> str:
        """The text of a column."""
        return self._values[self._places[column]].strip()

    def refuse(self, column: str, reason: str) -> NoReturn:
        """Say that the value of ``column`` is not understood."""
        raise Refused(column, reason)

    def text(self, column: str, longest: int, *, needed: bool = False) -> str:
        """Text of one line of at most ``longest`` characters."""
        value = self[column]
        if len(value) > longest:
            raise Refused(column, f"has {len(value):,} characters; at most {longest:,} are allowed")
        if needed and not value:
            raise Refused(column, "is empty")
        if "\n" in value or "\r" in value:
            raise Refused(column, "holds a line break")
        return value

    def lines(self, column: str, longest: int) -> str:
        """Text of one or more lines, not empty; line ends become LF."""
        value = self[column].replace("\r\n", "\n").replace("\r", "\n")
        if not value:
            raise Refused(column, "is empty")
        if len(value) > longest:
            raise Refused(column, f"has {len(value):,} characters; at most {longest:,} are allowed")
        return value

    def name(self, column: str, longest: int, *, needed: bool = False) -> str:
        """A person's name or a part of it, without spaces inside and without a note in brackets behind it."""
        value = self.text(column, longest, needed=needed)
        if value.isalnum():
            # Most names: nothing to take off.
            return value
        value = BRACKETS.sub("", "".join(value.split()))
        if needed and not value:
            raise Refused(column, "holds no name")
        return value

    def kana(self, column: str, longest: int) -> str:
        """A reading in kana, without spaces; katakana becomes hiragana."""
        value = self.text(column, longest)
        if KANA.fullmatch(value):
            return value
        value = hiragana("".join(value.split()))
        if not KANA.fullmatch(value):
            raise Refused(column, f"{shown(value)} is not written in kana")
        return value

    def key(self, column: str, longest: int) -> str:
        """An id of the source: not empty, no space inside."""
        value = self.text(column, longest, needed=True)
        if not _KEY.fullmatch(value):
            raise Refused(column, f"{shown(value)} is no id: it holds a space")
        return value

    def choice(self, column: str, choices: Mapping[str, str], *, needed: bool = True) -> str:
        """One of the words of ``choices``; gives what it stands for."""
        value = self[column]
        if not value and not needed:
            return ""
        try:
            return choices[value]
        except KeyError:
            raise Refused(column, f"{shown(value)} is none of {', '.join(choices)}") from None

    def flag(self, column: str) -> bool | None:
        """1, 0, or empty for unknown."""
        value = self[column]
        if value not in ("", "0", "1"):
            raise Refused(column, f"{shown(value)} is neither 0 nor 1")
        return value == "1" if value else None

    def whole(self, column: str, low: int = 0, high: int = 32_767) -> int | None:
        """A whole number from ``low`` to ``high``, or None when empty."""
        value = self[column]
        if not value:
            return None
        if not _WHOLE.fullmatch(value) or not low <= int(value) <= high:
            raise Refused(column, f"{shown(value)} is not a whole number from {low:,} to {high:,}")
        return int(value)

    def decimal(self, column: str, high: int, places: int) -> Decimal | int | None:
        """A number from 0 to ``high`` with at most ``places`` decimals, or None when empty. Most are whole."""
        value = self[column]
        if not value:
            return None
        if _WHOLE.fullmatch(value) and (whole := int(value)) <= high:
            return whole
        if not _DECIMAL.fullmatch(value) or (number := Decimal(value)) > high:
            raise Refused(column, f"{shown(value)} is not a number from 0 to {high:,}")
        if "." in value and len(value.rstrip("0").partition(".")[2]) > places:
            raise Refused(column, f"{shown(value)} has more than {places} decimals")
        return number

    def degrees(self, column: str, most: int) -> float | None:
        """An angle of at most ``most`` degrees either way, or None when empty."""
        value = self[column]
        if not value:
            return None
        if not _SIGNED.fullmatch(value) or abs(float(value)) > most:
            raise Refused(column, f"{shown(value)} is not a number of degrees from -{most} to {most}")
        return float(value)

    def when(self, column: str) -> str:
        """A date that may stop at the month or year (2027-04, 2006), as text; empty when unknown."""
        value = self[column]
        if fault := _fault_of_date(value):
            raise Refused(column, f"{shown(value)} is {fault}")
        return value

    def day(self, column: str) -> date | None:
        """A whole date, or None when empty."""
        value = self.when(column)
        if not value:
            return None
        if len(value) != 10:
            raise Refused(column, f"{shown(value)} is not a whole date; write 2027-04-30")
        return date.fromisoformat(value)

    def year(self, column: str) -> int | None:
        """A year, or None when empty."""
        value = self.when(column)
        if len(value) not in (0, 4):
            raise Refused(column, f"{shown(value)} is not a year")
        return int(value) if value else None

    def url(self, column: str, longest: int, *, needed: bool = False) -> str:
        """A web address, or empty."""
        value = self.text(column, longest, needed=needed)
        if value and not _URL.fullmatch(value):
            raise Refused(column, f"{shown(value)} is not a web address; it must begin with https:// or http://")
        return value

    def area_code(self, column: str, *, needed: bool = False) -> str:
        """A 全国地方公共団体コード whose check digit is right, or empty."""
        value = self[column]
        if not value and not needed:
            return ""
        if not _CODE.fullmatch(value):
            raise Refused(column, f"{shown(value)} is not a code of six digits")
        if int(value[5]) != check_digit(value[:5]):
            raise Refused(column, f"{shown(value)} is not a code: its check digit would be {check_digit(value[:5])}")
        return value

    def in_order(self, first: str, second: str) -> None:
        """Refuse when the date of ``second`` lies before that of ``first``, as far as both are known."""
        start, end = self[first], self[second]
        if start and end and end[: len(start)] < start[: len(end)]:
            raise Refused(second, f"{shown(end)} lies before {first} {shown(start)}")


@lru_cache(maxsize=4_000)
def _fault_of_date(value: str) -> str:
    """Say what is wrong with a date, or nothing."""
    parts = _DAY.fullmatch(value)
    if not value:
        return ""
    if not parts:
        return "not a date; write 2027-04-30, 2027-04 or 2027"
    year, month, day = (int(part) if part else None for part in parts.groups())
    if year not in YEARS:
        return f"an impossible date: the year must be from {YEARS[0]} to {YEARS[-1]}"
    if month is not None and not 1 <= month <= 12:
        return f"an impossible date: there is no month {month}"
    if day is not None and not 1 <= day <= calendar.monthrange(year or 1, month or 1)[1]:
        return f"an impossible date: that month has no day {day}"
    return ""


@lru_cache(maxsize=4_000)
def check_digit(code: str) -> int:
    """The check digit of a 全国地方公共団体コード of five digits (総務省 全国地方公共団体コード仕様). Example: 13109 gives 1."""
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=True))
    return (11 - total % 11) % 10
