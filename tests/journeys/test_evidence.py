"""Evidence in a real browser: two editors on phones let a pledge stand otherwise, one undoes it, and a reader follows."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.accounts.factories import PASSWORD, UserFactory, add_app, code_of
from tests.cast import Cast
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import overflow
from tsushinbo.pledges.models import Evidence

pytestmark = pytest.mark.browser
FIRST, SECOND = "taro@example.jp", "hanako@example.jp"


@pytest.fixture(autouse=True)
def _no_attempts_counted(transactional_db: None) -> None:
    """The counters of failed log-ins are no model's rows: what the last test counted is still there."""
    cache.clear()


def log_in(page: Page, email: str, secret: str) -> None:
    """From the page that says who may, over the log-in with its second factor."""
    page.get_by_role("main").get_by_role("link", name="ログインする").click()
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()
    page.get_by_label("番号").first.fill(code_of(secret))
    page.get_by_role("button", name="ログインする", exact=True).click()


@pytest.mark.parametrize("script", [True, False])
def test_two_editors_let_a_pledge_stand_otherwise_and_a_reader_follows(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], script: bool
) -> None:
    secrets = {email: add_app(UserFactory.create(email=email, role="editor")) for email in (FIRST, SECOND)}
    pledge = site.unjudged
    address = pledge.get_absolute_url()

    def looks_right(page: Page) -> None:
        page.wait_for_load_state()
        assert overflow(page) == 0
        if script:
            assert broken_rules(page) == []

    # The first editor, from the pledge over the log-in to the form.
    one = visitor(java_script_enabled=script)
    page = one.go(address)
    assert one.context.cookies() == []
    page.get_by_role("link", name="根拠を登録する（編集者）").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("根拠の登録と確認は編集者が行います")
    looks_right(page)
    log_in(page, FIRST, secrets[FIRST])
    expect(page.get_by_role("heading", level=1)).to_have_text("根拠を登録する")
    looks_right(page)
    page.get_by_label("題名").fill("2026年度当初予算の概要")
    page.get_by_label("アドレス").fill("javascript:alert(1)")
    page.get_by_label("発行元").fill("品川区")
    page.get_by_label("公表された日").fill("2026-03-24")
    page.get_by_label("何を示しているか").fill("保育園を2園増やす費用が計上されました。")
    page.get_by_role("radio", name="着手").check()
    page.get_by_role("button", name="確認に送る").click()

    expect(page.get_by_role("alert")).to_contain_text("1か所を直してください。")
    looks_right(page)
    expect(page.get_by_label("何を示しているか")).to_have_value("保育園を2園増やす費用が計上されました。")
    expect(page.get_by_label("公表された日")).to_have_value("2026-03-24")
    expect(page.get_by_role("radio", name="着手")).to_be_checked()
    if script:
        expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_label("アドレス").fill("https://www.example.com/budget/")
    page.get_by_role("button", name="確認に送る").click()
    expect(page.get_by_role("status")).to_contain_text("根拠を登録しました。")
    expect(page.get_by_role("button", name="採用して公開する")).to_have_count(0)
    looks_right(page)

    # A reader learns that something waits, and not what.
    reader = visitor(java_script_enabled=script)
    read = reader.go(address)
    record = read.get_by_role("region", name="実施状況の記録")
    expect(record).to_contain_text("確認待ちの根拠 1件")
    expect(record).not_to_contain_text("当初予算")
    looks_right(read)

    # The second editor, from the pledge to the desk.
    two = visitor(java_script_enabled=script)
    desk = two.go(address)
    desk.get_by_role("link", name="確認待ちの根拠を確かめる（編集者）").click()
    log_in(desk, SECOND, secrets[SECOND])
    expect(desk.get_by_role("heading", level=1)).to_have_text("確認待ちの根拠")
    expect(desk.get_by_role("heading", level=2, name="保育園を増やします")).to_be_visible()
    looks_right(desk)
    desk.get_by_role("link", name="公約の全文と並べて確かめる").click()
    desk.wait_for_url(lambda url: not url.endswith("/evidence/"))
    looks_right(desk)
    desk.get_by_text("不採用にする").first.click()
    looks_right(desk)
    desk.get_by_role("button", name="採用して公開する").click()
    expect(desk.get_by_role("status")).to_contain_text("公約の実施状況に反映しました。")
    looks_right(desk)

    read.reload()
    expect(record).to_contain_text("編集者2人が確認")
    expect(record.get_by_role("link", name="2026年度当初予算の概要")).to_have_attribute("rel", "ugc nofollow noopener")
    expect(read.get_by_role("region", name="証拠にもとづく実施状況")).to_contain_text("根拠 1件")
    looks_right(read)

    # The first editor undoes it; both stay in sight.
    page.goto(one.site + address)
    page.get_by_role("link", name="変更を取り消す（編集者）").click()
    page.wait_for_url("**/status/undo/")
    looks_right(page)
    page.get_by_label("取り消す理由").fill("予算が成立しませんでした。")
    page.get_by_role("button", name="変更を取り消す").click()
    page.wait_for_url(lambda url: not url.endswith("/undo/"))
    read.reload()
    expect(record).to_contain_text("記録1の変更を取り消しました。")
    expect(record).to_contain_text("予算が成立しませんでした。")
    expect(record).to_contain_text("記録2で取り消し")
    looks_right(read)
    pledge.refresh_from_db()
    assert (pledge.status, Evidence.objects.get().state) == ("unrated", "confirmed")
    assert reader.context.cookies() == []
    # The refusal on the way is told in the console too.
    one.faults[:] = [fault for fault in one.faults if "422" not in fault]
