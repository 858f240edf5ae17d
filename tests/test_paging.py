"""Cutting long lists into pages."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from tests.people.factories import PartyFactory
from tsushinbo import paging
from tsushinbo.paging import Page, page_number, paginate
from tsushinbo.people.models import Party


@pytest.mark.parametrize("text", ["0", "-1", "01", "1.0", "２", "abc", "", "1000000"])
def test_what_is_no_page_number_is_not_found(text: str) -> None:
    with pytest.raises(Http404):
        page_number(RequestFactory().get("/", {"page": text}))


def test_first_page_needs_no_number() -> None:
    assert page_number(RequestFactory().get("/")) == 1
    assert page_number(RequestFactory().get("/", {"page": "999999"})) == 999999


def test_pages_cover_every_row_once() -> None:
    rows = list(range(65))
    pages = [paginate(rows, number, 30) for number in (1, 2, 3)]
    assert [row for page in pages for row in page.rows] == rows
    assert [(page.first_row, page.last_row) for page in pages] == [(1, 30), (31, 60), (61, 65)]
    assert [(page.previous, page.next) for page in pages] == [(None, 2), (1, 3), (2, None)]
    assert {page.pages for page in pages} == {3}


def test_page_beyond_the_last_is_not_found() -> None:
    with pytest.raises(Http404):
        paginate(list(range(60)), 3, 30)


def test_empty_list_has_one_empty_page() -> None:
    page = paginate([], 1)
    assert page.rows == []
    assert page.pages == 1
    with pytest.raises(Http404):
        paginate([], 2)


def test_long_list_is_counted_so_far_and_no_further(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED", 5)
    for _ in range(7):
        PartyFactory()
    page = paginate(Party.objects.order_by("name"), 2, 3)
    assert page.more_than_counted
    assert page.total == 5
    assert len(page.rows) == 2
    assert page.next is None


@pytest.mark.parametrize(
    ("number", "pages", "links"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
    ],
)
def test_links_lead_to_the_ends_and_around(number: int, pages: int, links: list[int | None]) -> None:
    assert Page(rows=[], number=number, size=10, total=pages * 10, more_than_counted=False).links == links
