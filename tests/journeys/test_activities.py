"""A report in a real browser: the politician's office and a citizen write one, on a phone, with and without script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.accounts.factories import PASSWORD, UserFactory
from tests.activities.factories import image_bytes
from tests.cast import Cast
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import fits
from tests.people.factories import DelegateFactory
from tsushinbo.activities.models import ActivityReport, Draft
from tsushinbo.moderation.services import decide

pytestmark = pytest.mark.browser
MEMBER = "hanako@example.jp"
TEXT = """## 点検の結果

通学路の41か所を、学校と市の担当者と一緒に確かめました。

- 見通しの悪い角に鏡を付けます
- 白線を引き直します

> 次の点検は2月です。

**費用**は[予算書](https://www.example.com/budget/)のとおりです。
"""


@pytest.fixture(autouse=True)
def _alone(transactional_db: None, settings: Settings, tmp_path: Path) -> None:
    """The counters of failed log-ins are no model's rows; the pictures of a test are its own."""
    cache.clear()
    settings.PICTURES_DIR = tmp_path / "media"


def open_form(page: Page) -> None:
    """From the report card to the form, over the log-in."""
    page.get_by_role("link", name="活動報告を書く").click()
    page.get_by_label("メールアドレス").fill(MEMBER)
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()


@pytest.mark.parametrize("script", [True, False])
def test_the_office_posts_a_report_with_pictures_and_a_pledge(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], script: bool
) -> None:
    DelegateFactory.create(user=UserFactory.create(email=MEMBER), politician=site.member)
    someone = visitor(java_script_enabled=script)
    page = someone.go(site.member.get_absolute_url())
    open_form(page)
    expect(page.get_by_text("本人・事務所の投稿として、すぐに公開されます。")).to_be_visible()
    if script:
        assert broken_rules(page) == []
    fits(page)

    page.get_by_label("題名必須", exact=True).fill("通学路の安全点検に参加しました")
    page.get_by_label("活動した日必須").fill("2026-01-19")
    page.get_by_label("本文必須").fill(TEXT)
    page.get_by_label("要点任意").fill("41か所を確かめた\n鏡と白線を直す")
    page.get_by_label("関連する公約任意").select_option(label=site.pledge.title)
    preview = page.locator("#preview")
    if script:
        expect(preview.get_by_role("heading", name="点検の結果")).to_be_visible()
        expect(page.locator("#kept")).to_contain_text("下書きを保存しました", timeout=15_000)
        assert Draft.objects.get().title == "通学路の安全点検に参加しました"
    else:
        page.get_by_role("button", name="プレビューを見る").click()
        expect(preview.get_by_role("heading", name="点検の結果")).to_be_visible()
        page.get_by_role("button", name="下書きを保存する").click()
        expect(page.get_by_role("status")).to_contain_text("下書きを保存しました")

    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": image_bytes(size=(1800, 1200))}
    page.get_by_label("写真のファイル").set_input_files([photo])  # type: ignore[list-item] # a dict of the right shape
    page.get_by_role("button", name="写真を加える").click()
    expect(page.get_by_text("写真の説明が入力されていません。").first).to_be_visible()
    someone.faults[:] = [fault for fault in someone.faults if "422" not in fault]
    if script:
        assert broken_rules(page) == []
    page.get_by_label("写真のファイル").set_input_files([photo])  # type: ignore[list-item] # as above
    page.get_by_label("写真の説明").fill("横断歩道で児童を見守る人たち")
    page.get_by_role("button", name="写真を加える").click()
    expect(page.get_by_text("写真を加え、本文の終わりに置きました。")).to_be_visible()
    expect(page.get_by_label("本文必須")).to_have_value(f"{TEXT.rstrip()}\n\n![](写真1)\n")
    expect(page.get_by_label("関連する公約任意")).not_to_have_value("")
    fits(page)

    page.get_by_role("button", name="公開する", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="通学路の安全点検に参加しました")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="点検の結果")).to_be_visible()
    expect(page.get_by_role("region", name="要点")).to_contain_text("鏡と白線を直す")
    photo_shown = page.get_by_role("img", name="横断歩道で児童を見守る人たち")
    photo_shown.scroll_into_view_if_needed()
    if script:
        expect(photo_shown).to_have_js_property("complete", True)
        assert photo_shown.evaluate("image => image.naturalWidth") > 0
        assert photo_shown.evaluate("image => image.currentSrc").endswith(".avif")
        assert broken_rules(page) == []
    fits(page)

    page.get_by_role("link", name=f"関連する公約：{site.pledge.title}").click()
    expect(page.get_by_role("region", name="活動")).to_contain_text("通学路の安全点検に参加しました")
    page.get_by_role("link", name="活動報告", exact=True).click()
    expect(page.get_by_role("link", name="通学路の安全点検に参加しました")).to_be_visible()
    assert not Draft.objects.exists()


def test_a_citizens_report_waits_and_then_stands_in_the_list(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]]
) -> None:
    UserFactory.create(email=MEMBER, display_name="花子")
    someone = visitor()
    page = someone.go(site.mayor.get_absolute_url())
    open_form(page)
    expect(page.get_by_text("投稿は、管理者の確認後に公開されます。24時間以内に確認します。")).to_be_visible()
    page.get_by_label("題名必須", exact=True).fill("区民館の説明会を開きました")
    page.get_by_label("活動した日必須").fill("2026-01-20")
    page.get_by_label("本文必須").fill("説明会に50人が集まりました。")
    page.get_by_role("button", name="確認に送る").click()
    expect(page.get_by_role("alert")).to_contain_text("2か所を直してください")
    someone.faults[:] = [fault for fault in someone.faults if "422" not in fault]
    assert broken_rules(page) == []
    page.get_by_label("出典の題名必須").fill("区報")
    page.get_by_label("出典のアドレス必須").fill("https://www.example.com/kuho/")
    page.get_by_role("button", name="確認に送る").click()
    expect(page.get_by_role("status")).to_contain_text("24時間以内に確認します")
    assert broken_rules(page) == []
    address = page.url.removeprefix(someone.site).partition("?")[0]

    stranger = visitor()
    other = stranger.go(address)
    expect(other.get_by_role("heading", level=1)).to_contain_text("ページが見つかりません")
    stranger.faults[:] = [fault for fault in stranger.faults if "404" not in fault]
    report = ActivityReport.objects.get(politician=site.mayor)
    decide(item=report, approve=True, by=UserFactory.create(), at=timezone.now())
    other.goto(stranger.site + "/activities/new/")
    assert broken_rules(other) == []
    fits(other)
    other.goto(stranger.site + "/activities/")
    assert broken_rules(other) == []
    fits(other)
    other.get_by_role("link", name="区民館の説明会を開きました").click()
    expect(other.get_by_text("花子さんが書きました。")).to_be_visible()
    expect(other.get_by_role("link", name="区報")).to_have_attribute("rel", "ugc nofollow noopener")
    assert stranger.context.cookies() == []

    page.goto(someone.site + "/activities/mine/")
    expect(page.get_by_text("公開中")).to_be_visible()
    assert broken_rules(page) == []
    page.get_by_role("link", name="直す").click()
    page.get_by_label("本文必須").fill("説明会に51人が集まりました。")
    page.get_by_role("button", name="確認に送る").click()
    expect(page.get_by_role("region", name="変更履歴")).to_contain_text("51")
