"""Atom feeds (RFC 4287): new pledges, reports and evidence; of one politician, of one area, of one search."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.opendata.queries import feeds
from tsushinbo.opendata.queries.feeds import Entry
from tsushinbo.people.models import Area, Politician
from tsushinbo.search import words

SITE = "先生の通信簿"
if TYPE_CHECKING:
    Base = Feed[Entry, Any]
else:
    # Django's own class takes no type argument.
    Base = Feed
# RFC 4151: a tag names who held the name at a day; the day stays for good.
TAGGED = "2026-11-25"
# What a feed without entries says of itself: the same at each call, so that it can be held.
NEVER = datetime(2026, 11, 25, tzinfo=UTC)
# XML has no sign for these, not even escaped.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Atom(Atom1Feed):
    """Django's, with a steady date where nothing is in it."""

    def latest_post_date(self) -> datetime:
        """When an entry last changed."""
        return super().latest_post_date() if self.items else NEVER


class EntryFeed(Base):
    """A feed of entries that were read before: Django writes it, with its title, its page and its own address."""

    feed_type = Atom
    author_name = SITE
    title_template = description_template = None

    def __init__(self, *, title: str, page: str, address: str, entries: list[Entry]) -> None:
        self.title, self.link, self.feed_url = f"{title}｜{SITE}", page, address
        self.feed_guid = _tag(f"feed:{address}")
        self._entries = entries

    def items(self) -> list[Entry]:
        """What is in it."""
        return self._entries

    def item_title(self, item: Any) -> Any:
        """Plain text: Atom's titles are, unless they say otherwise."""
        return _clean(item.title)

    def item_description(self, item: Entry) -> str:
        """HTML, as Django marks it: the text of others is escaped in it."""
        return linebreaks(_clean(item.text), autoescape=True) if item.text else ""

    def item_link(self, item: Entry) -> str:
        """The page."""
        return item.link

    def item_guid(self, item: Entry) -> str:
        """A name that stays when the site moves."""
        return _tag(item.key)

    def item_pubdate(self, item: Entry) -> datetime:
        """When it came before the public."""
        return item.published

    def item_updateddate(self, item: Entry) -> datetime:
        """When it last changed."""
        return item.updated

    def item_categories(self, item: Entry) -> tuple[str, ...]:
        """What it is, and its topic."""
        return tuple(_clean(word) for word in item.categories)


@require_safe
@held_for_a_minute
def pledges(request: HttpRequest) -> HttpResponse:
    """New pledges."""
    return _answer(request, "新着の公約", reverse("site:pledges"), feeds.pledges())


@require_safe
@held_for_a_minute
def activities(request: HttpRequest) -> HttpResponse:
    """New activity reports."""
    return _answer(request, "新着の活動報告", reverse("activities:reports"), feeds.reports(timezone.now()))


@require_safe
@held_for_a_minute
def evidence(request: HttpRequest) -> HttpResponse:
    """New confirmed evidence of how pledges stand."""
    return _answer(request, "新しい実施状況の根拠", reverse("site:pledges"), feeds.evidence())


@require_safe
@held_for_a_minute
def politician(request: HttpRequest, politician_id: int) -> HttpResponse:
    """Pledges, reports and evidence of one politician."""
    person = get_object_or_404(Politician.objects.select_related("merged_into"), pk=politician_id)
    if person.merged_into is not None:
        return HttpResponsePermanentRedirect(reverse("opendata:politician-feed", args=[person.merged_into.pk]))
    title = f"{person.name}さんの公約と活動報告"
    return _answer(request, title, person.get_absolute_url(), feeds.of_politician(person, timezone.now()))


@require_safe
@held_for_a_minute
def area(request: HttpRequest, code: str) -> HttpResponse:
    """Pledges, reports and evidence of who serves an area."""
    found = get_object_or_404(Area, pk=code)
    title = f"{found.name}の公約と活動報告"
    return _answer(request, title, found.get_absolute_url(), feeds.of_area(found, timezone.now()))


@require_safe
@held_for_a_minute
def search(request: HttpRequest) -> HttpResponse:
    """New pledges that a search finds; 404 without words to look for."""
    asked = words.read(request.GET.get("q", ""))
    if not asked.words:
        raise Http404("no words to look for")
    query = f"?{urlencode({'q': asked.text})}"
    page = f"{reverse('search:search')}{query}"
    address = f"{reverse('opendata:search-feed')}{query}"
    return _answer(request, f"「{asked.text}」の公約", page, feeds.of_search(asked), address)


def _answer(
    request: HttpRequest, title: str, page: str, entries: list[Entry], address: str | None = None
) -> HttpResponse:
    feed = EntryFeed(title=_clean(title), page=page, address=address or request.path, entries=entries)
    response: HttpResponse = feed(request)
    # An entry that was taken back leaves the rest as old as before: its bytes alone tell whether a feed changed.
    response.headers.pop("Last-Modified", None)
    return response


def _tag(name: str) -> str:
    """A tag URI under the first name that the operator gave the site."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
    return f"tag:{host},{TAGGED}:{name}"


def _clean(text: str) -> str:
    return NO_XML.sub("", text)
