"""Which forms are of this site: every combination of what a browser says."""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from tsushinbo.accounts.origins import comes_from_here, own_forms_only

HOST = "tsushinbo.example"
VERDICTS = (None, "same-origin", "none", "same-site", "cross-site", "rubbish", "")
ORIGINS = {
    "absent": None,
    "own": f"http://{HOST}",
    "null": "null",
    "other": "https://evil.example",
    "subdomain": f"http://evil.{HOST}",
    "other port": f"http://{HOST}:8081",
    "rubbish": "http://[",
    "empty": "",
}
REFERERS = {
    "absent": None,
    "own": f"http://{HOST}/pledges/0123456789/",
    "other": "https://evil.example/page",
    "looks like": f"https://evil.example/?{HOST}",
}
# Every combination that is accepted; all others are refused.
ACCEPTED = {
    *product((None, "same-origin", "none"), ("own",), REFERERS),
    *product((None, "same-origin", "none"), ("absent",), ("absent", "own")),
    *product(("same-origin",), ("null",), REFERERS),
}


@pytest.fixture(autouse=True)
def _hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [HOST, "second.example", ".wild.example", "localhost", "127.0.0.1", "[::1]"]


def form(
    verdict: str | None = None,
    origin: str | None = None,
    referer: str | None = None,
    *,
    host: str = HOST,
    secure: bool = False,
) -> HttpRequest:
    headers = {"Sec-Fetch-Site": verdict, "Origin": origin, "Referer": referer, "Host": host}
    sent = {name: value for name, value in headers.items() if value is not None}
    return RequestFactory().post("/", headers=sent, secure=secure)


@pytest.mark.parametrize(("verdict", "origin", "referer"), [*product(VERDICTS, ORIGINS, REFERERS)])
def test_every_combination_of_headers(verdict: str | None, origin: str, referer: str) -> None:
    accepted = comes_from_here(form(verdict, ORIGINS[origin], REFERERS[referer]))
    assert accepted is ((verdict, origin, referer) in ACCEPTED)


@pytest.mark.parametrize(
    ("origin", "accepted"),
    [
        (f"https://{HOST}", True),
        (f"https://{HOST}:443", True),
        (f"http://{HOST}", False),
        (f"https://{HOST}:80", False),
    ],
)
def test_behind_tls_a_page_without_tls_is_another_site(origin: str, accepted: bool) -> None:
    assert comes_from_here(form(origin=origin, secure=True)) is accepted


def test_where_a_proxy_ends_tls_unseen_the_page_may_be_https() -> None:
    assert comes_from_here(form(origin=f"https://{HOST}"))


@pytest.mark.parametrize(
    ("host", "origin", "accepted"),
    [
        # A proxy that asks us under another host than the visitor typed.
        ("127.0.0.1:8000", f"https://{HOST}", True),
        ("127.0.0.1:8000", f"https://{HOST.upper()}", True),
        ("127.0.0.1:8000", f"https://{HOST}:8443", False),
        (HOST, "https://second.example", True),
        # A wildcard allows hosts, but whoever holds one of its names is not us.
        (HOST, "https://blog.wild.example", False),
        (HOST, "https://wild.example", False),
        # Always allowed as a host; any program on the visitor's machine may have it.
        (HOST, "http://localhost", False),
        (HOST, "http://127.0.0.1", False),
        ("localhost:8000", "http://localhost:8000", True),
        ("localhost:8000", "http://localhost:3000", False),
        ("[::1]:8000", "http://[::1]:8000", True),
        (f"{HOST}:8000", f"http://{HOST}:8000", True),
        (f"{HOST}:80", f"http://{HOST}", True),
        (HOST, "ftp://" + HOST, False),
        (HOST, "http://", False),
        (HOST, f"http://{HOST}:99999", False),
    ],
)
def test_hosts_as_proxies_leave_them(host: str, origin: str, accepted: bool) -> None:
    assert comes_from_here(form(origin=origin, host=host)) is accepted


def test_a_view_for_own_forms_refuses_and_lets_through() -> None:
    @own_forms_only
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    assert view(form("same-origin")).content == b"done"
    assert view(RequestFactory().get("/", headers={"Sec-Fetch-Site": "cross-site"})).content == b"done"
    with pytest.raises(PermissionDenied):
        view(form("cross-site"))
    assert view.csrf_exempt  # type: ignore[attr-defined]
