"""進捗度・達成度 in a real browser: from the pledge over the log-in to the form and back, with and without script."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.accounts.factories import PASSWORD, UserFactory
from tests.cast import Cast
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import overflow
from tests.people.factories import DelegateFactory
from tsushinbo.evaluations.models import Assessment

pytestmark = pytest.mark.browser
MEMBER = "hanako@example.jp"


@pytest.fixture(autouse=True)
def _no_attempts_counted(transactional_db: None) -> None:
    """The counters of failed log-ins are no model's rows: what the last test counted is still there."""
    cache.clear()


def open_form(page: Page) -> None:
    """From the pledge to the form, over the log-in."""
    page.get_by_role("link", name="進捗度・達成度を評価する").click()
    page.get_by_label("メールアドレス").fill(MEMBER)
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()


@pytest.mark.parametrize("script", [True, False])
def test_from_a_pledge_to_an_assessment_and_back(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], script: bool
) -> None:
    UserFactory.create(email=MEMBER)
    someone = visitor(java_script_enabled=script)
    page = someone.go(site.unjudged.get_absolute_url())
    assert someone.context.cookies() == []
    open_form(page)
    expect(page.get_by_role("heading", level=2, name="進捗度・達成度を評価する")).to_be_visible()

    progress, achievement = page.get_by_label("進捗度必須"), page.get_by_label("達成度必須")
    slider = page.locator("input[data-of='id_progress']")
    if script:
        assert broken_rules(page) == []
        slider.fill("35")
        expect(progress).to_have_value("35")
        progress.fill("60")
        expect(slider).to_have_value("60")
        slider.press("ArrowRight")
        expect(progress).to_have_value("61")
    else:
        expect(slider).to_be_hidden()
        progress.fill("61")
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert overflow(page) == 0
    achievement.fill("20")
    page.get_by_label("コメント").fill("計画ができました。")
    page.get_by_label("根拠1の題名").fill("計画書")
    page.get_by_role("button", name="評価を送る").click()

    expect(page.get_by_role("alert")).to_contain_text("1か所を直してください。")
    expect(page.get_by_label("コメント")).to_have_value("計画ができました。")
    if script:
        expect(page.get_by_role("alert")).to_be_focused()
        assert broken_rules(page) == []
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_label("根拠1のアドレス").fill("https://www.example.com/plan/")
    page.get_by_role("button", name="評価を送る").click()

    expect(page.get_by_role("status")).to_have_text("評価を受け付けました。")
    expect(page.get_by_text("24時間以内に確認します。").last).to_be_visible()
    if script:
        assert broken_rules(page) == []
        # What was sent stands in both.
        expect(slider).to_have_value("61")
    page.get_by_role("link", name="公約の全文と出典を見る").click()
    expect(page.get_by_text("進捗度・達成度の評価 1件")).to_be_visible()
    assert "計画ができました。" not in page.content()
    kept = Assessment.objects.get(pledge=site.unjudged)
    assert (kept.progress, kept.achievement, kept.links.get().title) == (61, 20, "計画書")

    page.go_back()
    page.get_by_role("button", name="評価を取り消す").click()
    expect(page.get_by_role("status")).to_have_text("評価を取り消しました。")
    # The refusals on the way are told in the console too.
    someone.faults[:] = [fault for fault in someone.faults if "422" not in fault]


def test_the_politicians_office_is_led_to_its_own_voice(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]]
) -> None:
    DelegateFactory.create(user=UserFactory.create(email=MEMBER), politician=site.mayor)
    someone = visitor()
    page = someone.go(site.unjudged.get_absolute_url())
    open_form(page)
    expect(page.get_by_text("市民としての評価はできません。")).to_be_visible()
    assert broken_rules(page) == []
    page.get_by_label("進捗度必須").fill("90")
    page.get_by_label("達成度必須").fill("80")
    page.get_by_role("button", name="自己評価を送る").click()
    expect(page.get_by_role("status")).to_be_visible()

    page.get_by_role("link", name="公約の全文と出典を見る").click()
    own = page.get_by_role("region", name="本人の自己評価")
    expect(own).to_contain_text("進捗度 90%")
    page.get_by_text("支持する", exact=True).first.click()
    expect(page.locator("#ballot-errors")).to_contain_text("市民としての評価はできません")
    expect(page.locator("#ballot-errors").get_by_role("link", name="本人の自己評価を記入する")).to_be_visible()
    assert broken_rules(page) == []
    someone.faults[:] = [fault for fault in someone.faults if "422" not in fault]
