"""Open redirects: no address leads away from the site, whatever it is told of where to go on."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.accounts.factories import PASSWORD
from tests.doors import doors, example
from tests.hostile.forms import FORMS, browser_of
from tests.world import World

HERE = "http://testserver"
# What browsers, and programs that look less closely, take for another site.
AWAY = (
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "http://evil.example#testserver",
    "http://evil.example\\@testserver/",
    "%2f%2fevil.example",
    "/%2f/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x01//evil.example",
    " //evil.example",
    "/..//evil.example",
    "/moderation//evil.example",
    "/moderation/?next=//evil.example\r\nLocation: https://evil.example/",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "/accounts/\r\nSet-Cookie: pwned=1",
    "／／evil.example",
    "https://ｅvil.example/",
)
NAMES = ("next", "back", "return_to", "redirect_to", "url", "process")


def leads_away(response: HttpResponse, address: str) -> bool:
    """Whether a browser that asked for ``address`` would leave the site. Browsers drop tabs and line ends, and read a backslash as a slash."""
    ways = [response.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Location", "Refresh")]
    for way in ways:
        plain = "".join(sign for sign in way if sign > " ").replace("\\", "/")
        parts = urlsplit(urljoin(f"{HERE}{address}", plain))
        if way and (parts.scheme != "http" or parts.netloc != "testserver"):
            return True
        if any(sign in way for sign in "\r\n\x00"):
            return True
    return "pwned" in response.cookies


def ways_out(client: Client, address: str, way: str) -> list[HttpResponse]:
    """Tell an address by every name where to go on."""
    told = dict.fromkeys(NAMES, way)
    return [client.get(address, told), client.post(address, told)]  # type: ignore[list-item]


@pytest.mark.parametrize("who", ["nobody", "the almighty"])
def test_no_address_leads_away(world: World, browser: Client, who: str) -> None:
    client = Client() if who == "nobody" else browser
    client.handler.enforce_csrf_checks = False
    cookies, away = client.cookies.output(header=""), []
    for number, door in enumerate(doors()):
        address = example(door, world)
        # Each door is told one way in turn, so that each way is told to many doors; the log-in and the desk are told all of them below.
        way = AWAY[number % len(AWAY)]
        client.cookies.load(cookies)
        with transaction.atomic():
            if any(leads_away(response, address) for response in ways_out(client, address.partition("?")[0], way)):
                away.append((door.name, way))
            transaction.set_rollback(True)
    assert away == []


def test_a_log_in_leads_to_a_page_of_ours(world: World, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    for way in AWAY:
        sent = {"login": world.writer.email, "password": PASSWORD, "next": way}
        response = Client().post("/accounts/login/", sent, query_params={"next": way})
        assert response.status_code == 302
        assert not leads_away(response, "/accounts/login/"), way  # type: ignore[arg-type]
        client = Client()
        client.force_login(world.writer)
        for address in (
            "/accounts/logout/",
            "/admin/login/",
            "/accounts/reauthenticate/",
            "/accounts/2fa/reauthenticate/",
        ):
            assert not leads_away(client.get(address, {"next": way}), address), way  # type: ignore[arg-type]
        assert not leads_away(client.post("/accounts/logout/", {"next": way}), "/accounts/logout/"), way  # type: ignore[arg-type]


def test_a_decision_leads_back_to_the_desk(world: World) -> None:
    for way in AWAY:
        with transaction.atomic():
            response = FORMS["decision"].send(world, next=way)
            transaction.set_rollback(True)
        assert response.status_code == 303
        assert response.headers["Location"].startswith("/moderation/"), way
        assert not leads_away(response, "/moderation/"), way


def test_where_a_form_was_sent_from_leads_nobody_away(world: World) -> None:
    """The headers that a page of another site can choose."""
    for name in FORMS:
        with transaction.atomic():
            _sent_from_elsewhere(world, name)
            transaction.set_rollback(True)


def _sent_from_elsewhere(world: World, name: str) -> None:
    form = FORMS[name]
    client, address = browser_of(form.who, world), form.address(world)
    headers = {"X-Forwarded-Host": "evil.example", "X-Original-URL": "//evil.example", "HX-Request": "true", "HX-Current-URL": "https://evil.example/"}  # fmt: skip
    response = client.post(address, form.fields(world), headers=headers)
    assert not leads_away(response, address), name  # type: ignore[arg-type]
    assert "evil.example" not in b"".join(response).decode(), name


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/accounts", "/\\evil.example/accounts", "///evil.example/%2e%2e", "/accounts//evil.example", "/%0d%0aLocation:%20https://evil.example"])  # fmt: skip
def test_an_address_without_its_last_slash_stays_here(db: None, path: str) -> None:
    response = Client().get(f"{HERE}{path}")
    assert not leads_away(response, "/")  # type: ignore[arg-type]
    assert not response.headers.get("Location", "").startswith(("//", "/\\"))
