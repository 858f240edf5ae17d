"""Leafing through the pages of a list, how many rows it has, and where a page lies. Written here and not in a template: they stand on most pages,
and a template takes ten times as long."""

from typing import Any

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

from tsushinbo.paging import Page
from tsushinbo.site.templatetags.words import query_before

register = template.Library()

GAP = '<li class="wide"><span>…</span></li>'
NARROW_DOWN = '<p class="meta">ここから先は、条件をしぼってご覧ください。</p>'


@register.simple_tag(takes_context=True)
def leaf(context: template.Context, page: Page[Any]) -> SafeString:
    """Links to the pages of a list; nothing where there is one alone. An address is that of this page with another ``?page=``."""
    if page.pages <= 1:
        return SafeString("")
    start, near = escape(query_before(context, "page")), page.near
    before, after = page.previous, page.next
    links = [f'<li><a href="{start}{before}" rel="prev">前へ</a></li>'] if before else []
    links += [GAP if number is None else _link(start, number, page.number, number in near) for number in page.links]
    if after:
        links.append(f'<li><a href="{start}{after}" rel="next">次へ</a></li>')
    end = NARROW_DOWN if page.more_than_counted and not after else ""
    listed = "\n".join(links)
    return SafeString(f'<nav class="pages" aria-label="ページ"><ul>{listed}</ul>{end}</nav>')


def _link(start: str, number: int, here: int, near: bool) -> str:
    if number == here:
        told = f'<span aria-current="page"><span class="vh">いまのページ </span>{number}</span>'
    else:
        told = f'<a href="{start}{number}"><span class="vh">ページ </span>{number}</a>'
    return f"<li>{told}</li>" if near else f'<li class="wide">{told}</li>'


@register.simple_tag
def crumbs(path: list[tuple[str, str | None]]) -> SafeString:
    """The steps from the first page to this one: words, each with its address; the last has none."""
    steps = (
        f'<li><a href="{conditional_escape(address)}">{conditional_escape(word)}</a></li>'
        if address
        else f'<li><span aria-current="page">{conditional_escape(word)}</span></li>'
        for word, address in path
    )
    return SafeString("\n".join(steps))


@register.simple_tag
def counted(page: Page[Any], unit: str, counter: str = "件目") -> SafeString:
    """How many rows a list has, and which of them are shown: 1,234件のうち31〜60件目."""
    total = f"{page.total:,}{escape(unit)}{'以上' if page.more_than_counted else ''}"
    if page.pages <= 1:
        return SafeString(total)
    return SafeString(f'{total}のうち<span class="nb">{page.first_row:,}〜{page.last_row:,}{escape(counter)}</span>')
