"""Signing up, logging in and a passkey, as a member does it on a phone."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.accounts.factories import PASSWORD, UserFactory, add_app
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import overflow

pytestmark = pytest.mark.browser

SOMEBODY = "hanako@example.jp"


@pytest.fixture(autouse=True)
def _no_attempts_counted(transactional_db: None) -> None:
    """The counters of failed log-ins are no model's rows: what the last test counted is still there."""
    cache.clear()


def fill_log_in(page: Page, name: str = SOMEBODY) -> None:
    page.get_by_label("メールアドレス").fill(name)
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()


@pytest.mark.parametrize("script", [True, False])
def test_signing_up_and_logging_in_on_a_phone(
    visitor: Callable[..., Visitor], broken_rules: Callable[[Page], list[str]], script: bool
) -> None:
    someone = visitor(java_script_enabled=script)
    page = someone.go("/about/")
    assert someone.context.cookies() == []

    def looks_right() -> None:
        if script:  # axe is one
            assert overflow(page) == 0
            assert broken_rules(page) == []

    page.get_by_role("link", name="ログイン・登録").click()
    looks_right()
    page.get_by_role("link", name="新しく登録する").click()
    page.get_by_role("button", name="確認のメールを送る").click()
    expect(page.get_by_role("alert")).to_contain_text("登録できませんでした。")
    looks_right()
    page.get_by_label("メールアドレス").fill(SOMEBODY)
    page.get_by_label("パスワード必須").fill(PASSWORD)
    if script:
        page.get_by_role("button", name="パスワードを表示する").click()
        expect(page.get_by_label("パスワード必須")).to_have_attribute("type", "text")
    page.get_by_role("button", name="確認のメールを送る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("確認のメールを送りました")
    looks_right()
    [link] = re.findall(r"http://\S+", str(mail.outbox[0].body))
    page.goto(link)
    looks_right()
    page.get_by_role("button", name="確認する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("マイページ")
    looks_right()
    page.get_by_role("button", name="ログアウトする").click()
    expect(page.get_by_role("status")).to_have_text("ログアウトしました。")
    page.get_by_role("link", name="ログインする").click()
    looks_right()
    fill_log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("マイページ")


def test_a_passkey_is_added_and_opens_the_door_without_a_password(
    visitor: Callable[..., Visitor], broken_rules: Callable[[Page], list[str]]
) -> None:
    UserFactory.create(email=SOMEBODY)
    someone = visitor()
    page = someone.go("/accounts/login/")
    keys = someone.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    fill_log_in(page)
    page.get_by_role("link", name="2段階認証とパスキー").click()
    assert broken_rules(page) == []
    page.get_by_role("link", name="パスキーを登録する").click()
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="続ける").click()
    assert broken_rules(page) == []
    page.get_by_role("button", name="パスキーを登録する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("予備の番号")
    assert broken_rules(page) == []
    page.get_by_role("link", name="マイページに戻る").click()
    page.get_by_role("button", name="ログアウトする").click()
    page.get_by_role("link", name="ログインする").click()
    page.get_by_role("button", name="パスキーでログインする").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("マイページ")


def test_a_passkey_that_fails_says_so(visitor: Callable[..., Visitor]) -> None:
    someone = visitor()
    page = someone.go("/accounts/login/")
    keys = someone.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")  # and no authenticator: nothing answers
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "automaticPresenceSimulation": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.get_by_role("button", name="パスキーでログインする").click()
    expect(page.get_by_role("alert")).to_contain_text("パスキーを使えませんでした。")


def test_the_second_step_and_the_settings_are_for_everybody(
    visitor: Callable[..., Visitor], broken_rules: Callable[[Page], list[str]]
) -> None:
    user = UserFactory.create(email=SOMEBODY)
    someone = visitor(width=1280, color_scheme="dark")
    page = someone.go("/accounts/login/")
    fill_log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("マイページ")
    page.goto(someone.site + "/accounts/2fa/totp/activate/")
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_role("button", name="続ける").click()
    found = {page.url: broken_rules(page)}
    for path in ("profile", "sessions", "export", "delete", "email", "password/change", "2fa", "logout"):
        page.goto(f"{someone.site}/accounts/{path}/")
        found[path] = broken_rules(page)
        assert overflow(page) == 0
    add_app(user)
    other = visitor()
    second = other.go("/accounts/login/")
    fill_log_in(second)
    expect(second.get_by_role("heading", level=1)).to_have_text("2段階認証")
    found["authenticate"] = broken_rules(second)
    assert overflow(second) == 0
    assert {path: rules for path, rules in found.items() if rules} == {}
