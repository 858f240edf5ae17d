"""What the pages of reports, whose room lies below, show of comments: they load it by its name."""

import re
from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments import queries
from tsushinbo.comments.forms import CommentForm
from tsushinbo.comments.models import Comment
from tsushinbo.elections.queries import hold_of
from tsushinbo.moderation.forms import HIDES_HOST
from tsushinbo.moderation.hints import links_in
from tsushinbo.paging import Page, page_number

register = template.Library()

LINK = '<a href="{}" rel="ugc nofollow noopener">{}</a>'


@dataclass(frozen=True)
class Talk:
    """The comments of a report as its page shows them. ``received``: the visitor comes from posting one."""

    page: Page[Comment]
    received: bool


@register.simple_tag(takes_context=True)
def public_comments(context: template.Context, report: ActivityReport) -> Talk:
    """The page of comments that the address asks for. Raises Http404 for one that does not exist."""
    request: HttpRequest = context["request"]
    return Talk(queries.public_comments(report, page_number(request)), request.GET.get("done") == "comment")


@register.simple_tag
def comment_form(report: ActivityReport) -> CommentForm:
    """An empty form; while the politician stands in a campaign it asks for a contact."""
    return CommentForm(hold=hold_of(report.politician_id, timezone.now()))


@register.simple_tag
def popular_reports(limit: int) -> list[queries.Popular]:
    """人気のある活動報告 of this moment."""
    return queries.popular_reports(timezone.now(), limit)


@register.filter
def written(body: str) -> SafeString:
    """A text of a visitor with its line breaks, and links where it names addresses of the web."""
    urls = sorted((link.url for link in links_in(body) if not HIDES_HOST.match(link.url)), key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, urls))})", body) if urls else [body]
    shown = "".join(
        format_html(LINK, piece, piece) if number % 2 else conditional_escape(piece)
        for number, piece in enumerate(pieces)
    )
    return SafeString(shown.replace("\n", "<br>"))
