"""My page and its parts: what each shows, to whom, and what every account page must hold."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.accounts.factories import PASSWORD, UserFactory, add_app
from tests.accounts.test_sign_in import is_in, log_in
from tests.outline import Outline
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts import membership
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import device_name
from tsushinbo.accounts.roles import Role

pytestmark = pytest.mark.django_db

OPEN = (
    "",
    "login/",
    "signup/",
    "password/reset/",
    "password/reset/done/",
    "confirm-email/",
    "confirm-email/wrong/",
    "inactive/",
)
OWN = (
    "", "profile/", "password/drop/", "sessions/", "export/", "delete/", "email/", "password/change/", "logout/", "reauthenticate/", "2fa/",
    "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/webauthn/", "2fa/webauthn/add/",
)  # fmt: skip


@pytest.fixture
def member(client: Client) -> User:
    """Somebody with a second factor who is logged in and proved it a moment ago."""
    user = UserFactory.create(display_name="花子")
    log_in(client, user.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    add_app(user)
    RecoveryCodes.activate(user)
    return user


def holds(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Permissions-Policy"].endswith("publickey-credentials-get=(self)")
    html = answer.content.decode()
    outline = Outline(html)
    assert outline.lang == "ja"
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.wanted <= set(outline.ids)
    # JSON for scripts is data, which the policy lets stand; everything else inline would be refused.
    assert outline.inline == ["script"] * html.count('type="application/json"')
    assert '<meta name="robots" content="noindex">' in html
    assert outline.title.removesuffix("｜先生の通信簿") in html.partition("<h1>")[2]
    for trace in ("None", "{{", "{%", "Sign", "Password", "Email"):
        assert trace not in html, trace


@pytest.mark.parametrize("path", OPEN)
def test_every_page_for_everybody_is_private_and_outlined(client: Client, path: str) -> None:
    holds(client, f"/accounts/{path}")


@pytest.mark.parametrize("path", OWN)
def test_every_page_of_a_member_is_private_and_outlined(client: Client, member: User, path: str) -> None:
    holds(client, f"/accounts/{path}")


def test_the_set_up_of_an_app_is_private_and_outlined(client: Client) -> None:
    log_in(client, UserFactory.create().email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    holds(client, "/accounts/2fa/totp/activate/")


@pytest.mark.parametrize("path", [path for path in OWN if path not in {"", "logout/"}])
def test_strangers_are_led_to_the_log_in(client: Client, path: str) -> None:
    answer = client.get(f"/accounts/{path}")
    assert answer.status_code in {302, 404}
    assert answer.status_code == 404 or answer.headers["Location"].startswith("/accounts/login/")


def test_my_page_names_the_holder_and_the_roles(client: Client) -> None:
    user = UserFactory.create(display_name="花子", role=Role.EDITOR)
    client.force_login(user)
    page = client.get("/accounts/").content.decode()
    for word in ("花子", user.email, "編集者", "設定していません"):
        assert word in page
    assert user.username not in page
    assert "/admin/" not in page


@pytest.mark.parametrize("role", ["", *Role.values])
def test_my_page_leads_who_decides_to_the_texts_that_wait(client: Client, role: str) -> None:
    client.force_login(UserFactory.create(role=role))
    page = client.get("/accounts/").content.decode()
    assert ('href="/moderation/"' in page) == bool(role)


def test_my_page_takes_a_fixed_number_of_queries(
    client: Client, member: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        other = Client(HTTP_USER_AGENT=f"Firefox {number}")
        other.force_login(member)
    # Session, account, when last used; address, roles, factors, sessions, unread notices, identity providers.
    with django_assert_num_queries(9):
        client.get("/accounts/")


def test_the_list_of_sessions_takes_a_fixed_number_of_queries(
    client: Client, member: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        log_in(Client(), member.email)
    with django_assert_num_queries(5):
        client.get("/accounts/sessions/")


def test_the_welcome_to_strangers_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/accounts/")


def test_a_member_chooses_a_name(client: Client, member: User) -> None:
    assert client.post("/accounts/profile/", {"display_name": " か\u3099く "}).headers["Location"] == "/accounts/"
    member.refresh_from_db()
    assert member.display_name == member.public_name == "がく"
    client.post("/accounts/profile/", {"display_name": ""})
    member.refresh_from_db()
    assert member.public_name == "名無し"


@pytest.mark.parametrize("name", ["運営", "運 営", "公式", "退会したユーザー", "a\u202eb", "a\u200bb", "長" * 31])
def test_names_that_deceive_are_refused_and_kept_in_the_box(client: Client, member: User, name: str) -> None:
    page = client.post("/accounts/profile/", {"display_name": name}).content.decode()
    assert 'id="id_display_name_error"' in page
    assert f'value="{name}"' in page
    member.refresh_from_db()
    assert member.display_name == "花子"


def test_a_profile_takes_nothing_but_the_name(client: Client, member: User) -> None:
    client.post(
        "/accounts/profile/", {"display_name": "太郎", "is_staff": "1", "email": "x@example.jp", "username": "root"}
    )
    fresh = User.objects.get(pk=member.pk)
    assert (fresh.is_staff, fresh.email, fresh.username) == (False, member.email, member.username)


def test_sessions_are_listed_and_ended_one_by_one(client: Client) -> None:
    user = UserFactory.create()
    browsers = [client, Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Version/18 Safari/604"), Client()]
    for browser in browsers:
        log_in(browser, user.email)
    page = client.get("/accounts/sessions/").content.decode()
    assert "Safari（iPhone）" in page
    assert page.count("この端末") == 1
    phone = UserSession.objects.get(session_key=browsers[1].session.session_key)
    client.post("/accounts/sessions/", {"session": phone.pk})
    assert [is_in(browser) for browser in browsers] == [True, False, True]
    client.post("/accounts/sessions/", {"session": "others"})
    assert [is_in(browser) for browser in browsers] == [True, False, False]
    assert "Safari（iPhone）" not in client.get("/accounts/sessions/").content.decode()


def test_nobody_ends_the_session_of_another(client: Client) -> None:
    victim, browser = UserFactory.create(), Client()
    log_in(browser, victim.email)
    log_in(client, UserFactory.create().email)
    for which in (UserSession.objects.get(user=victim).pk, "others", "-1", "9" * 30, "x", ""):
        assert client.post("/accounts/sessions/", {"session": which}).status_code == 302
    assert is_in(browser)
    assert is_in(client)


def test_the_list_says_when_a_session_was_last_used(client: Client) -> None:
    user = UserFactory.create()
    log_in(client, user.email)
    UserSession.objects.update(last_seen_at=timezone.now() - timezone.timedelta(days=1))
    client.get("/about/")  # a public page does not look at who asks
    assert UserSession.objects.get().last_seen_at < timezone.now() - timezone.timedelta(hours=23)
    client.get("/accounts/")
    assert UserSession.objects.get().last_seen_at > timezone.now() - timezone.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome（Windows）"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge（Windows）"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 CriOS/140 Safari/604",
            "Chrome（iPhone）",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36", "Chrome（Android）"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox（Linux）"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/18 Safari/605", "Safari（Mac）"),
        ("curl/8", "不明なブラウザ"),
        ("", "不明なブラウザ"),
    ],
)
def test_a_browser_is_named_so_that_its_owner_knows_it(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_the_export_holds_all_of_the_account_and_no_secret(client: Client, member: User) -> None:
    member.groups.add(Group.objects.get(name=Role.EDITOR))
    answer = client.post("/accounts/export/")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="tsushinbo-20')
    assert answer.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = json.loads(answer.content)["account"]
    assert told["display_name"] == "花子"
    assert told["email_addresses"] == [{"email": member.email, "verified": True, "primary": True}]
    assert told["roles"] == ["editor"]
    assert [factor["type"] for factor in told["second_factors"]] == ["totp", "recovery_codes"]
    assert len(told["sessions"]) == 1
    assert "花子" in answer.content.decode()
    for secret in ("pbkdf2", "md5$", "secret", "seed", client.session.session_key):
        assert secret not in answer.content.decode()


def test_rooms_above_add_their_part_to_the_export(client: Client, member: User, settings: Settings) -> None:
    settings.ACCOUNT_EXPORT = {**settings.ACCOUNT_EXPORT, "more": "tests.accounts.test_account_pages.more"}
    assert json.loads(client.post("/accounts/export/").content)["more"] == [member.pk]


def more(user: User) -> list[int]:
    return [user.pk]


def test_export_and_deletion_ask_for_a_proof(client: Client) -> None:
    client.force_login(UserFactory.create())
    for path in ("export", "delete"):
        asked = client.get(f"/accounts/{path}/").headers["Location"]
        assert asked == f"/accounts/reauthenticate/?next=%2Faccounts%2F{path}%2F"
        assert client.post(f"/accounts/{path}/", {"sure": "on", "comments": "keep"}).status_code == 302
    assert User.objects.count() == 1


def test_an_account_is_deleted_with_all_that_is_known(client: Client, member: User) -> None:
    assert "下書きと、確認を待っている" in client.get("/accounts/delete/").content.decode()
    page = client.post("/accounts/delete/", {})
    assert "チェックを付けてください" in page.content.decode()
    assert User.objects.filter(pk=member.pk).exists()
    elsewhere = Client()
    elsewhere.force_login(member)
    answer = client.post("/accounts/delete/", {"sure": "on", "comments": "keep"}, follow=True)
    assert "アカウントを削除しました。" in answer.content.decode()
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()
    assert not UserSession.objects.exists()
    assert not is_in(client)
    assert not is_in(elsewhere)
    assert "正しくありません" in log_in(client, member.email).content.decode()


def test_where_records_must_keep_their_author_a_shell_without_a_name_stays(client: Client, member: User) -> None:
    revision = PledgeFactory.create().revisions.create(
        number=1, content={}, recorded_at=timezone.now(), recorded_by=member, reason="直しました"
    )
    client.post("/accounts/delete/", {"sure": "on", "comments": "keep"})
    revision.refresh_from_db()
    shell = revision.recorded_by
    assert shell.pk == member.pk
    assert shell.public_name == "退会したユーザー"
    assert (shell.email, shell.is_active, shell.has_usable_password()) == ("", False, False)
    assert shell.username != member.username
    assert not EmailAddress.objects.exists()
    assert not shell.authenticator_set.exists()
    # The address is free again.
    client.post("/accounts/signup/", {"email": member.email, "password1": PASSWORD})
    assert User.objects.filter(email=member.email).count() == 1


def test_sessions_without_a_list_row_end_with_the_account(client: Client, member: User) -> None:
    membership.close_account(user=member)
    assert not Session.objects.exists()


def test_the_head_of_own_pages_names_ones_own_page(client: Client, member: User) -> None:
    link = '<a class="log-in" href="/accounts/">'
    assert f"{link}マイページ</a>" in client.get("/accounts/").content.decode()
    for path in ("evidence/new/", "assessments/new/"):
        own = client.get(f"{PledgeFactory.create().get_absolute_url()}{path}", follow=True)
        assert f"{link}マイページ</a>" in own.content.decode(), path
    assert f"{link}ログイン・登録</a>" in client.get("/about/").content.decode()
    client.logout()
    assert f"{link}ログイン・登録</a>" in client.get("/accounts/").content.decode()
