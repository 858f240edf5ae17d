"""Signing up, confirming the address, logging in and out, as a browser without script does it."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.accounts.factories import PASSWORD, UserFactory
from tsushinbo.accounts.models import User
from tsushinbo.mail.models import Message

pytestmark = pytest.mark.django_db

LOGIN, SIGNUP, RESET = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"


def log_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(LOGIN, {"login": name, "password": password, **more})


def sign_up(client: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    return client.post(SIGNUP, {"email": email, "password1": password})


def is_in(client: Client) -> bool:
    return "マイページ" in client.get("/accounts/").content.decode()


def link_in(message: mail.EmailMessage) -> str:
    """The path of the link in a mail."""
    [path] = re.findall(r"http://testserver(/\S+)", str(message.body))
    return path


def test_sign_up_leads_by_the_link_in_the_mail_to_a_log_in(client: Client) -> None:
    answer = sign_up(client, "hanako@example.jp")
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    assert "確認のメールを送りました" in client.get("/accounts/confirm-email/").content.decode()
    assert not is_in(client)
    [message] = mail.outbox
    assert message.to == ["hanako@example.jp"]
    page = client.get(link_in(message)).content.decode()
    assert "hanako@example.jp" in page
    assert not EmailAddress.objects.get().verified  # looking is not confirming: mail scanners look
    assert client.post(link_in(message)).headers["Location"] == "/accounts/"
    assert is_in(client)
    assert EmailAddress.objects.get().verified
    client.post("/accounts/logout/")
    assert not is_in(client)
    assert log_in(client, "hanako@example.jp").headers["Location"] == "/accounts/"
    assert is_in(client)


def test_the_link_confirms_in_another_browser_too_and_logs_nobody_in_there(client: Client) -> None:
    sign_up(client, "hanako@example.jp")
    other = Client()
    assert other.post(link_in(mail.outbox[0])).headers["Location"] == LOGIN
    assert not is_in(other)
    assert EmailAddress.objects.get().verified


def test_a_member_is_given_a_login_name_that_tells_nothing(client: Client) -> None:
    sign_up(client, "hanako@example.jp")
    assert re.fullmatch(r"m-[0-9a-f]{16}", User.objects.get().username)


def test_who_has_not_confirmed_gets_the_mail_again_instead_of_coming_in(client: Client) -> None:
    user = UserFactory.create(confirmed=False)
    assert log_in(client, user.email).headers["Location"] == "/accounts/confirm-email/"
    assert not is_in(client)
    assert mail.outbox[0].to == [user.email]


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client: Client) -> None:
    user = UserFactory.create()
    pages = [log_in(client, name, "wrong").content.decode() for name in (user.email, "nobody@example.jp")]
    assert "メールアドレスかパスワードが正しくありません。" in pages[0]
    strip = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|value="\S+@example.jp"')
    assert strip.sub("", pages[0]) == strip.sub("", pages[1])


def test_five_wrong_passwords_close_the_door_for_five_minutes(client: Client) -> None:
    user = UserFactory.create()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            assert "正しくありません" in log_in(client, user.email, "wrong").content.decode()
        assert "短い時間に何度も試された" in log_in(client, user.email).content.decode()
        # Another person is not kept out by it.
        assert log_in(Client(), UserFactory.create().email).status_code == 302
        clock.shift(timedelta(minutes=5, seconds=1))
        assert log_in(client, user.email).status_code == 302


def test_what_one_process_counted_another_knows() -> None:
    cache.set("counted", 5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache")
        assert cursor.fetchone() == (1,)


def test_too_many_sign_ups_of_one_network_get_a_page_that_says_so(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(20):
            assert sign_up(Client(REMOTE_ADDR=f"203.0.113.{number}"), f"m{number}@example.jp").status_code == 302
        refused = sign_up(Client(REMOTE_ADDR="203.0.113.99"), "late@example.jp")
        assert sign_up(Client(REMOTE_ADDR="198.51.100.1"), "elsewhere@example.jp").status_code == 302
    assert refused.status_code == 429
    assert refused.headers["Cache-Control"] == "no-store"
    assert "回数が多すぎます" in refused.content.decode()
    assert not User.objects.filter(email="late@example.jp").exists()


def test_signing_up_with_a_known_address_looks_the_same_and_tells_its_owner(client: Client) -> None:
    user = UserFactory.create()
    new, known = sign_up(client, "new@example.jp"), sign_up(Client(), user.email.upper())
    assert (new.status_code, new.headers["Location"]) == (known.status_code, known.headers["Location"])
    assert new.cookies.keys() == known.cookies.keys()
    confirm, already = mail.outbox
    assert confirm.subject == "【先生の通信簿】登録を完了してください"
    assert already.subject == "【先生の通信簿】このメールアドレスは登録済みです"
    assert already.to == [user.email]
    assert User.objects.filter(email__iexact=user.email).count() == 1


def test_signing_up_hashes_a_password_whether_the_address_is_known_or_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    user, hashed = UserFactory.create(), []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    sign_up(client, "new@example.jp")
    for_new = len(hashed)
    sign_up(Client(), user.email)
    assert len(hashed) == 2 * for_new > 0


def test_a_reset_for_an_unknown_address_looks_the_same_and_its_mail_says_so(client: Client) -> None:
    user = UserFactory.create()
    known = client.post(RESET, {"email": user.email})
    unknown = Client().post(RESET, {"email": "nobody@example.jp"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert [message.to for message in mail.outbox] == [[user.email], ["nobody@example.jp"]]
    assert "登録されていません" in mail.outbox[1].subject


def test_a_reset_sets_the_password_and_logs_out_everywhere(client: Client) -> None:
    user, elsewhere = UserFactory.create(), Client()
    log_in(elsewhere, user.email)
    assert is_in(elsewhere)
    client.post(RESET, {"email": user.email})
    form = client.get(link_in(mail.outbox[0])).headers["Location"]
    assert client.get(form).status_code == 200
    client.post(form, {"password1": "susuki-no-ho-mo-yureru"})
    assert not is_in(elsewhere)
    assert not UserSession.objects.filter(user=user).exists()
    assert "正しくありません" in log_in(client, user.email).content.decode()
    assert log_in(client, user.email, "susuki-no-ho-mo-yureru").status_code == 302
    assert "再設定されました" in mail.outbox[-1].subject
    assert "すでに使われています" in Client().get(link_in(mail.outbox[0])).content.decode()


@pytest.mark.parametrize("password", ["short", "qwerty123456", "hanako@example.jp"])
def test_a_weak_password_is_refused_beside_its_field(client: Client, password: str) -> None:
    page = sign_up(client, "hanako@example.jp", password).content.decode()
    assert 'id="id_password1_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'value="hanako@example.jp"' in page
    assert not User.objects.exists()


def test_what_is_missing_is_said_in_a_summary_and_beside_the_field(client: Client) -> None:
    page = client.post(SIGNUP, {"email": "no address"}).content.decode()
    assert 'href="#id_email"' in page
    assert "メールアドレスの形になっていません。" in page
    assert "パスワードが入力されていません。" in page


def test_a_log_in_leads_on_within_this_site_only(client: Client) -> None:
    user = UserFactory.create()
    assert log_in(client, user.email, next="/pledges/").headers["Location"] == "/pledges/"
    for evil in ("https://evil.example/", "//evil.example/", r"\\evil.example", "javascript:alert(1)"):
        assert log_in(Client(), user.email, next=evil).headers["Location"] == "/accounts/"


@pytest.mark.parametrize("path", [LOGIN, SIGNUP, RESET, "/accounts/logout/", "/accounts/profile/", "/accounts/delete/"])
def test_no_other_site_can_send_our_forms(path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory.create())
    assert strict.post(path, {"email": "new@example.jp"}).status_code == 403


def test_looking_at_the_log_out_page_logs_nobody_out(client: Client) -> None:
    client.force_login(UserFactory.create())
    client.get("/accounts/logout/")
    assert is_in(client)


def test_a_log_in_lasts_as_long_as_was_asked_for(client: Client) -> None:
    user = UserFactory.create()
    assert not log_in(client, user.email).cookies["sessionid"]["max-age"]
    kept = log_in(Client(), user.email, remember="on").cookies["sessionid"]
    assert kept["max-age"] == 14 * 24 * 3600
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"


def test_a_log_in_changes_the_number_of_the_session(client: Client) -> None:
    sign_up(client, "new@example.jp")
    before = client.cookies["sessionid"].value
    log_in(client, UserFactory.create().email)
    assert client.cookies["sessionid"].value != before


def test_a_stopped_account_does_not_come_in(client: Client) -> None:
    user = UserFactory.create(is_active=False)
    assert log_in(client, user.email).headers["Location"] == "/accounts/inactive/"
    assert "止められています" in client.get("/accounts/inactive/").content.decode()
    assert not is_in(client)


def test_nothing_keeps_the_whole_address_of_a_visitor(client: Client) -> None:
    user = UserFactory.create()
    visitor = Client(REMOTE_ADDR="203.0.113.77")
    log_in(visitor, user.email, "wrong")
    log_in(visitor, user.email)
    assert UserSession.objects.get().ip == "203.0.113.0"
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM accounts_cache")
        keys = " ".join(key for (key,) in cursor.fetchall())
    assert "203.0.113.0" in keys
    assert "203.0.113.77" not in keys


def test_an_address_that_cannot_be_read_does_not_stop_a_log_in() -> None:
    user = UserFactory.create()
    assert log_in(Client(REMOTE_ADDR=""), user.email).status_code == 302


@pytest.mark.parametrize("known", [True, False])
def test_a_mail_server_that_is_away_stops_nobody_and_tells_nothing(
    client: Client, settings: Settings, known: bool
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "tsushinbo.mail.backends.QueueBackend"}}
    user = UserFactory.create()
    address = user.email if known else "new@example.jp"
    answer = sign_up(client, address)
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    message = Message.objects.get()
    assert (message.to, message.urgent, message.attempts) == (address, True, 0)
    assert "http://testserver/accounts/" in message.text


def test_changing_the_password_spares_this_session_alone(client: Client) -> None:
    user, elsewhere = UserFactory.create(), Client()
    for browser in (client, elsewhere):
        log_in(browser, user.email)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "susuki-no-ho-mo-yureru"})
    assert is_in(client)
    assert not is_in(elsewhere)


def test_changing_the_address_asks_again_and_waits_for_the_new_one(client: Client) -> None:
    user = UserFactory.create(email="old@example.jp")
    log_in(client, user.email)
    change = {"email": "new@example.jp", "action_add": ""}
    again = client.post("/accounts/email/", change).headers["Location"]
    assert again.startswith("/accounts/reauthenticate/")
    client.post(again, {"password": PASSWORD})
    assert "old@example.jp" in client.get("/accounts/").content.decode()
    client.post(link_in(mail.outbox[-1]))
    user.refresh_from_db()
    assert user.email == "new@example.jp"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["new@example.jp"]
    told = mail.outbox[-1]
    assert told.to == ["old@example.jp"]
    assert "new@example.jp" in str(told.body)


def test_somebody_elses_address_cannot_be_taken_and_is_not_told(client: Client) -> None:
    user, other = UserFactory.create(), UserFactory.create()
    log_in(client, user.email)
    again = client.post("/accounts/email/", {"email": other.email, "action_add": ""}).headers["Location"]
    page = client.post(again, {"password": PASSWORD}, follow=True).content.decode()
    assert "確認のメールを送りました" in page
    client.post(link_in(mail.outbox[-1]))
    assert EmailAddress.objects.get(email=other.email, verified=True).user == other


def test_the_pages_of_a_cached_site_stay_public_for_who_is_logged_in(client: Client) -> None:
    log_in(client, UserFactory.create().email)
    page = client.get("/about/")
    assert page.headers["Cache-Control"].startswith("public")
    assert page.headers["Vary"] == "Accept-Encoding"
    assert not page.cookies
    assert 'href="/accounts/"' in page.content.decode()


def test_sessions_are_kept_secure_behind_tls(client: Client, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert log_in(client, UserFactory.create().email).cookies["sessionid"]["secure"]
