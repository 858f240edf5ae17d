"""How a moment is written in Japanese."""

from datetime import datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def clock_words(at: datetime) -> str:
    """2026年2月8日 21:35, by the clock in Japan."""
    there = at.astimezone(TOKYO)
    return f"{there.year}年{there.month}月{there.day}日 {there.hour}:{there.minute:02}"
