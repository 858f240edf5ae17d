"""Ballots that are held, in a real browser: what a voter reads, and a moderator who decides."""

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.cast import Cast
from tests.evaluations.counting import cast, kept
from tests.evaluations.holding import hold
from tests.journeys.conftest import Visitor
from tests.journeys.test_judging import personal
from tests.journeys.test_pages import overflow
from tsushinbo.accounts.roles import Role
from tsushinbo.evaluations.models import Ballot

pytestmark = pytest.mark.browser


@pytest.fixture
def moderator(visitor: Callable[..., Visitor], site: Cast) -> Visitor:
    """A moderator's browser, with a session that showed a second factor."""
    # What migrations wrote is gone after the first test that cannot roll back.
    import_module("tsushinbo.evaluations.migrations.0004_moderators").allow(
        apps, SimpleNamespace(connection=connection)
    )
    client = Client()
    log_in_with_second_factor(client, UserFactory.create(role=Role.MODERATOR))
    someone = visitor(width=1280)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    someone.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": someone.site}])
    return someone


def test_a_voter_reads_that_the_ballot_is_held_and_may_still_withdraw_it(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]]
) -> None:
    pledge = site.unjudged
    page = visitor().go(pledge.get_absolute_url())
    personal(page)
    page.locator("label.b").click()
    expect(page.locator("#result")).to_have_attribute("data-bad", "1")
    hold(pledge, voters=(Ballot.objects.get(pledge=pledge).voter,), at=timezone.now())
    page.goto(page.url)
    personal(page)
    expect(page.get_by_text("あなたの評価は確認中です")).to_be_visible()
    expect(page.locator("#result")).to_have_attribute("data-held", "1")
    expect(page.get_by_text("確認中の評価 1件")).to_be_visible()
    assert broken_rules(page) == []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert overflow(page) == 0
    page.get_by_role("button", name="評価を取り消す").click()
    expect(page.locator("#result")).to_have_attribute("data-held", "0")
    assert kept(pledge) == {}


def test_a_moderator_reads_the_facts_and_decides(moderator: Visitor, site: Cast) -> None:
    pledge = site.unjudged
    for voter in range(1, 13):
        cast(pledge, voter, "bad", at=timezone.now())
    hold(pledge, voters=tuple(range(1, 13)), at=timezone.now())
    page = moderator.go("/admin/")
    # Django's admin names no icon, and the browser asks for one by itself.
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="確認中の評価のまとまり").first).to_be_visible()
    moderator.faults[:] = [fault for fault in moderator.faults if "404" not in fault]
    page.get_by_role("link", name="確認中の評価のまとまり").first.click()
    page.locator("#result_list tbody").get_by_role("link").click()
    expect(page.get_by_role("cell", name=pledge.title)).to_be_visible()
    page.get_by_label("除外する", exact=True).check()
    page.get_by_label("理由（公開）").select_option("news")
    page.get_by_role("button", name="決定を記録する").click()
    expect(page.get_by_text("選んだ理由は、この決定の理由ではありません。")).to_be_visible()
    expect(page.get_by_label("除外する", exact=True)).to_be_checked()
    page.get_by_label("理由（公開）").select_option("coordinated")
    page.get_by_role("button", name="決定を記録する").click()
    expect(page.get_by_text("12件を決定しました")).to_be_visible()
    page.goto(moderator.site + pledge.get_absolute_url())
    expect(page.get_by_text("除外した評価 12件")).to_be_visible()
    assert kept(pledge) == {"excluded": 12}
