"""Proof of work in a real browser: solved without the visitor doing anything, and no dead end for who has no script."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.accounts.factories import PASSWORD, UserFactory
from tests.cast import Cast
from tests.comments.factories import PendingFactory
from tests.evaluations.counting import kept
from tests.journeys.conftest import Visitor
from tests.journeys.test_judging import personal
from tests.journeys.test_pages import overflow
from tsushinbo.accounts import proof_of_work
from tsushinbo.comments import pressure
from tsushinbo.comments.models import Comment
from tsushinbo.evaluations.models import Alert
from tsushinbo.evaluations.queries import flagged

pytestmark = pytest.mark.browser
# A derivation takes a browser a good while: what is looked at on the way is still there.
FOR_LONG = 2_000_000
SOLVED = 60_000


@pytest.fixture(autouse=True)
def _pressed(site: Cast, settings: Settings) -> None:
    """A sudden change about one politician that nobody has looked at, and more comments in an hour than are let pass."""
    now = timezone.now()
    Alert.objects.create(
        politician=site.unjudged.politician,
        kind=Alert.Kind.BURST,
        choice="bad",
        begins_at=now - timedelta(hours=6),
        ends_at=now,
        strength=6.0,
        found_at=now,
    )
    settings.COMMENT_WORK_SITE = 2
    PendingFactory.create_batch(2, report=site.report, made_at=now)
    flagged.forget()
    pressure.forget()


def asked(someone: Visitor) -> None:
    """The browser notes an answer that asks for work, or to wait, as a fault."""
    someone.faults[:] = [fault for fault in someone.faults if "422" not in fault and "429" not in fault]


def write(page: Page, words: str) -> None:
    page.get_by_label("ニックネーム任意").fill("キッシー")
    page.get_by_label("コメント必須").fill(words)
    page.get_by_role("button", name="確認に送る").click()


def looks_right(page: Page, check: Callable[[Page], list[str]], name: str) -> None:
    """Nothing scrolls sideways, and axe finds nothing."""
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert overflow(page) == 0, f"{name} at {width}"
    assert check(page) == [], name


def test_a_ballot_is_worked_for_without_the_voter_doing_anything(visitor: Callable[..., Visitor], site: Cast) -> None:
    someone, pledge = visitor(), site.unjudged
    page = someone.go(pledge.get_absolute_url())
    personal(page)
    page.locator("label.b").click()
    expect(page.locator("#result")).to_have_attribute("data-bad", "1", timeout=SOLVED)
    expect(page.locator("[data-own=bad]")).to_be_visible()
    expect(page.locator("#work")).to_have_count(0)
    assert kept(pledge) == {"bad": 1}
    # Who has judged once is not asked again.
    asked(someone)
    page.locator("label.g").click()
    expect(page.locator("#result")).to_have_attribute("data-good", "1")
    assert someone.faults == []


def test_a_comment_is_worked_for_without_the_writer_doing_anything(visitor: Callable[..., Visitor], site: Cast) -> None:
    someone = visitor()
    page = someone.go(site.report.get_absolute_url())
    write(page, "倉庫の場所は、地図でも公開してほしいです。")
    own = page.locator("#own-comments")
    expect(own).to_contain_text("コメントを受け付けました", timeout=SOLVED)
    expect(own).to_contain_text("確認待ち")
    expect(page.get_by_label("コメント必須")).to_have_value("")
    assert Comment.objects.filter(nickname="キッシー", body="倉庫の場所は、地図でも公開してほしいです。").count() == 1
    asked(someone)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_does_not_wait_is_told_what_comes_of_it(
    visitor: Callable[..., Visitor],
    site: Cast,
    broken_rules: Callable[[Page], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
) -> None:
    monkeypatch.setattr(proof_of_work, "ROUNDS", FOR_LONG)
    someone = visitor(color_scheme=scheme)
    page = someone.go(site.unjudged.get_absolute_url())
    personal(page)
    page.locator("label.b").click()
    expect(page.locator("#work")).to_contain_text("操作は必要ありません")
    looks_right(page, broken_rules, f"ballot-{scheme}")
    # Another tap while it computes neither sends nor begins anew.
    token = page.locator("#work").get_attribute("data-work")
    page.locator("label.g").click()
    expect(page.locator("#work")).to_have_attribute("data-work", token or "")
    expect(page.locator("#choice-good")).to_be_checked()
    page.get_by_role("button", name="待たずに送る").click()
    expect(page.get_by_text("あなたの評価は確認中です")).to_be_visible()
    assert kept(site.unjudged) == {"held": 1}
    looks_right(page, broken_rules, f"held-{scheme}")

    page = someone.go(site.report.get_absolute_url())
    write(page, "夜間の訓練に賛成です。")
    expect(page.locator("#work")).to_contain_text("操作は必要ありません")
    expect(page.get_by_label("コメント必須")).to_have_value("夜間の訓練に賛成です。")
    page.get_by_label("コメント必須").fill("夜間の訓練に、とても賛成です。")
    looks_right(page, broken_rules, f"comment-{scheme}")
    page.get_by_role("button", name="待たずに送る").click()
    expect(page.locator("#own-comments")).to_contain_text("夜間の訓練に、とても賛成です。")
    asked(someone)


def test_without_script_a_ballot_is_held_and_a_comment_waits_or_takes_an_account(
    visitor: Callable[..., Visitor], site: Cast, settings: Settings
) -> None:
    settings.RATE_COMMENTS_WITHOUT_WORK = 1
    someone = visitor(java_script_enabled=False)
    page = someone.go(site.unjudged.get_absolute_url())
    page.locator("label.b").click()
    page.get_by_role("button", name="評価を送る").click()
    expect(page.get_by_text("あなたの評価は確認中です")).to_be_visible()
    assert kept(site.unjudged) == {"held": 1}

    page = someone.go(site.report.get_absolute_url())
    write(page, "一つ目の意見です。")
    expect(page.locator("#comments")).to_contain_text("コメントを受け付けました。")
    write(page, "二つ目の意見です。")
    fault = page.get_by_role("alert").filter(visible=True)
    expect(fault).to_contain_text("分たってから、もう一度お送りください。ログインすると、待たずに送れます。")
    expect(page.get_by_label("コメント必須")).to_have_value("二つ目の意見です。")
    UserFactory.create(email="mori@example.com")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="別の画面でログインする").click()
    log_in = opened.value
    log_in.locator("input[name=login]").fill("mori@example.com")
    log_in.locator("input[name=password]").fill(PASSWORD)
    log_in.locator("form:has(input[name=password]) button[type=submit]").first.click()
    expect(log_in.get_by_role("heading", name="コメント投稿")).to_be_visible()
    page.get_by_role("button", name="確認に送る").click()
    expect(page.locator("#comments")).to_contain_text("コメントを受け付けました。")
    assert Comment.objects.get(body="二つ目の意見です。").author is not None
    asked(someone)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_way_out_without_work_fits_and_is_announced(
    visitor: Callable[..., Visitor],
    site: Cast,
    settings: Settings,
    broken_rules: Callable[[Page], list[str]],
    width: int,
) -> None:
    """With a script that cannot compute, as on a page that did not come by TLS."""
    settings.RATE_COMMENTS_WITHOUT_WORK = 1
    someone = visitor(width=width)
    someone.context.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page = someone.go(site.report.get_absolute_url())
    write(page, "一つ目の意見です。")
    expect(page.locator("#own-comments")).to_contain_text("コメントを受け付けました")
    write(page, "二つ目の意見です。")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("ログインすると、待たずに送れます。")
    expect(page.locator("#work")).to_have_count(0)
    assert overflow(page) == 0
    assert broken_rules(page) == []
    asked(someone)
