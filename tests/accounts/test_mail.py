"""Every mail of the accounts: Japanese, in plain text and HTML, and readable in the log of a trial."""

import re
from pathlib import Path
from types import SimpleNamespace

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory
from django.utils import timezone

from tsushinbo.accounts.words import NOTICES
from tsushinbo.config.logs import Lines
from tsushinbo.mail.backends import LogBackend

# What this site never asks of allauth: codes by mail.
BY_CODE = {"login_code", "password_reset_code"}
ASKED = {
    "email_confirmation",
    "email_confirmation_signup",
    "password_reset_key",
    "unknown_account",
    "account_already_exists",
}


def mail_of(name: str, **more: object) -> EmailMultiAlternatives:
    request = RequestFactory().get("/")
    request.allauth = SimpleNamespace()  # type: ignore[attr-defined]
    facts = {
        "activate_url": "http://testserver/a/", "password_reset_url": "http://testserver/b/", "signup_url": "http://testserver/c/",
        "user_agent": "Firefox", "timestamp": timezone.now(), **more,
    }  # fmt: skip
    with context.request_context(request):
        mail: EmailMultiAlternatives = get_adapter().render_mail(f"account/email/{name}", "hanako@example.jp", facts)
    return mail


def test_there_are_words_for_every_mail_that_allauth_sends() -> None:
    sources = " ".join(
        path.read_text() for path in Path(allauth.__file__).parent.rglob("*.py") if "headless" not in path.parts
    )
    sent = set(re.findall(r'"(?:account|mfa|socialaccount)/email/(\w+)"', sources))
    assert sent - BY_CODE == ASKED | NOTICES.keys()


@pytest.mark.parametrize("name", sorted(ASKED | NOTICES.keys()))
def test_each_mail_is_japanese_in_text_and_in_html(name: str) -> None:
    mail = mail_of(name)
    assert mail.subject.startswith("【先生の通信簿】")
    assert "\n" not in mail.subject
    [html] = [str(part.content) for part in mail.alternatives]
    assert '<html lang="ja">' in html
    for link in re.findall(r"http\S+", str(mail.body)):
        assert f'<a href="{link}"' in html
    assert "心当たりがない場合は" in str(mail.body)
    for trace in ("None", "{{", "{%", "&#x27;"):
        assert trace not in str(mail.body)


def test_what_a_stranger_wrote_is_text_in_the_html() -> None:
    html = str(mail_of("email_changed", to_email="<b>x</b>@example.jp").alternatives[0].content)
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_a_trial_finds_the_link_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="tsushinbo"):
        assert LogBackend().send_messages([mail_of("email_confirmation_signup")]) == 1
    assert "mail to hanako@example.jp: 【先生の通信簿】登録を完了してください" in caplog.text
    assert "\n    http://testserver/a/\n" in Lines("{message}", style="{").format(caplog.records[-1])
