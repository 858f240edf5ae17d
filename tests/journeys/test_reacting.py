"""Saying on a phone whether a report helped: with script and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.evaluations.reacting import kept_reactions
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import overflow

pytestmark = pytest.mark.browser


def counts(page: Page, helpful: int, unhelpful: int) -> None:
    """Wait until the result says so."""
    result = page.locator("#reactions")
    expect(result).to_have_attribute("data-helpful", str(helpful))
    expect(result).to_have_attribute("data-unhelpful", str(unhelpful))


def test_one_tap_says_it_another_changes_it(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]]
) -> None:
    page = visitor().go(site.report.get_absolute_url())
    expect(page.locator("#reaction-box[hx-get]")).to_have_count(0)
    assert page.context.cookies() == []
    page.get_by_role("button", name="参考になった").click()
    counts(page, 1, 0)
    expect(page.locator("[data-own=helpful]")).to_be_visible()
    expect(page.locator("#ballot-said")).to_have_text("「参考になった」を受け付けました。")
    expect(page.locator("#reaction-helpful")).to_be_focused()
    assert broken_rules(page) == []
    assert overflow(page) == 0
    page.get_by_role("button", name="ならなかった").click()
    counts(page, 0, 1)
    page.reload()
    expect(page.locator("[data-own=unhelpful]")).to_be_visible()
    page.get_by_role("button", name="答えを取り消す").click()
    counts(page, 0, 0)
    assert kept_reactions(site.report) == {}


def test_without_script_the_page_comes_back_with_the_count(visitor: Callable[..., Visitor], site: Cast) -> None:
    page = visitor(java_script_enabled=False).go(site.report.get_absolute_url())
    page.get_by_role("button", name="参考になった").click()
    counts(page, 1, 0)
    assert page.url.endswith(site.report.get_absolute_url())
    page.get_by_role("link", name="前に送った自分の答えを確かめる・取り消す").click()
    expect(page.locator("[data-own=helpful]")).to_be_visible()
    page.get_by_role("button", name="答えを取り消す").click()
    counts(page, 0, 0)
    assert kept_reactions(site.report) == {}
