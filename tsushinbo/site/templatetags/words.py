"""How dates, counts and shares are written in Japanese."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tsushinbo import addresses
from tsushinbo.elections.models import Election

register = template.Library()

WEEKDAYS = "月火水木金土日"


@register.filter
def jdate(value: date | datetime | str | None) -> str:
    """2026-02-08 becomes 2026年2月8日; a shorter ISO date stays as short (2027-04: 2027年4月); nothing becomes ""."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    parts = str(value).split("-")
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))


@register.filter
def jdate_weekday(value: date | datetime) -> str:
    """2025-04-08 becomes 2025年4月8日（火）."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{jdate(value)}（{WEEKDAYS[value.weekday()]}）"


@register.filter
def time_tag(value: date | datetime | str | None) -> SafeString | str:
    """A date as ``<time datetime>`` with its Japanese form inside; nothing becomes ""."""
    if not value:
        return ""
    if isinstance(value, datetime):
        machine = timezone.localtime(value).isoformat(timespec="seconds")
    else:
        machine = str(value)
    return format_html('<time datetime="{}">{}</time>', machine, jdate(value))


@register.filter
def count(value: int) -> str:
    """12345 becomes 12,345."""
    return f"{value:,}"


@register.filter
def percent(share: float) -> str:
    """A share between 0 and 1 as a whole percentage: 0.694 becomes 69."""
    return f"{share * 100:.0f}"


@register.filter
def votes(value: Decimal | None) -> str:
    """1234.000 becomes 1,234票 and 1234.560 becomes 1,234.56票: 案分票 may have a fraction."""
    if value is None:
        return ""
    text = f"{value:,f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}票"


# The picture of each status (product rules, section 2); its name is also the class of the chip.
STATUS_ICONS = {
    "unrated": "todo",
    "proposed": "talk",
    "started": "doing",
    "stalled": "hold",
    "partly": "part",
    "kept": "done",
    "broken": "drop",
    "untestable": "ask",
}


@register.filter
def status_icon(status: str) -> str:
    """The picture that stands for a status."""
    return STATUS_ICONS[status]


@register.filter
def polling_words(election: Election) -> str:
    """When polling is, as exactly as it is known and no more: 2027年4月, 2026年11月4日〜12月3日の間, 遅くとも2030年2月7日, 未定."""
    start, end = election.window_starts_on, election.window_ends_on
    if start and end:
        return f"{jdate(start)}〜{jdate(end)}の間"
    if end:
        return f"遅くとも{jdate(end)}"
    return jdate(election.polling_on) or "未定"


@register.filter
def address(number: int) -> str:
    """The ten characters of an id."""
    return addresses.encode(number)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The query string of this page with some values replaced (None removes), for links of filters and pages."""
    request = context["request"]
    params = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    text = params.urlencode()
    return f"?{text}" if text else request.path
