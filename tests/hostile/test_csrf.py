"""Forms that another site makes a visitor's browser send: every address of the site refuses them, whoever the visitor is.

How a form is told from another's: docs/decisions/0007-ballots-without-csrf-token.md
"""

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from tests.doors import Door, doors, example
from tests.rows import changes, snapshot
from tests.world import World

# What browsers say of a form that a page of another site sends; the last says two things that cannot both be true. Every combination: tests/accounts/test_origins.py
ELSEWHERE = {
    "another site": {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Referer": "https://evil.example/"},
    "an older browser": {"Origin": "https://evil.example"},
    "a hidden origin": {"Origin": "null"},
    "the referrer alone": {"Referer": "https://evil.example/?testserver"},
    "a contradiction": {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
}  # fmt: skip
# What holds the mail may end the mails (RFC 8058): the program of the reader sends this form, and it names whose mails by a signature.
BY_SIGNATURE = "notices:stop"
TOKEN = "a" * 32


def asked(client: Client, door: Door, world: World, headers: dict[str, str], **sent: str) -> HttpResponse:
    return client.post(example(door, world), sent, headers=headers)  # type: ignore[return-value]


def takes_a_token(door: Door, world: World) -> bool:
    """Whether Django's token guards it, and not the headers."""
    return not getattr(resolve(example(door, world).partition("?")[0]).func, "csrf_exempt", False)


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE)
def test_no_address_takes_a_form_of_another_site(world: World, browser: Client, headers: dict[str, str]) -> None:
    browser.cookies["csrftoken"] = (
        TOKEN  # the browser sends it along; what the other site cannot know is the token in the form
    )
    before, taken = snapshot(), {}
    for door in doors():
        if door.of_admin and headers is not ELSEWHERE["another site"]:
            continue  # Django's own token, once for all
        status = asked(browser, door, world, headers).status_code
        if status not in {403, 405} and door.name != BY_SIGNATURE:
            taken[door.name] = status
    assert taken == {}
    assert set(changes(before, snapshot())) <= {"notices.mailchoice"}


def test_a_form_that_says_nothing_of_its_page_is_taken_by_no_address_with_a_token(
    world: World, browser: Client
) -> None:
    guarded = [door for door in doors() if takes_a_token(door, world)]
    assert len(guarded) > 100
    assert {door.name for door in guarded if asked(browser, door, world, {}).status_code != 403} == set()


def test_the_sites_own_forms_come_through(world: World, browser: Client) -> None:
    """Otherwise the tests above would prove nothing."""
    browser.cookies["csrftoken"] = TOKEN
    here = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    refused, cookies = set(), browser.cookies.output()
    for door in doors():
        if door.of_admin:
            continue
        browser.cookies.load(cookies.replace("Set-Cookie: ", ""))  # one of them is the log-out
        with transaction.atomic():
            status = asked(browser, door, world, here, csrfmiddlewaretoken=TOKEN).status_code
            transaction.set_rollback(True)
        if status == 403:
            refused.add(door.name)
    # Refused for what they ask, not for where they come from: who speaks for the politician decides on no evidence about them.
    assert refused == {"pledges:confirm-evidence"}


def test_looking_at_a_page_changes_nothing(world: World, browser: Client) -> None:
    """Any site can make a browser ask for a page."""
    before = snapshot()
    for door in doors():
        browser.get(example(door, world))
    assert changes(before, snapshot()) == {}


def test_another_sites_form_carries_none_of_our_cookies() -> None:
    for cookie in ("SESSION", "CSRF"):
        assert getattr(settings, f"{cookie}_COOKIE_SAMESITE") == "Lax"
    assert settings.SESSION_COOKIE_HTTPONLY
