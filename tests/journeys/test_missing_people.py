"""A member finds that somebody is missing, an editor lets them in, the member mends a fact: in a real browser, with and without script."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.accounts.factories import PASSWORD, UserFactory
from tests.cast import Cast
from tests.journeys.conftest import Visitor, at_desk
from tests.journeys.test_pages import fits
from tsushinbo.people.models import PersonProposal, Politician

pytestmark = pytest.mark.browser
MEMBER = "hanako@example.jp"


@pytest.fixture(autouse=True)
def _alone(transactional_db: None) -> None:
    """The counters of failed log-ins are no model's rows."""
    cache.clear()


@pytest.mark.parametrize("script", [True, False])
def test_somebody_missing_comes_on_record_and_a_fact_is_mended(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], script: bool
) -> None:
    UserFactory.create(email=MEMBER, display_name="花子")
    someone, editor = visitor(java_script_enabled=script), visitor(width=1280)
    page = someone.go("/search/?q=架空良子")
    page.get_by_role("link", name="見つからない政治家を知らせる").click()
    expect(page.get_by_text("提案には、ログインが必要です。")).to_be_visible()
    page.get_by_role("link", name="ログインする").last.click()
    page.get_by_label("メールアドレス").fill(MEMBER)
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()
    expect(page.get_by_role("heading", name="見つからない政治家を知らせる", level=1)).to_be_visible()
    if script:
        assert broken_rules(page) == []
        fits(page)
    page.get_by_label("氏名").fill("仮名 良子")
    page.get_by_label("ふりがな").fill("かりな よしこ")
    page.get_by_label("いまの職").select_option("市区町村議会議員")
    page.get_by_label("選挙区・自治体").press_sequentially("品川")
    if script:
        expect(page.locator("#places option")).to_have_count(1)
    page.get_by_label("選挙区・自治体").fill("東京都品川区")
    page.get_by_label("出典のアドレス").fill("https://www.example.com/gikai/")
    page.get_by_role("button", name="確認に送る").click()
    warning = page.get_by_role("alert")
    expect(warning).to_contain_text("名前か読みが同じ人が、すでに登録されています")
    expect(warning.get_by_role("link")).to_have_attribute("href", site.mayor.get_absolute_url())
    if script:
        assert broken_rules(page) == []
        fits(page)
    page.get_by_label("別の人です。それでも提案する").check()
    page.get_by_role("button", name="確認に送る").click()
    expect(page.get_by_role("status")).to_contain_text("24時間以内に確認します")
    if script:
        assert broken_rules(page) == []
        fits(page)

    desk = at_desk(editor, UserFactory.create(role="editor"), "people")
    expect(desk.get_by_text("氏名：仮名 良子")).to_be_visible()
    desk.get_by_role("button", name="承認する", exact=True).click()
    expect(desk.get_by_text("承認して公開しました。")).to_be_visible()
    person = PersonProposal.objects.get().politician
    assert person is not None

    page.reload()
    page.get_by_role("link", name="仮名 良子").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("良子")
    page.get_by_role("link", name="情報の誤りを知らせる").click()
    if script:
        assert broken_rules(page) == []
        fits(page)
    page.get_by_label("生年").fill("1970")
    page.get_by_label("当選回数").fill("2")
    page.get_by_label("出典のアドレス").fill("https://www.example.com/profile/")
    page.get_by_role("button", name="確認に送る").click()
    expect(page.get_by_role("status")).to_contain_text("訂正の提案を受け付けました")
    expect(page.locator("ins").filter(has_text="1970年")).to_be_visible()
    desk.goto(f"{editor.site}/moderation/")
    desk.get_by_role("button", name="承認する", exact=True).click()
    expect(desk.get_by_text("承認して公開しました。")).to_be_visible()
    assert Politician.objects.get(pk=person.pk).birth_year == 1970
    page.goto(someone.site + person.get_absolute_url())
    expect(page.get_by_text("1970年", exact=True)).to_be_visible()
    page.get_by_role("link", name="情報の誤りを知らせる").click()
    made = page.get_by_role("region", name="これまでの訂正")
    expect(made.locator("ins").filter(has_text="1970年")).to_be_visible()
    if script:
        assert broken_rules(page) == []
        fits(page)
    # The browser tells of the answer that shows the form again.
    someone.faults[:] = [fault for fault in someone.faults if "422" not in fault]
