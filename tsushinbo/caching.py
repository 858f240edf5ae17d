"""How long a public page may be held."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

# A template may have changed with the release that is running: no page is older than the process.
STARTED_AT = timezone.now()

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def held_for_a_minute[**P](view: View[P]) -> View[P]:
    """Any cache may hold the page for 60 seconds, or until midnight: then the phase of an election may begin, and hides what it shows."""
    return _public(view, lambda: f"public, max-age={min(60, seconds_of_today(timezone.now()))}")


def asked_again[**P](view: View[P]) -> View[P]:
    """Any cache may hold the page but asks each time whether it changed, so that a ballot shows at once."""
    return _public(view, lambda: "public, no-cache")


def seconds_of_today(at: datetime) -> int:
    """Whole seconds from ``at`` until the next midnight in Japan, where no clock is ever put back or forward."""
    now = timezone.localtime(at)
    return 86_399 - (now.hour * 3600 + now.minute * 60 + now.second)


def _public[**P](view: View[P], policy: Callable[[], str]) -> View[P]:
    @wraps(view)
    def marked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        # Asked before the page is read: what was read before midnight must not be held as if it were read after it.
        control = policy()
        response = view(request, *args, **kwargs)
        if response.status_code in {200, 301}:
            response.headers.setdefault("Cache-Control", control)
        return response

    # It changes nothing, so a token would protect nothing; without this a POST is told of a missing token instead of 405.
    return csrf_exempt(marked)


def mark_last_modified(response: HttpResponse, *changes: datetime | None) -> None:
    """State the newest of ``changes`` as Last-Modified.

    Not within two seconds of it: HTTP dates have whole seconds, and a second ballot in the same second must not look old.
    """
    newest = max([STARTED_AT, *(change for change in changes if change)])
    if timezone.now() - newest > timedelta(seconds=2):
        response.headers["Last-Modified"] = http_date(newest.timestamp())
