"""Days and times as Japanese offices write them: 令和8年2月8日, R8.2.8, 2026年2月8日（日）, 2026/2/8; 21時35分, 21:35, 午後9時35分."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

# The first day of each era (元号法, 皇室典範 and the edicts before them); an era lasts until the next begins.
_BEGINS = {
    "明治": date(1868, 1, 25),
    "大正": date(1912, 7, 30),
    "昭和": date(1926, 12, 25),
    "平成": date(1989, 1, 8),
    "令和": date(2019, 5, 1),
}
_SHORT = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
# No office of today's kind is older than the first municipal assemblies; nothing that an office announces lies later.
YEARS = range(1870, 2101)
_WEEKDAYS = "月火水木金土日"
_DAY = re.compile(
    r"(?:(?P<era>明治|大正|昭和|平成|令和|[MTSHR])(?P<era_year>[0-9]{1,2}|元)|(?:西暦)?(?P<year>[0-9]{4}))"
    r"[年/.-](?P<month>[0-9]{1,2})[月/.-](?P<day>[0-9]{1,2})日?(?:\((?P<weekday>[月火水木金土日])(?:曜日?)?\))?"
)
_TIME = re.compile(r"(?P<half>午前|午後)?(?P<hour>[0-9]{1,2})(?::|時)(?:(?P<minute>[0-9]{1,2})分?)?(?::[0-9]{2})?")
_BOTH = re.compile(r"(?P<day>.*?(?:日(?:\([^)]*\))?|[0-9]))[ T]*(?P<time>(?:午前|午後)?[0-9]{1,2}(?::|時).*)")
# After midnight a count may go on as 24時10分, 25時: no later than the next morning.
_LAST_HOUR = 29


@lru_cache(maxsize=2_000)
def read_day(text: str) -> date:
    """The day that ``text`` means. Raises ValueError with a Japanese reason; a day that its era does not have is none.

    Example: 令和元年5月1日 is 2019-05-01, and 平成31年5月1日 is refused.
    """
    parts = _DAY.fullmatch("".join(_plain(text).split()).upper())
    if parts is None:
        raise ValueError("日付として読めません。2026-02-08、2026年2月8日、令和8年2月8日のように書いてください")
    era = _SHORT.get(parts["era"] or "", parts["era"] or "")
    if era:
        in_era = 1 if parts["era_year"] == "元" else int(parts["era_year"])
        year = _BEGINS[era].year + in_era - 1
    else:
        year = int(parts["year"])
    try:
        found = date(year, int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise ValueError("暦にない日付です") from None
    if found.year not in YEARS:
        raise ValueError(f"{YEARS[0]}年から{YEARS[-1]}年までの日付ではありません")
    if era and not (_BEGINS[era] <= found <= _last_day(era)):
        raise ValueError(f"{era}にない日付です")
    if parts["weekday"] and parts["weekday"] != _WEEKDAYS[found.weekday()]:
        raise ValueError(f"曜日が合いません。この日は{_WEEKDAYS[found.weekday()]}曜日です")
    return found


def _last_day(era: str) -> date:
    """The last day of an era. 明治 and 大正 ended on the day on which the next began."""
    names = list(_BEGINS)
    later = names[names.index(era) + 1 :]
    if not later:
        return date.max
    return _BEGINS[later[0]] - timedelta(days=0 if era in ("明治", "大正") else 1)


@lru_cache(maxsize=2_000)
def read_moment(text: str, polling_on: date | None, closes: time = time(20)) -> datetime:
    """The moment (no time zone: of the clock in Japan) that ``text`` means; a time alone is of the night after the polls of ``polling_on``.

    A time from ``closes`` on is of the same day, an earlier one of the next morning, and 24時10分 is ten past midnight. Raises ValueError with a
    Japanese reason.
    """
    plain = " ".join(_plain(text).split())
    day, parts = None, _clock(plain)
    if parts is None and (whole := _BOTH.fullmatch(plain)):
        day, parts = read_day(whole["day"]), _clock(whole["time"])
    if parts is None:
        raise ValueError("時刻として読めません。21:35、21時35分、2026-02-08 21:35のように書いてください")
    hour, minute = int(parts["hour"]), int(parts["minute"] or 0)
    if parts["half"]:
        if hour > 12:
            raise ValueError("午前・午後の時刻が12時を超えています")
        hour = hour % 12 + (12 if parts["half"] == "午後" else 0)
    if hour > _LAST_HOUR or minute > 59:
        raise ValueError("時刻にない値です")
    if day is None:
        if polling_on is None:
            raise ValueError("投票日が分からないため、時刻だけでは読めません。2026-02-08 21:35のように書いてください")
        day = polling_on
        if hour < 24 and time(hour, minute) < closes:
            day += timedelta(days=1)
    return datetime(day.year, day.month, day.day) + timedelta(hours=hour, minutes=minute)  # noqa: DTZ001 - a clock on a wall


def _clock(text: str) -> re.Match[str] | None:
    return _TIME.fullmatch(text.replace(" ", "").removesuffix("現在"))


def _plain(text: str) -> str:
    """Full-width signs as narrow ones; the brackets of a weekday too."""
    return unicodedata.normalize("NFKC", text).strip()
