"""How the edge of a phase is written: with its weekday and its minute, in Japanese time."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tsushinbo.site.templatetags.words import jdate_weekday

register = template.Library()


@register.filter
def hour_words(value: datetime) -> str:
    """2026-12-13T20:00 becomes 20時00分."""
    local = timezone.localtime(value)
    return f"{local.hour}時{local.minute:02}分"


@register.filter
def moment(value: datetime) -> SafeString:
    """2026-12-13T20:00 becomes 2026年12月13日（日） 20時00分, as ``<time datetime>``."""
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{} {}</time>', local.isoformat(timespec="minutes"), jdate_weekday(local), hour_words(local)
    )
