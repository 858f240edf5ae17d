"""Cutting long lists into pages without counting or reading all of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

SIZE = 30
# Beyond this many rows a list says 以上 instead of counting on, and asks to be narrowed instead of leafing on.
COUNTED = 10_000


@dataclass(frozen=True)
class Page[T]:
    """One page of a list. ``total`` is exact unless ``more_than_counted``."""

    rows: list[T]
    number: int
    size: int
    total: int
    more_than_counted: bool

    @property
    def pages(self) -> int:
        """How many pages can be leafed through."""
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        """The page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after this one."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def first_row(self) -> int:
        """The place of the first row in the whole list, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        """The place of the last row in the whole list."""
        return self.first_row + len(self.rows) - 1

    @property
    def near(self) -> set[int | None]:
        """The numbers to offer where there is little room: the first, the last, this one and those beside it."""
        return {1, self.pages, self.previous, self.number, self.next} - {None}

    @property
    def links(self) -> list[int | None]:
        """Numbers to offer: the first, the last and those around this one; None is a gap."""
        wanted = sorted({1, self.pages, *(n for n in range(self.number - 2, self.number + 3) if 1 <= n <= self.pages)})
        links: list[int | None] = []
        for number in wanted:
            if links and number - (links[-1] or 0) > 1:
                links.append(None)
            links.append(number)
        return links


def page_number(request: HttpRequest) -> int:
    """The page asked for. Raises Http404 for what is no page number (0, -1, abc, ２)."""
    text = request.GET.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise Http404("no page number")
    return int(text)


def paginate[T](rows: QuerySet[Any, T] | Sequence[T], number: int, size: int = SIZE) -> Page[T]:
    """Page ``number`` of ``rows``. Raises Http404 beyond the last one; an empty list has one empty page."""
    counted = rows.order_by()[: COUNTED + 1].count() if isinstance(rows, QuerySet) else len(rows)
    total = min(counted, COUNTED)
    start = (number - 1) * size
    if number > 1 and start >= total:
        raise Http404("beyond the last page")
    page = list(rows[start : min(start + size, total)]) if total else []
    return Page(rows=page, number=number, size=size, total=total, more_than_counted=counted > COUNTED)
