"""The rows of what was found, with what a list writes beside their names."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from tsushinbo.activities.queries import newest_first
from tsushinbo.activities.queries import published as published_reports
from tsushinbo.evaluations.queries.held_back import hold_back
from tsushinbo.people.models import Area, Party
from tsushinbo.people.queries import named
from tsushinbo.pledges.queries import for_rows, published
from tsushinbo.search.models import Kind
from tsushinbo.search.sources import public


def rows(kind: Kind, keys: Sequence[Any]) -> list[Any]:
    """The rows of ``keys`` in that order. What was hidden since is left out."""
    return _READERS[kind](keys) if keys else []


def still_public(kind: Kind) -> Exists:
    """Of documents: that what they are of was not hidden since, while the worker has not come by."""
    return Exists(public(kind, timezone.now()).order_by().filter(pk=OuterRef("subject")))


def _in_order(read: Callable[[], QuerySet[Any]]) -> Callable[[Sequence[Any]], list[Any]]:
    def in_order(keys: Sequence[Any]) -> list[Any]:
        found = read().filter(pk__in=keys).order_by().in_bulk()
        return [found[key] for key in keys if key in found]

    return in_order


def _pledges(keys: Sequence[Any]) -> list[Any]:
    found = _in_order(lambda: for_rows(published()).select_related("tally"))(keys)
    hold_back(found, timezone.now())
    return found


_READERS: dict[Kind, Callable[[Sequence[Any]], list[Any]]] = {
    Kind.POLITICIANS: named,
    Kind.PARTIES: _in_order(Party.objects.all),
    Kind.AREAS: _in_order(lambda: Area.objects.select_related("prefecture")),
    Kind.PLEDGES: _pledges,
    # With their text, of which the part around the words is shown.
    Kind.REPORTS: _in_order(lambda: newest_first(published_reports(timezone.now())).defer(None).defer("pledge__text")),
    Kind.BOOKS: _in_order(lambda: public(Kind.BOOKS, timezone.now())),
}
