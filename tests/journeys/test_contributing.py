"""A member adds a pledge from a URL and a quotation, a moderator approves it, another mends it: in a real browser, with and without script."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.accounts.factories import PASSWORD, UserFactory
from tests.cast import Cast
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import fits
from tsushinbo.accounts.roles import Role
from tsushinbo.moderation.services import decide
from tsushinbo.pledges.models import Pledge, PledgeProposal

pytestmark = pytest.mark.browser
MEMBER = "hanako@example.jp"


@pytest.fixture(autouse=True)
def _alone(transactional_db: None) -> None:
    """The counters of failed log-ins are no model's rows."""
    cache.clear()


def approve(proposal: PledgeProposal) -> None:
    moderator = UserFactory.create()
    moderator.groups.add(Group.objects.get_or_create(name=Role.MODERATOR)[0])
    decide(item=proposal, approve=True, by=moderator, at=timezone.now())


@pytest.mark.parametrize("script", [True, False])
def test_a_member_adds_a_pledge_and_mends_it(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], script: bool
) -> None:
    UserFactory.create(email=MEMBER, display_name="花子")
    someone = visitor(java_script_enabled=script)
    page = someone.go(site.member.get_absolute_url())
    page.get_by_role("link", name="この政治家の公約を登録する").click()
    page.get_by_label("メールアドレス").fill(MEMBER)
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()
    expect(page.get_by_role("heading", name="公約を登録する", level=1)).to_be_visible()
    if script:
        assert broken_rules(page) == []
        fits(page)
    page.get_by_label("出典のアドレス").fill("https://www.example.com/seisaku/")
    page.get_by_label("公約の本文").fill("給食費を無償にします。財源は基金です。")
    page.get_by_label("政策分野").select_option("子育て")
    page.get_by_label("出典の題名").fill("政策集")
    page.get_by_label("出典の日付").fill("2025年11月")
    page.get_by_role("button", name="確認に送る").click()
    warning = page.get_by_role("alert")
    expect(warning).to_contain_text("よく似た公約が、すでに登録されています")
    expect(warning.get_by_role("link", name=site.pledge.title)).to_be_visible()
    if script:
        assert broken_rules(page) == []
    page.get_by_label("別の公約です").check()
    page.get_by_role("button", name="確認に送る").click()
    expect(page.get_by_role("status")).to_contain_text("24時間以内に確認します")
    expect(page.get_by_text("確認待ち")).to_be_visible()
    if script:
        assert broken_rules(page) == []
        fits(page)
    before = Pledge.objects.count()
    approve(PledgeProposal.objects.get())
    assert Pledge.objects.count() == before + 1
    page.reload()
    page.get_by_role("link", name="給食費を無償にします").first.click()
    expect(page.get_by_role("heading", name="給食費を無償にします", level=1)).to_be_visible()
    page.get_by_role("link", name="公約を直す・書き足す").click()
    page.get_by_label("公約の本文").fill("給食費を半額にします。財源は基金です。")
    page.get_by_label("変更の理由").fill("出典に合わせて直す")
    page.get_by_role("button", name="プレビューを見る").click()
    expect(page.locator("#preview ins")).to_have_text("半額")
    page.get_by_role("button", name="確認に送る").click()
    expect(page.get_by_role("status")).to_contain_text("変更を受け付けました")
    approve(PledgeProposal.objects.get(state="pending"))
    pledge = Pledge.objects.get(title="給食費を無償にします", text="給食費を半額にします。財源は基金です。")
    page.goto(someone.site + pledge.get_absolute_url())
    history = page.get_by_role("region", name="変更履歴")
    expect(history.locator("del")).to_have_text("無償")
    expect(history.locator("ins")).to_have_text("半額")
    expect(history).to_contain_text("花子さん")
    # The browser tells of the answer that shows the form again.
    someone.faults[:] = [fault for fault in someone.faults if "422" not in fault]
