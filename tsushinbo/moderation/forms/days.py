"""Fields of forms that take a day as people write it."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms

EARLIEST = date(1900, 1, 1)
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
DAY_UNREAD = "日付を読み取れません。2026-11-02 のように、年・月・日を入れてください。"
PARTIAL_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?", re.ASCII)
PARTIAL_DAY_UNREAD = "日付を読み取れません。2026-11-02 のように入れてください。日や月が分からないときは、2026-11 や 2026 でもかまいません。"


class Day(forms.DateField):
    """A day as people write it: 2026-11-02, 2026/11/2, ２０２６年１１月２日."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=DAY_FORMATS, **options)
        self.error_messages["invalid"] = DAY_UNREAD

    def to_python(self, value: Any) -> date | None:
        """Read it."""
        day = super().to_python("".join(unicodedata.normalize("NFKC", str(value or "")).split()))
        if day is not None and day < EARLIEST:
            raise forms.ValidationError(DAY_UNREAD, code="invalid")
        return day


def holds_day(value: object) -> bool:
    """Whether the browser's own field for days may hold what was typed; it would lose anything else."""
    try:
        date.fromisoformat(str(value or EARLIEST))
    except ValueError:
        return False
    return True


class PartialDay(forms.CharField):
    """A day as people write it; where only the month or year is known, that. earliest: the first year it may be of."""

    def __init__(self, *, earliest: int = 1, **options: Any) -> None:
        super().__init__(**options)
        self.earliest = earliest

    def to_python(self, value: Any) -> str:
        """Read it as 2026-11-02, 2026-11 or 2026."""
        text = "".join(unicodedata.normalize("NFKC", str(value or "")).replace("\x00", "").split())
        if not text:
            return ""
        found = PARTIAL_DAY.fullmatch(text)
        if found is None:
            raise forms.ValidationError(PARTIAL_DAY_UNREAD, code="invalid")
        year, month, day = found.groups()
        try:
            read = date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            raise forms.ValidationError(PARTIAL_DAY_UNREAD, code="invalid") from None
        if read.year < self.earliest:
            raise forms.ValidationError(PARTIAL_DAY_UNREAD, code="invalid")
        return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])
