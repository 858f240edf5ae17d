"""What the answers to forms that write have in common: the deed is tried, and what cannot be recorded now says when to try again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, cast

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from tsushinbo.accounts.services import TooMany
from tsushinbo.errors import RuleBroken

logger = logging.getLogger(__name__)
BUSY_RETRY_SECONDS = 5
KEPT = "入力した内容は残っています。"
LOGGED_OUT = "ログインしていないため、受け付けられませんでした。入力した内容は残っています。別の画面でログインしてから、もう一度お送りください。"
BUSY = "いまは混み合っていて、記録できませんでした。少し待ってから、もう一度お送りください。"


class SeeOther(HttpResponseRedirect):
    """303: look there, by GET."""

    status_code = 303


class HtmxRequest(HttpRequest):
    """A request as django-htmx's middleware leaves it."""

    htmx: HtmxDetails


type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def posted[**P](form_at: Callable[P, str]) -> Callable[[View[P]], View[P]]:
    """Take what a form sends to an address that has no page of its own.

    A refusal is drawn at that address, so that it stands in the browser's history and is asked for by GET when somebody opens it again: they are led to the page of the form.

    Args:
        form_at: from what the view is given to the address of that page.
    """

    def wrap(view: View[P]) -> View[P]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return view(request, *args, **kwargs) if request.method == "POST" else SeeOther(form_at(*args, **kwargs))

        return wrapped

    return wrap


@dataclass(frozen=True)
class Refusal:
    """Why nothing was recorded through no fault of what was sent, and when to try again."""

    message: str
    status: int
    retry_after: int


def htmx(request: HttpRequest) -> HtmxDetails:
    """What htmx says of a request; false where it did not send it."""
    return cast(HtmxRequest, request).htmx


def private(response: HttpResponse, refusal: RuleBroken | Refusal | None = None) -> HttpResponse:
    """Let nobody keep a page that is one person's, and say when to try again."""
    response.headers["Cache-Control"] = "no-store"
    if isinstance(refusal, Refusal):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def later(refusal: TooMany, kept: str = KEPT) -> str:
    """Say when it may be tried again."""
    return f"{refusal.message}約{-(-refusal.retry_after // 60)}分たってから、もう一度お送りください。{kept}"


class Busy(RuleBroken):
    """Nothing was recorded: the database is locked for longer than we wait, gone or full."""

    message = BUSY + KEPT


def unless_busy[Done](deed: Callable[[], Done]) -> Done:
    """Record something; raises Busy where it cannot be recorded now, so that what was typed goes back to who sent it."""
    try:
        return deed()
    except (OperationalError, InterfaceError) as fault:
        logger.exception("what was sent could not be recorded")
        raise Busy from fault


def status_of(refusal: RuleBroken, otherwise: HTTPStatus = HTTPStatus.CONFLICT) -> HTTPStatus:
    """The status of an answer that shows the form again with why it was refused."""
    return HTTPStatus.SERVICE_UNAVAILABLE if isinstance(refusal, Busy) else otherwise


def attempt[Done](deed: Callable[[], Done], *, kept: str = KEPT, busy: str = BUSY) -> Done | Refusal:
    """Record something; return what the deed does, or why it could not be recorded now. kept: what to say of what was typed."""
    try:
        return unless_busy(deed)
    except TooMany as refusal:
        return Refusal(later(refusal, kept), 429, refusal.retry_after)
    except Busy:
        return Refusal(busy + kept, 503, BUSY_RETRY_SECONDS)
