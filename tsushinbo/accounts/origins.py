"""Keeping other sites from sending our forms (CSRF) without a cookie or a token, so that any cache may hold the page with the form.

Why, and what each browser sends: docs/decisions/0007-ballots-without-csrf-token.md
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
DEFAULT_PORTS = {"http": 80, "https": 443}
# Always allowed as hosts, but any program on the visitor's machine may serve pages under these names.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def own_forms_only[**P](view: View[P]) -> View[P]:
    """Refuse what another site makes a browser send; 403. Takes the place of Django's token."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method not in SAFE_METHODS and not comes_from_here(request):
            raise PermissionDenied("sent from another site")
        return view(request, *args, **kwargs)

    return guarded


def comes_from_here(request: HttpRequest) -> bool:
    """Whether a form was sent by a page of ours, or by no page at all.

    Every header that is there must agree; none can be written by a page's script. ``Sec-Fetch-Site`` is the browser's own verdict, ``Origin``
    names the page's site, ``Referer`` is asked only where there is no Origin. A request with none of the three comes from no browser that
    is still in use, but from a program, which has no voter's cookie to abuse.
    """
    verdict = request.headers.get("Sec-Fetch-Site")
    if verdict not in {None, "same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    if origin == "null":
        # A page of ours whose visitor hides where they come from; without the browser's own verdict it may be anybody's.
        return verdict == "same-origin"
    if origin is not None:
        return _is_ours(origin, request)
    referer = request.headers.get("Referer")
    return referer is None or _is_ours(referer, request)


def _is_ours(address: str, request: HttpRequest) -> bool:
    """Whether an address is of this site: of the host asked for, or of a name the operator gave (where a proxy rewrites the host)."""
    try:
        parts = urlsplit(address)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return False
    if not parts.hostname or port is None or (request.is_secure() and parts.scheme != "https"):
        return False
    asked = urlsplit(f"{parts.scheme}://{request.get_host()}")
    if (parts.hostname, port) == (asked.hostname, asked.port or DEFAULT_PORTS[parts.scheme]):
        return True
    named = {host.lower() for host in settings.ALLOWED_HOSTS} - LOOPBACK
    return parts.hostname in named and port == DEFAULT_PORTS[parts.scheme]
