"""Marking what a search found."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tsushinbo.search import marking
from tsushinbo.search.words import Asked

register = template.Library()

_OPEN, _CLOSE = SafeString("<mark>"), SafeString("</mark>")


@register.simple_tag(takes_context=True)
def marked(context: template.Context, text: object) -> SafeString | str:
    """The text with ``<mark>`` around the words of the page's query (``asked``); on a page without a query the text itself. All of it is escaped."""
    asked = context.get("asked")
    if not isinstance(asked, Asked):
        return str(text)
    parts = marking.pieces(str(text), asked.keys)
    return format_html_join(
        "", "{}{}{}", ((_OPEN if hit else "", piece, _CLOSE if hit else "") for piece, hit in parts)
    )


@register.simple_tag(takes_context=True)
def snippet(context: template.Context, text: str) -> SafeString | str:
    """The part of a text around the first match, marked; "" where nothing matches or nothing was asked."""
    asked = context.get("asked")
    return marked(context, marking.snippet(text, asked.keys)) if isinstance(asked, Asked) else ""
