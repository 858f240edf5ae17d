"""Where everybody reads of books."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tsushinbo.books.queries import places_of, shown_books
from tsushinbo.caching import asked_again, held_for_a_minute
from tsushinbo.paging import page_number, paginate

PAGE_SIZE = 20
NDL_PAGE = "https://ndlsearch.ndl.go.jp/search?cs=bib&keyword={isbn}"


@require_safe
@held_for_a_minute
def books(request: HttpRequest) -> HttpResponse:
    """Every book that stands on a page, the newest first."""
    context = {
        "crumbs": [("関連書籍", None)],
        "page": paginate(shown_books(), page_number(request), PAGE_SIZE),
    }
    return render(request, "books/books.html", context)


@require_safe
@asked_again
def book(request: HttpRequest, isbn: str) -> HttpResponse:
    """One book, and every page on which it stands with the reason why."""
    found = get_object_or_404(shown_books(), pk=isbn)
    shops = [(name, pattern.replace("{isbn}", found.isbn)) for name, pattern in settings.BOOKSHOPS]
    context = {
        "crumbs": [("関連書籍", reverse("books:books")), (found.title, None)],
        "book": found,
        "places": places_of(found),
        "catalogue": NDL_PAGE.replace("{isbn}", found.isbn),
        "shops": shops,
    }
    return render(request, "books/book.html", context)
