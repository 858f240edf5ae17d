"""A politician joins, on a phone, with and without script: claim, code, office, the first report with its pledge, an answer that stays pinned."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.accounts.factories import PASSWORD, UserFactory
from tests.cast import Cast
from tests.claims.claiming import last_code, wrong
from tests.comments.factories import CommentFactory
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import fits
from tsushinbo.activities.models import ActivityReport
from tsushinbo.people.queries import speaks_for

pytestmark = pytest.mark.browser
MEMBER = "jimusho@example.jp"


@pytest.fixture(autouse=True)
def _alone(transactional_db: None, settings: Settings, tmp_path: Path) -> None:
    """The counters of failed log-ins are no model's rows; pictures are the test's own; no mail leaves."""
    cache.clear()
    settings.PICTURES_DIR = tmp_path / "media"
    settings.MAIL_AT_ONCE = False


@pytest.mark.parametrize("script", [True, False])
def test_a_politician_joins_reports_and_answers(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], script: bool
) -> None:
    account = UserFactory.create(email=MEMBER, display_name="太郎事務所")
    someone = visitor(java_script_enabled=script)

    def sound() -> None:
        fits(page)
        if script:
            assert broken_rules(page) == []

    page = someone.go(site.member.get_absolute_url())
    expect(page.get_by_role("img", name="本人の確認は済んでいません")).to_be_visible()
    page.get_by_role("link", name="ご本人・事務所の方へ").click()
    sound()
    page.get_by_role("link", name="ログインして申請する").click()
    page.get_by_label("メールアドレス").fill(MEMBER)
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()

    page.get_by_label("事務所", exact=True).check()
    page.get_by_label("事務所での役割").fill("秘書")
    sound()
    page.get_by_role("button", name="申請を始める").click()
    expect(page.get_by_role("status")).to_contain_text("申請を受け付けました")
    sound()
    page.get_by_label("メールアドレス").fill("info@gmail.com")
    page.get_by_role("button", name="番号を送る").click()
    expect(page.get_by_role("alert")).to_contain_text("このアドレスでは確認できません")
    expect(page.get_by_label("メールアドレス")).to_have_value("info@gmail.com")
    page.get_by_label("メールアドレス").fill("info@taro.example.com")
    page.get_by_role("button", name="番号を送る").click()
    expect(page.get_by_role("status")).to_contain_text("番号を送りました")
    page.get_by_label("メールで届いた番号").fill(wrong(last_code()))
    page.get_by_role("button", name="番号を確かめる").click()
    expect(page.get_by_role("alert")).to_contain_text("あと4回入力できます")
    someone.faults[:] = [fault for fault in someone.faults if "422" not in fault]
    sound()
    page.get_by_label("メールで届いた番号").fill(last_code())
    page.get_by_role("button", name="番号を確かめる").click()
    expect(page.get_by_role("status")).to_contain_text("本人確認が済みました")
    assert speaks_for(account, site.member)
    sound()

    page.get_by_role("link", name="事務所の画面に進む").click()
    expect(page.get_by_role("region", name="みんなの評価")).to_contain_text("72")
    sound()
    page.get_by_role("link", name="活動報告を書く").click()
    page.get_by_label("題名必須", exact=True).fill("給食費の予算を確かめました")
    page.get_by_label("活動した日必須").fill("2026-01-19")
    page.get_by_label("本文必須").fill("## 予算\n\n半額の補助が計上されました。")
    page.get_by_label("関連する公約任意").select_option(label=site.pledge.title)
    page.get_by_role("button", name="公開する", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="給食費の予算を確かめました")).to_be_visible()
    expect(page.get_by_role("article").get_by_text("本人確認済み")).to_be_visible()
    expect(page.get_by_role("link", name=f"関連する公約：{site.pledge.title}")).to_be_visible()

    report = ActivityReport.objects.get(title="給食費の予算を確かめました")
    comment = CommentFactory.create(
        report=report, body="残りの半額はいつですか。", made_at=timezone.now() - timedelta(minutes=1)
    )
    page.goto(someone.site + "/office/")
    page.get_by_role("link", name=f"「{comment.body}」に回答する").click()
    sound()
    page.get_by_label("反論・回答必須").fill("来年度の当初予算に計上します。")
    page.get_by_role("button", name="公開する", exact=True).click()
    expect(page.get_by_text("来年度の当初予算に計上します。")).to_be_visible()

    reader = visitor()
    other = reader.go(report.get_absolute_url())
    expect(other.get_by_text("見本 太郎さんの反論・回答")).to_be_visible()
    expect(other.get_by_text("来年度の当初予算に計上します。")).to_be_visible()
    other.goto(reader.site + site.member.get_absolute_url())
    expect(other.get_by_role("img", name="本人確認済み、")).to_be_visible()
    assert reader.context.cookies() == []
