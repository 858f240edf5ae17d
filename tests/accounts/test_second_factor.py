"""Authenticator apps, recovery codes, and the doors that ask for them."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from pytest_django import Settings

from tests.accounts.factories import (
    PASSWORD,
    UserFactory,
    add_app,
    code_of,
    factors_of,
    log_in_with_second_factor,
)
from tests.accounts.test_sign_in import is_in, link_in, log_in
from tsushinbo.accounts.access import for_roles
from tsushinbo.accounts.membership import create_administrator
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.config import urls

pytestmark = pytest.mark.django_db


@for_roles(Role.EDITOR, Role.MODERATOR)
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the desk")


urlpatterns = [path("desk/", desk), *urls.urlpatterns]


def prove(client: Client, code: str) -> HttpResponse:
    return client.post("/accounts/2fa/authenticate/", {"code": code})


def prove_again(client: Client, address: str, **fields: str) -> HttpResponse:
    """Send the form at ``address``, with its query, where a page asked for proof."""
    return client.post(address, fields)


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_with_its_first_code_and_asked_for_at_the_next_log_in(client: Client) -> None:
    user = UserFactory.create()
    log_in(client, user.email)
    again = client.get("/accounts/2fa/totp/activate/").headers["Location"]
    assert again.startswith("/accounts/reauthenticate/")
    page = client.post(again, {"password": PASSWORD}, follow=True).content.decode()
    assert '<path d="M' in page
    assert 'style="' not in page
    [secret] = re.findall(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret in page.partition("otpauth://totp/")[2]
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "abc"}).content.decode()
    assert "番号が正しくありません" in wrong
    assert secret in wrong  # the app has read it already
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", done)) == 10
    assert "認証アプリが設定されました" in mail.outbox[-1].subject
    other = Client()
    assert log_in(other, user.email).headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(other)
    assert "番号が正しくありません" in prove(other, "abc").content.decode()
    assert prove(other, code_of(secret)).headers["Location"] == "/accounts/"
    assert is_in(other)


@pytest.mark.parametrize("later", [0, 29, 45])
def test_a_code_opens_once(later: int) -> None:
    user = UserFactory.create()
    secret = add_app(user)
    start = timezone.now().replace(second=0, microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        code = code_of(secret, ahead=1)  # the phone's clock is fast: valid for the longest time
        first, second = Client(), Client()
        log_in(first, user.email)
        assert prove(first, code).status_code == 302
        clock.shift(later)
        log_in(second, user.email)
        assert "番号が正しくありません" in prove(second, code).content.decode()
        assert not is_in(second)


def test_wrong_codes_are_limited(client: Client) -> None:
    user = UserFactory.create()
    secret = add_app(user)
    with time_machine.travel(timezone.now(), tick=False):
        log_in(client, user.email)
        for _ in range(5):
            assert "番号が正しくありません" in prove(client, "000").content.decode()
        assert "短い時間に何度も試された" in prove(client, code_of(secret)).content.decode()


def test_a_recovery_code_opens_once(client: Client) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = UserFactory.create()
    add_app(user)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    log_in(client, user.email)
    assert prove(client, code).status_code == 302
    other = Client()
    log_in(other, user.email)
    assert prove(other, code).status_code == 200


def test_recovery_codes_are_shown_downloaded_and_made_anew_after_a_proof(client: Client) -> None:
    user = UserFactory.create()
    secret = add_app(user)
    log_in(client, user.email)
    prove(client, code_of(secret, ahead=-1))
    again = client.get("/accounts/2fa/recovery-codes/generate/").headers["Location"]
    prove_again(client, again, password=PASSWORD)
    client.post("/accounts/2fa/recovery-codes/generate/")
    shown = re.findall(r"<code>(\d{8})</code>", client.get("/accounts/2fa/recovery-codes/").content.decode())
    file = client.get("/accounts/2fa/recovery-codes/download/")
    assert re.findall(r"^\d{8}$", file.content.decode(), re.MULTILINE) == shown
    assert len(shown) == 10
    assert file.headers["Cache-Control"] == "no-store"


def test_giving_up_the_app_takes_its_recovery_codes_along(client: Client) -> None:
    user = UserFactory.create()
    secret = add_app(user)
    log_in(client, user.email)
    prove(client, code_of(secret))
    again = client.get("/accounts/2fa/totp/deactivate/").headers["Location"]
    prove_again(client, again, password=PASSWORD)
    client.post("/accounts/2fa/totp/deactivate/")
    assert factors_of(user) == set()


def passkey(user: User, *, alone: bool) -> Authenticator:
    """A row as the browser's answer leaves it; ``alone``: good for a log-in without password."""
    answer = {"clientExtensionResults": {"credProps": {"rk": alone}}}
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "鍵", "credential": answer}
    )


@pytest.mark.parametrize("alone", [True, False])
def test_a_password_can_be_given_up_for_a_passkey_that_opens_alone(client: Client, alone: bool) -> None:
    user, elsewhere = UserFactory.create(), Client()
    for browser in (client, elsewhere):
        log_in(browser, user.email)
    again = client.get("/accounts/password/drop/").headers["Location"]
    prove_again(client, again, password=PASSWORD)
    passkey(user, alone=alone)
    page = client.post("/accounts/password/drop/", follow=True).content.decode()
    user.refresh_from_db()
    assert user.has_usable_password() != alone
    assert is_in(client)
    assert is_in(elsewhere) != alone
    assert ("パスワードを消しました。" in page) == alone
    assert ("パスキーが必要です。" in page) != alone


