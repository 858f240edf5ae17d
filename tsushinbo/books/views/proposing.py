"""Where a member proposes a book for a page."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo import addresses
from tsushinbo.accounts.access import logged_in, used_second_factor
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.activities.queries import published as published_reports
from tsushinbo.books import lookup
from tsushinbo.books.forms import BookForm, IsbnForm, initial_of
from tsushinbo.books.models import Book, BookLink
from tsushinbo.books.queries import Target, suggestions, target_column
from tsushinbo.books.services import propose_book
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import LOGGED_OUT, Refusal, SeeOther, attempt
from tsushinbo.people.queries import listed
from tsushinbo.pledges.queries import published

BUSY = "いまは保存できませんでした。少し待ってから、もう一度お送りください。"
NOT_FOUND = "このISBNの書誌は見つかりませんでした。書名などを入力してください。"


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a book for the page that the address names. ``deed`` lookup fills the fields in, and records nothing."""
    target, account = _target(request), logged_in(request)
    if request.method != "POST":
        if account is None:
            return redirect_to_login(request.get_full_path())
        near = suggestions(target)
        return _page(request, target, BookForm(initial=_picked(request, near)), near=near)
    form = BookForm(request.POST)
    if account is None:
        return _page(request, target, form, fault=LOGGED_OUT, status=HTTPStatus.FORBIDDEN)
    if request.POST.get("deed") == "lookup":
        return _look_up(request, target)
    if not form.is_valid():
        return _page(request, target, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        link = attempt(lambda: _record(request, target, form, account), busy=BUSY)
    except RuleBroken as refusal:
        return _page(request, target, form, fault=refusal.message, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(link, Refusal):
        return _page(request, target, form, fault=link.message, status=link.status)
    done = "chosen" if link.state == BookLink.State.APPROVED else "proposed"
    return SeeOther(f"{_address(target)}&done={done}")


def _record(request: HttpRequest, target: Target, form: BookForm, account: User) -> BookLink:
    return propose_book(
        target=target,
        facts=form.facts(lookup.find(form.cleaned_data["isbn"])),
        why=form.cleaned_data["why"],
        author=account,
        # The role of an editor holds only where a second factor was shown; else it is a member's proposal.
        at_once=used_second_factor(request),
        at=timezone.now(),
    )


def _look_up(request: HttpRequest, target: Target) -> HttpResponse:
    """Fill in what is known of the number; what was typed as the reason stays."""
    asked = IsbnForm(request.POST)
    typed = {name: request.POST.get(name, "")[:1000] for name in BookForm.base_fields}
    if not asked.is_valid():
        form = BookForm(initial=typed)
        return _page(
            request, target, form, lookup_fault=str(asked.errors["isbn"][0]), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    known = lookup.find(asked.cleaned_data["isbn"])
    filled = initial_of(known) if known else {"isbn": asked.cleaned_data["isbn"]}
    return _page(request, target, BookForm(initial=typed | filled), notice="" if known else NOT_FOUND, source=known)


def _picked(request: HttpRequest, near: list[Book]) -> dict[str, Any]:
    """The fields of a suggested book that was picked; {} where none was."""
    wanted = request.GET.get("isbn", "")
    known = next((book for book in near if book.isbn == wanted), None) if wanted else None
    if known is not None:
        return initial_of(known)
    asked = IsbnForm({"isbn": wanted})
    if not wanted or not asked.is_valid():
        return {}
    facts = lookup.find(asked.cleaned_data["isbn"])
    return initial_of(facts) if facts else {"isbn": asked.cleaned_data["isbn"]}


def _target(request: HttpRequest) -> Target:
    """What the address names by exactly one of politician, pledge and report; 404 for what is none or is not public."""
    named = [name for name in BookLink.TARGETS if name in request.GET]
    if len(named) != 1:
        raise Http404("a book belongs to one page")
    number = addresses.decode_or_404(request.GET[named[0]])
    if named[0] == "politician":
        return get_object_or_404(listed(), pk=number)
    if named[0] == "pledge":
        return get_object_or_404(published().select_related("politician", "party"), pk=number)
    return get_object_or_404(published_reports(timezone.now()).select_related("politician", "pledge"), pk=number)


def _address(target: Target) -> str:
    return f"{reverse('books:propose')}?{target_column(target)}={addresses.encode(target.pk)}"


def _page(
    request: HttpRequest,
    target: Target,
    form: BookForm,
    *,
    notice: str = "",
    fault: str = "",
    lookup_fault: str = "",
    source: lookup.Facts | None = None,
    near: list[Book] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    words = " ".join(request.GET.get("find", "").split())[:100]
    context = {
        "crumbs": [("関連書籍", reverse("books:books")), ("本を提案する", None)],
        "target": target,
        "form": form,
        "address": _address(target),
        "target_column": target_column(target),
        "notice": notice,
        "fault": fault,
        "lookup_fault": lookup_fault,
        "source": source,
        "done": request.GET.get("done", "") if request.method != "POST" else "",
        "suggestions": suggestions(target) if near is None else near,
        "can_look_up": lookup.is_on(),
        "words": words,
        "found": lookup.search(words) if words else None,
    }
    response = render(request, "books/propose.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
