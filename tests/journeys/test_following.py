"""Following a politician, in a real browser: the button, the bell, the mail and the one click that ends the mails."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.accounts.factories import PASSWORD, UserFactory
from tests.cast import Cast
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import overflow
from tests.people.factories import DelegateFactory
from tsushinbo.activities.services import Wording, post_report
from tsushinbo.mail.services import deliver_due
from tsushinbo.notices.models import Follow, MailChoice, Notice
from tsushinbo.notices.services import fan_out, mail_due

pytestmark = pytest.mark.browser
MEMBER = "hanako@example.jp"


@pytest.fixture(autouse=True)
def _alone(transactional_db: None) -> None:
    """The counters of failed log-ins are no model's rows."""
    cache.clear()


@pytest.mark.parametrize("script", [True, False])
def test_a_citizen_follows_a_politician_and_hears_of_a_report(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], script: bool
) -> None:
    UserFactory(email=MEMBER)
    office = DelegateFactory(politician=site.member).user
    page = visitor(java_script_enabled=script).go(site.member.get_absolute_url())
    page.get_by_role("button", name="フォローする").click()
    page.get_by_label("メールアドレス").fill(MEMBER)
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()
    page.get_by_role("button", name="フォローする").click()
    expect(page.get_by_text("フォロー中")).to_be_visible()
    page.goto(page.url.replace(page.url.split("/", 3)[3], site.member.get_absolute_url().lstrip("/")))
    if script:
        # The page is the one that everybody gets; what is this visitor's own comes after it.
        expect(page.get_by_text("フォロー中")).to_be_visible()
    assert Follow.objects.count() == 1

    now = timezone.now()
    wording = Wording(title="通学路を点検しました", happened_on=timezone.localdate(now), body="41か所を確かめました。")
    post_report(politician=site.member, author=office, wording=wording, at=now)
    assert fan_out(at=now) == 1

    # With script the button brought the way to one's own page along.
    page.get_by_role("link", name="マイページ" if script else "ログイン・登録").click()
    page.get_by_role("link", name=re.compile(r"^お知らせ\s*未読1件")).click()
    expect(page.get_by_role("link", name="通学路を点検しました", exact=False)).to_be_visible()
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert overflow(page) == 0
    if script:
        assert broken_rules(page) == []

    assert mail_due(at=now + timedelta(days=1)) == 1
    assert deliver_due(at=now + timedelta(days=1)).sent == 1
    [sent] = mail.outbox
    assert "通学路を点検しました" in str(sent.body)
    found = re.search(r"<http://localhost:\d+(/\S+)>", sent.extra_headers["List-Unsubscribe"])
    assert found is not None
    assert Client(enforce_csrf_checks=True).post(found[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailChoice.objects.get().pace == "off"

    if script:
        bell = page.url
        page.get_by_role("link", name="通学路を点検しました", exact=False).click()
        expect(page.get_by_text("41か所を確かめました。")).to_be_visible()
        page.goto(bell)
        # What notes it is sent beside the way to the page, and may come after this one was asked for.
        for _ in range(100):
            if page.get_by_role("button", name="すべて既読にする").count() == 0:
                break
            page.reload()
        expect(page.get_by_role("link", name="通学路を点検しました", exact=False)).to_be_visible()
    else:
        page.get_by_role("button", name="すべて既読にする").click()
    expect(page.get_by_role("button", name="すべて既読にする")).to_have_count(0)
    assert not Notice.objects.filter(read_at=None).exists()
    page.goto(page.url.replace("/notices/", "/follows/"))
    page.get_by_role("button", name="フォローをやめる").click()
    expect(page.get_by_text("フォローしているものは、まだありません")).to_be_visible()