def test_who_has_no_password_sets_one_by_mail_and_still_needs_the_second_factor(client: Client) -> None:
    user = UserFactory.create()
    passkey(user, alone=True)
    user.set_unusable_password()
    user.save()
    client.post("/accounts/password/reset/", {"email": user.email})
    form = client.get(link_in(mail.outbox[0])).headers["Location"]
    client.post(form, {"password1": PASSWORD})
    assert log_in(client, user.email).headers["Location"] == "/accounts/2fa/authenticate/"


def test_secrets_are_not_readable_in_the_database() -> None:
    user = UserFactory.create()
    secret = add_app(user)
    assert secret not in str(Authenticator.objects.get(user=user).data)


def test_under_another_secret_key_no_code_opens(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    user = UserFactory.create()
    secret = add_app(user)
    settings.SECRET_KEY = "another-secret-key-of-fifty-characters-and-then-some"
    log_in(client, user.email)
    assert "番号が正しくありません" in prove(client, code_of(secret)).content.decode()
    assert not is_in(client)
    assert "another secret key" in caplog.text


def test_a_pending_address_must_be_settled_before_a_second_factor(client: Client) -> None:
    user = UserFactory.create()
    user.emailaddress_set.create(email="pending@example.jp")
    client.force_login(user)
    page = client.get("/accounts/2fa/totp/activate/", follow=True).content.decode()
    assert "確認されていないメールアドレスがあります。" in page


def test_the_admin_has_no_log_in_form_of_its_own(client: Client) -> None:
    user = create_administrator(name="unei", email="", password=PASSWORD)
    to_login = client.get("/admin/", follow=True).redirect_chain[-1][0]
    assert to_login == "/accounts/login/?next=/admin/"
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert not is_in(client)


@pytest.mark.parametrize("role", ["", Role.EDITOR])
def test_members_do_not_enter_the_admin(client: Client, role: str) -> None:
    user = UserFactory.create(role=role)
    log_in(client, user.email)
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
def test_moderators_and_administrators_enter_the_admin_with_a_second_factor_alone(client: Client, role: Role) -> None:
    user = UserFactory.create(role=role)
    log_in(client, user.email)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/2fa/"
    log_in_with_second_factor(client, user)
    assert client.get("/admin/").status_code == 200
    assert "/admin/" in client.get("/accounts/").content.decode()


def test_staff_are_led_to_set_up_a_second_factor_then_enter(client: Client) -> None:
    create_administrator(name="unei", email="", password=PASSWORD)
    assert log_in(client, "unei", next="/admin/").headers["Location"] == "/admin/"
    led = client.get("/admin/", follow=True)
    assert led.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "2段階認証の設定が必要です" in led.content.decode()
    again = client.get("/accounts/2fa/totp/activate/").headers["Location"]
    page = client.post(again, {"password": PASSWORD}, follow=True).content.decode()
    [secret] = re.findall(r"<code>([A-Z2-7]{32})</code>", page)
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert "予備の番号" in done.content.decode()
    # Setting it up shows that the app works; that this session is the owner's is shown by a code.
    asked = client.get("/admin/", follow=True).redirect_chain[-1][0]
    assert asked == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    assert client.post(asked, {"code": code_of(secret, ahead=1)}).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_staff_who_log_in_with_the_second_factor_enter_at_once(client: Client) -> None:
    secret = add_app(create_administrator(name="unei", email="unei@example.jp", password=PASSWORD))
    log_in(client, "unei@example.jp", next="/admin/")
    assert prove(client, code_of(secret)).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/?next=//evil.example/").headers["Location"] == "/admin/"


def test_a_session_opened_before_the_second_factor_was_set_up_stays_outside(client: Client) -> None:
    user = create_administrator(name="unei", email="", password=PASSWORD)
    log_in(client, "unei")
    add_app(user)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/2fa/reauthenticate/")


@pytest.mark.urls(__name__)
def test_a_desk_opens_to_its_roles_with_a_second_factor_alone(client: Client) -> None:
    assert client.get("/desk/").headers["Location"] == "/accounts/login/?next=/desk/"
    client.force_login(UserFactory.create())
    assert client.get("/desk/").status_code == 403
    client.force_login(UserFactory.create(role=Role.ADMINISTRATOR))
    assert client.get("/desk/").status_code == 403
    editor = UserFactory.create(role=Role.EDITOR)
    client.force_login(editor)
    assert client.get("/desk/").headers["Location"] == "/accounts/2fa/"
    secret = add_app(editor)
    client.logout()
    log_in(client, editor.email)
    prove(client, code_of(secret))
    assert client.get("/desk/").content == b"the desk"


def test_the_migrations_made_a_group_for_each_role() -> None:
    from django.contrib.auth.models import Group

    assert set(Group.objects.values_list("name", flat=True)) == {role.value for role in Role}


def test_an_administrator_holds_the_role(client: Client) -> None:
    user = create_administrator(name="unei", email="", password=PASSWORD)
    assert User.objects.get(groups__name=Role.ADMINISTRATOR) == user
