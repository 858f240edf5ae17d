"""The moderator's hour in a real browser: a hundred comments by keyboard, two moderators at once, none lost and none decided twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.accounts.factories import UserFactory
from tests.cast import Cast
from tests.journeys.conftest import Visitor, at_desk
from tests.journeys.test_pages import overflow
from tsushinbo.comments.models import Comment
from tsushinbo.moderation.models import LogEntry

pytestmark = pytest.mark.browser
COMMENTS = 100
OPEN_ROWS = "[data-row]:not([aria-busy])"


def fill(site: Cast) -> None:
    now = timezone.now()
    Comment.objects.bulk_create(
        Comment(
            report=site.report,
            writer=number,
            body=f"{number}番目の意見です。通学路の街灯を増やしてください。",
            made_at=now,
            submitted_at=now - timedelta(minutes=number),
        )
        for number in range(1, COMMENTS + 1)
    )


def told_of_another(page: Page) -> int:
    """How often the page said that somebody else was first."""
    return page.locator(".desk-done", has_text="先に判断しました").count()


def test_two_moderators_decide_a_hundred_comments_by_keyboard(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]]
) -> None:
    fill(site)
    moderators = [UserFactory.create(role="moderator", username=name) for name in ("mori", "hayashi")]
    pages = [at_desk(visitor(width=width), who, "comments") for width, who in zip((390, 1280), moderators, strict=True)]
    for page in pages:
        expect(page.locator(OPEN_ROWS)).to_have_count(25)
        expect(page.locator(OPEN_ROWS).first).to_be_focused()
        assert overflow(page) == 0
        assert broken_rules(page) == []
    # What each key does is told where it is asked for.
    pages[0].keyboard.press("?")
    expect(pages[0].get_by_role("dialog", name="キー操作")).to_be_visible()
    assert broken_rules(pages[0]) == []
    pages[0].keyboard.press("Escape")
    # A slip is taken back: the comment waits again, and both stay on record.
    pages[0].keyboard.press("r")
    expect(pages[0].get_by_role("dialog", name="却下する理由")).to_be_visible()
    pages[0].keyboard.press("1")
    expect(pages[0].locator(".desk-done")).to_contain_text("却下しました")
    pages[0].keyboard.press("u")
    expect(pages[0].locator(OPEN_ROWS)).to_have_count(25)
    assert list(LogEntry.objects.order_by("at").values_list("deed", flat=True)) == ["reject", "reopen"]

    # Each decides one alone, whoever is the faster afterwards.
    for done, page in enumerate(pages, start=1):
        for key in "j" * done + "a":
            page.keyboard.press(key)
        expect(page.locator(".desk-done", has_text="承認して公開しました")).to_have_count(1)
        assert LogEntry.objects.filter(deed="approve").count() == done

    overtaken, at_work, turn = 0, set(pages), 0
    while at_work:
        turn += 1
        assert turn < 20 * COMMENTS
        for page in list(at_work):
            if page.locator(OPEN_ROWS).count():
                if turn % 4:
                    page.keyboard.press("a")
                else:
                    page.keyboard.press("r")
                    page.keyboard.press("9")
                continue
            expect(page.locator("[data-row]")).to_have_count(0)
            overtaken += told_of_another(page)
            page.goto(f"{page.url.partition('/moderation/')[0]}/moderation/")
            if page.get_by_text("確認待ちの投稿は、ありません。").count():
                at_work.discard(page)

    decided = LogEntry.objects.filter(deed__in=("approve", "reject")).order_by("at", "pk")[1:]
    assert len(decided) == COMMENTS
    assert len({entry.subject_id for entry in decided}) == COMMENTS
    assert not Comment.objects.filter(state="pending").exists()
    for entry in decided:
        comment = Comment.objects.get(pk=entry.subject_id)
        assert (comment.state, comment.decided_by_id) == (entry.state_after, entry.actor_id)
    assert {entry.actor_id for entry in decided} == {moderator.pk for moderator in moderators}
    assert overtaken > 0, "they never met: this proves nothing"


def test_a_row_that_came_back_is_decided_in_place_at_once(visitor: Callable[..., Visitor], site: Cast) -> None:
    fill(site)
    page = at_desk(visitor(), UserFactory.create(role="moderator"), "comments")
    expect(page.locator(OPEN_ROWS).first).to_be_focused()
    page.evaluate("window.stays = true")
    page.keyboard.press("r")
    page.keyboard.press("9")
    expect(page.locator(".desk-done")).to_contain_text("却下しました")
    # A finger that is faster than anything that waits: the key is there in the turn after the answer.
    page.evaluate(
        """document.body.addEventListener("htmx:afterSwap", () => setTimeout(() => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key: "a", bubbles: true})), 0), {once: true})"""
    )
    page.keyboard.press("u")
    expect(page.locator(".desk-done")).to_contain_text("承認して公開しました")
    assert page.evaluate("window.stays") is True
    assert list(LogEntry.objects.order_by("at").values_list("deed", flat=True)) == ["reject", "reopen", "approve"]


def test_without_script_a_moderator_decides_with_buttons_and_several_at_once(
    visitor: Callable[..., Visitor], site: Cast
) -> None:
    fill(site)
    moderator = UserFactory.create(role="moderator")
    page = at_desk(visitor(java_script_enabled=False), moderator, "comments")
    first = page.locator("[data-row]").first
    first.get_by_label("却下理由").select_option(label="誹謗中傷")
    first.get_by_role("button", name="却下する").click()
    expect(page.get_by_role("status").first).to_contain_text("却下しました")
    for row in page.locator("[data-row]").all()[:3]:
        row.get_by_role("checkbox").check()
    page.get_by_role("button", name="まとめて承認する").click()
    expect(page.get_by_role("status").first).to_contain_text("3件を承認して公開しました。")
    assert overflow(page) == 0
    assert sorted(LogEntry.objects.values_list("deed", flat=True)) == ["approve", "approve", "approve", "reject"]
