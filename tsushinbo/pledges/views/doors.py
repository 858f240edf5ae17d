"""Who comes in: editors who showed a second factor. Everybody else is told who may, how to go on, and loses nothing."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from tsushinbo.accounts.access import ask_second_factor, logged_in, used_second_factor
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import SAFE_METHODS, own_forms_only
from tsushinbo.accounts.queries import holds_role
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import EDITORS, for_rows, published

# What the page says that stands before a closed door, by the name of the address; at all others it is evidence.
CLOSED = {"revert": "前の版に戻すことは編集者が行います", "merge": "公約の統合は編集者が行います"}
CLOSED_EVIDENCE = "根拠の登録と確認は編集者が行います"

type View[**P] = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
type OpenView[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_editors[**P](view: View[P]) -> OpenView[P]:
    """Open a view to editors, whose account it is given, and show the others the page that says who may."""

    @own_forms_only
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        account = logged_in(request)
        if account is None or not holds_role(account, *EDITORS):
            return _closed(request, account, kwargs.get("pledge_id"))
        if request.method in SAFE_METHODS:
            return ask_second_factor(request, request.get_full_path()) or view(request, account, *args, **kwargs)
        if not used_second_factor(request):
            return _closed(request, account, kwargs.get("pledge_id"), is_editor=True)
        return view(request, account, *args, **kwargs)

    return guarded


def find_pledge(pledge_id: int) -> Pledge:
    """The published pledge with its owner, topic and election; 404."""
    return get_object_or_404(for_rows(published()), pk=pledge_id)


def crumbs_of(pledge: Pledge, here: str) -> list[tuple[str, str | None]]:
    """The way to a page of editors that belongs to a pledge."""
    return [("公約", reverse("site:pledges")), (pledge.title, pledge.get_absolute_url()), (here, None)]


def _closed(
    request: HttpRequest, account: User | None, pledge_id: object = None, *, is_editor: bool = False
) -> HttpResponse:
    """Say who may. What was sent stands on the page, to be sent again once logged in."""
    pledge = find_pledge(pledge_id) if isinstance(pledge_id, int) else None
    reads = request.method in SAFE_METHODS
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    here = "編集者の画面"
    door = request.resolver_match.url_name if request.resolver_match else None
    context = {
        "heading": CLOSED.get(door or "", CLOSED_EVIDENCE),
        "is_evidence": door not in CLOSED,
        "section": "pledges",
        "crumbs": crumbs_of(pledge, here) if pledge else [("公約", reverse("site:pledges")), (here, None)],
        "pledge": pledge,
        "account": account,
        "is_editor": is_editor,
        "sent": sent,
        "posted": not reads,
        "address": request.path,
        # Where to go on after the log-in: here, unless it is an address that only takes what is sent.
        "back": request.get_full_path() if pledge or reads else reverse("pledges:evidence"),
    }
    refused = not reads or account is not None
    return render(request, "pledges/closed.html", context, status=HTTPStatus.FORBIDDEN if refused else HTTPStatus.OK)
