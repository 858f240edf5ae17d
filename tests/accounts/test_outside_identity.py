"""Logging in with an identity from elsewhere (OIDC), as the operator configures one."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.accounts.factories import PASSWORD, UserFactory
from tests.accounts.test_sign_in import is_in, log_in
from tsushinbo.accounts.models import User

pytestmark = pytest.mark.django_db

CONFIG = {
    "issuer": "https://id.example.jp",
    "authorization_endpoint": "https://id.example.jp/authorize",
    "token_endpoint": "https://id.example.jp/token",
    "userinfo_endpoint": "https://id.example.jp/me",
    "jwks_uri": "https://id.example.jp/keys",
}
PERSON = {
    "sub": "77",
    "email": "hanako@example.jp",
    "email_verified": True,
    "name": "見本 花子",
    "given_name": "花子",
    "preferred_username": "hanako",
}


@pytest.fixture
def told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """One provider, which answers without a network. What it tells of the person may be changed."""
    app = {
        "provider_id": "oidc",
        "name": "見本ID",
        "client_id": "us",
        "secret": "s",
        "settings": {"server_url": "https://id.example.jp"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    person = dict(PERSON)
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", CONFIG)
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "get_access_token_data", lambda *_, **__: {"access_token": "t"})
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "_fetch_user_info", lambda *_: person)
    return person


def come_back(client: Client, process: str = "login") -> HttpResponse:
    """Go to the provider and return from it."""
    sent = client.post(f"/accounts/oidc/oidc/login/?process={process}").headers["Location"]
    assert sent.startswith("https://id.example.jp/authorize?")
    asked = parse_qs(urlsplit(sent).query)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get("/accounts/oidc/oidc/login/callback/", {"code": "c", "state": asked["state"][0]}, follow=True)


def test_without_a_provider_there_is_none(client: Client) -> None:
    assert "外部のID" not in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/oidc/oidc/login/").status_code == 404


def test_an_identity_from_elsewhere_signs_up_and_leaves_nothing_but_the_address(
    client: Client, told: dict[str, Any]
) -> None:
    assert "見本IDでログインする" in client.get("/accounts/login/").content.decode()
    come_back(client)
    assert is_in(client)
    user = User.objects.get()
    assert user.email == "hanako@example.jp"
    assert (user.first_name, user.last_name, user.display_name) == ("", "", "")
    assert user.username.startswith("m-")
    assert not user.has_usable_password()
    identity = SocialAccount._default_manager.get()
    assert (identity.uid, identity.extra_data) == ("77", {})
    client.post("/accounts/logout/")
    come_back(client)
    assert is_in(client)
    assert SocialAccount._default_manager.get().extra_data == {}
    assert "パスワードを設定する" in client.get("/accounts/").content.decode()


def test_an_address_that_is_not_confirmed_elsewhere_is_confirmed_here(client: Client, told: dict[str, Any]) -> None:
    told["email_verified"] = False
    assert "確認のメールを送りました" in come_back(client).content.decode()
    assert not is_in(client)


def test_an_identity_does_not_take_over_an_account_with_its_address(client: Client, told: dict[str, Any]) -> None:
    owner = UserFactory.create(email="hanako@example.jp")
    come_back(client)
    assert not is_in(client)
    assert not SocialAccount._default_manager.filter(user=owner).exists()


def test_a_member_connects_and_disconnects_one(client: Client, told: dict[str, Any]) -> None:
    user = UserFactory.create()
    log_in(client, user.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    come_back(client, "connect")
    identity = SocialAccount._default_manager.get(user=user)
    assert "次の外部のIDで、このアカウントにログインできます。" in client.get("/accounts/3rdparty/").content.decode()
    client.post("/accounts/3rdparty/", {"account": identity.pk})
    assert not SocialAccount._default_manager.exists()


def test_an_answer_that_we_did_not_ask_for_is_refused(client: Client, told: dict[str, Any]) -> None:
    page = client.get("/accounts/oidc/oidc/login/callback/", {"code": "c", "state": "forged"}).content.decode()
    assert "外部のIDでログインできませんでした" in page
    assert not is_in(client)
