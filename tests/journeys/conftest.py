"""A real headless Chromium that walks a live server."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.accounts.factories import add_app, log_in_with_second_factor
from tests.cast import Cast, make_cast
from tests.search.factories import indexed
from tsushinbo.accounts.models import User

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Visitor:
    """One person's browser: cookies of their own, any number of tabs.

    ``faults`` collects what must never happen on any page: script errors, refusals by the CSP, requests to another site. It is
    checked at the end of the test; who causes one on purpose takes it out.
    """

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context, self.site = context, site
        self.faults: list[str] = []
        context.on("page", self._watch)
        context.on("request", self._note_request)

    def go(self, path: str) -> Page:
        """Open a page of the site in a new tab."""
        page = self.context.new_page()
        page.goto(self.site + path)
        return page

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", self._note_message)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.faults.append(f"request to {request.url}")


def at_desk(visitor: Visitor, judge: User, room: str) -> Page:
    """The desk in the browser of somebody who showed a second factor. room: whose texts they may decide."""
    # Browser tests before this one emptied the database, and what the migrations gave to the role with it.
    judge.user_permissions.add(*Permission.objects.filter(content_type__app_label=room))
    add_app(judge)
    client = Client()
    log_in_with_second_factor(client, judge)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": visitor.site}])
    return visitor.go("/moderation/")


# How long something may take to come before it counts as missing: machines that run tests are slow at times.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Where it is missing the test is left out, but fails under CI=true."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        message = "no Chromium found; install it (Debian: apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    # Playwright runs an event loop in this thread, which Django takes for an async view; the tests read the database between steps.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Visitor]]:
    """A maker of visitors; options are those of Playwright's ``new_context`` plus ``width`` in CSS pixels (390: a phone)."""
    visitors: list[Visitor] = []

    def make(*, width: int = 390, **options: Any) -> Visitor:
        options.setdefault("viewport", {"width": width, "height": 844})
        context = chromium.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", reduced_motion="reduce", **options)
        visitors.append(Visitor(context, live_server.url))
        return visitors[-1]

    yield make
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    assert faults == []


@pytest.fixture
def site(live_server: LiveServer) -> Cast:
    """The small cast on a live server, known to the search."""
    cast = make_cast()
    indexed()
    return cast


@pytest.fixture(scope="session")
def broken_rules() -> Callable[[Page], list[str]]:
    """What axe finds wrong with a page, WCAG 2.2 AA and best practice, one line a rule."""
    axe = Axe()

    def check(page: Page) -> list[str]:
        options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
        found = axe.run(page, options=options).response["violations"]
        return [f"{rule['id']}: {[node['html'] for node in rule['nodes'][:3]]}" for rule in found]

    return check
