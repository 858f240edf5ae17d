"""What holds for every answer: headers, honest caching, a page for each refusal.

Written as functions that wrap the next one; the order is in settings.MIDDLEWARE.
"""

from collections.abc import Callable
from hashlib import sha256
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.http.response import HttpResponseNotModified
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

from tsushinbo.site.views import errors

type Handler = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
        "gyroscope", "hid", "identity-credentials-get", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
        "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip
LONGEST_QUERY = 4096


def security_headers(next_handler: Handler) -> Handler:
    """Say which powers of the browser the site uses (none) and that only its own pages may embed its files."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = next_handler(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return handle


def conditional_get(next_handler: Handler) -> Handler:
    """Give each public page an ETag of its own bytes, and answer 304 to who already has them.

    Public is what a view marks so in Cache-Control; everything else is left alone. No cookie leaves with a public page: Django answers a
    damaged one of its own with another, which a shared cache would hand to the next visitor.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = next_handler(request)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        if "public" in response.headers["Cache-Control"] and response.cookies:
            response.cookies.clear()
            response.headers.pop("Vary", None)
        if (
            request.method not in {"GET", "HEAD"}
            or not isinstance(response, HttpResponse)
            or response.status_code != 200
        ):
            return response
        if "public" not in response.headers["Cache-Control"]:
            return response
        # Said here as well as by the compression, which leaves short answers and 304 alone.
        patch_vary_headers(response, ("Accept-Encoding",))
        # Not Django's set_response_etag: a processor has SHA-256 built in, and takes thrice as long for MD5.
        response.headers["ETag"] = f'"{sha256(response.content).hexdigest()[:32]}"'
        modified = parse_http_date_safe(response.headers.get("Last-Modified", ""))
        answer = get_conditional_response(
            request, etag=response.headers["ETag"], last_modified=modified, response=response
        )
        assert answer is not None  # noqa: S101 - with a response given, Django returns it or its 304
        if isinstance(answer, HttpResponseNotModified):
            answer.headers.setdefault("Cache-Control", response.headers["Cache-Control"])
        return answer

    return handle


def error_pages(next_handler: Handler) -> Handler:
    """Give a refused method the same look as every other refusal."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = next_handler(request)
        if isinstance(response, HttpResponseNotAllowed):
            page = errors.method_not_allowed(request)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    return handle


def refuse_broken_addresses(next_handler: Handler) -> Handler:
    """Answer 400 to an address with NUL, broken UTF-8 or an endless query, before a database sees it."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY or "\x00" in request.path or not _is_text(query):
            return errors.bad_request(request)
        return next_handler(request)

    return handle


def _is_text(query: str) -> bool:
    """Whether the query is UTF-8 without NUL once its percent signs are read. WSGI hands raw bytes over as Latin-1."""
    try:
        return "\x00" not in unquote_to_bytes(query.encode("latin-1")).decode()
    except UnicodeError:
        return False
