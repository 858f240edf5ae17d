"""The page that the site is for, in a real browser: a politician posts a report, somebody comments, a moderator approves, everybody reads."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.conf import settings as conf
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.accounts.factories import UserFactory, add_app, log_in_with_second_factor
from tests.activities.factories import ReportFactory
from tests.cast import Cast
from tests.journeys.conftest import Visitor
from tests.journeys.test_activities import MEMBER, fits, open_form
from tests.people.factories import DelegateFactory
from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments.models import Comment

pytestmark = pytest.mark.browser
TITLE = "見本県の防災協定に市が参加へ 備蓄と訓練の共同運用を検討"
TEXT = """見本市は8日、県庁で開かれた連絡会議で、県と周辺4町の防災協定に参加する検討を始めたと説明しました。今後、費用の分担など具体的な調整に入ります。

協定の事務局は県の防災センターに置かれ、備蓄品の購入や合同訓練を担います。私は会議で、小学校区ごとの倉庫との役割分担を質問しました。

## 備蓄は一つの市では足りない

担当課は、同じ品を同じ場所に集めず、五つの市町で分けて持つ案を示しました。

## 訓練の進め方が変わる

訓練は年1回から2回に増え、うち1回は夜間に行います。時期は各市町の行事と重ならないように決めます。

参加がどのような形になるかは、次の連絡会議のあとに報告します。
"""
POINTS = [
    "市が県の防災協定への参加を検討している",
    "備蓄品の共同購入と合同訓練を行う",
    "事務局は県の防災センターに置く",
    "訓練は年2回、うち1回は夜間",
    "費用の分担は2月までに決める",
]
NOTICES = (
    "コメントを投稿することができます。管理者の確認後公開されます。誹謗中傷・公序良俗に反する投稿は削除されます。",
    "※サイト運営スタッフにより内容が確認後公開されます。24時間以内に確認されます。",
)


@pytest.fixture(autouse=True)
def _alone(transactional_db: None, settings: Settings) -> None:
    """The counters of failed log-ins are no model's rows."""
    cache.clear()


def desk_of(someone: Visitor) -> Page:
    """The desk in the browser of a moderator who showed a second factor."""
    moderator, client = UserFactory.create(role="moderator"), Client()
    # A test in real transactions begins in an emptied database: what the migrations gave to the role is gone.
    moderator.user_permissions.add(*Permission.objects.filter(content_type__app_label="comments"))
    add_app(moderator)
    log_in_with_second_factor(client, moderator)
    session = client.cookies[conf.SESSION_COOKIE_NAME].value
    someone.context.add_cookies([{"name": conf.SESSION_COOKIE_NAME, "value": session, "url": someone.site}])
    return someone.go("/moderation/")


def comment_on(page: Page) -> None:
    page.get_by_role("link", name="コメント投稿する").click()
    page.get_by_label("ニックネーム任意").fill("運営")
    page.get_by_label("コメント必須").fill("倉庫の場所は、地図でも公開してほしいです。\n夜間の訓練に賛成です。")
    page.get_by_role("button", name="確認に送る").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("間違われるニックネームは使えません")
    expect(page.get_by_label("コメント必須")).to_have_value(
        "倉庫の場所は、地図でも公開してほしいです。\n夜間の訓練に賛成です。"
    )
    page.get_by_label("ニックネーム任意").fill("キッシー")
    page.get_by_role("button", name="確認に送る").click()


@pytest.mark.parametrize("script", [True, False])
def test_a_report_is_posted_commented_on_approved_and_read(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], script: bool
) -> None:
    DelegateFactory.create(user=UserFactory.create(email=MEMBER), politician=site.member)
    office = visitor()
    page = office.go(site.member.get_absolute_url())
    open_form(page)
    page.get_by_label("題名必須", exact=True).fill(TITLE)
    page.get_by_label("活動した日必須").fill("2025-04-08")
    page.get_by_label("本文必須").fill(TEXT)
    page.get_by_label("要点任意").fill("\n".join(POINTS))
    page.get_by_role("button", name="公開する", exact=True).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    report = ActivityReport.objects.get(title=TITLE)
    ReportFactory.create(title="通学路の安全点検", publish_at=timezone.now())

    citizen = visitor(java_script_enabled=script)
    page = citizen.go(report.get_absolute_url())
    comment_on(page)
    # It was refused once, which Chromium notes as a fault.
    citizen.faults[:] = [fault for fault in citizen.faults if "422" not in fault]
    if script:
        own = page.locator("#own-comments")
        expect(own).to_contain_text("コメントを受け付けました")
        expect(own).to_contain_text("確認待ち")
    else:
        expect(page.locator("#comments")).to_contain_text("コメントを受け付けました。")
        page.locator("#comments").get_by_role("link", name="自分のコメントを確かめる").click()
        expect(page.locator("#own-comments")).to_contain_text("確認待ち")
    comment = Comment.objects.get()
    expect(visitor().go(report.get_absolute_url()).get_by_text("夜間の訓練に賛成です。")).to_have_count(0)

    desk = desk_of(visitor(java_script_enabled=False))
    row = desk.locator("[data-row]").first
    expect(row).to_contain_text("夜間の訓練に賛成です。")
    row.get_by_role("button", name="承認").first.click()
    expect(desk.get_by_role("status").first).to_contain_text("承認")

    page.goto(citizen.site + report.get_absolute_url())
    stamp = f"{timezone.localtime(comment.made_at):%Y-%m-%d %H:%M:%S}(キッシー)"
    expect(page.get_by_text(stamp)).to_be_visible()
    expect(page.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    expect(page.locator("article time").first).to_have_text("2025-04-08")
    for heading in ("備蓄は一つの市では足りない", "訓練の進め方が変わる", "要点", "コメント投稿"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.locator(".points li")).to_have_text(POINTS)
    for notice in NOTICES:
        expect(page.get_by_text(notice, exact=True)).to_be_visible()
    popular = page.get_by_role("region", name="人気のある活動報告")
    expect(popular).to_contain_text("7日間でコメント投稿数が多かった活動報告")
    expect(popular.get_by_role("link", name=TITLE)).to_be_visible()
    expect(
        page.get_by_role("region", name="新着の活動報告").get_by_role("link", name="通学路の安全点検", exact=True)
    ).to_be_visible()
    if script:
        assert broken_rules(page) == []
    fits(page)

    # The very line that the site's readers know.
    Comment.objects.update(made_at=datetime(2025, 4, 9, 1, 33, 16, tzinfo=UTC))
    page.reload()
    expect(page.get_by_text("2025-04-09 10:33:16(キッシー)", exact=True)).to_be_visible()
    expect(page.get_by_text("人気のある活動報告")).to_have_count(0)
    assert not office.faults
    assert not citizen.faults
