"""Administrators give and take roles in the admin, and change nothing else there."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tsushinbo.accounts.membership import create_administrator
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import roles_of

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"


@pytest.fixture
def administrator(client: Client) -> User:
    user = create_administrator(name="unei", email="", password="mugi-no-ho-ga-yureru")
    log_in_with_second_factor(client, user)
    return user


def test_an_administrator_appoints_and_dismisses(client: Client, administrator: User) -> None:
    member = UserFactory.create(display_name="見本市民")
    assert "見本市民" in client.get(LIST).content.decode()
    page = client.get(f"{LIST}{member.pk}/change/").content.decode()
    assert "編集者" in page
    client.post(f"{LIST}{member.pk}/change/", {"roles": ["editor", "moderator"]})
    assert roles_of(member) == ["editor", "moderator"]
    assert LogEntry.objects.get().user == administrator
    assert "編集者・モデレーター" in client.get(LIST).content.decode()
    assert 'value="editor" id="id_roles_0" checked' in client.get(f"{LIST}{member.pk}/change/").content.decode()
    client.post(f"{LIST}{member.pk}/change/", {"roles": ["moderator"]})
    assert roles_of(member) == ["moderator"]
    client.post(f"{LIST}{member.pk}/change/", {})
    assert roles_of(member) == []


def test_the_list_is_narrowed_by_the_names_of_roles(client: Client, administrator: User) -> None:
    UserFactory.create(display_name="見本編集者", role="editor")
    UserFactory.create(display_name="見本市民")
    page = client.get(f"{LIST}?role=editor").content.decode()
    assert "見本編集者" in page
    assert "見本市民" not in page
    for role in ("編集者", "モデレーター", "管理者"):
        assert f">{role}</a>" in page
    assert "見本市民" in client.get(f"{LIST}?role=king").content.decode()


def test_nothing_else_can_be_changed(client: Client, administrator: User) -> None:
    member = UserFactory.create()
    before = User.objects.values().get(pk=member.pk)
    client.post(
        f"{LIST}{member.pk}/change/",
        {"roles": ["editor"], "username": "x", "email": "x@example.jp", "is_staff": "on", "is_superuser": "on"},
    )
    assert User.objects.values().get(pk=member.pk) == before
    assert client.post(f"{LIST}{member.pk}/change/", {"roles": ["king"]}).status_code == 200
    assert roles_of(member) == ["editor"]
    for path in ("add/", f"{member.pk}/delete/"):
        assert client.get(f"{LIST}{path}").status_code == 403
    assert client.get("/admin/auth/group/").status_code == 404


@pytest.mark.parametrize("role", ["", "editor", "moderator"])
def test_other_staff_neither_see_nor_appoint(client: Client, role: str) -> None:
    user = UserFactory.create(role=role, is_staff=True)
    log_in_with_second_factor(client, user)
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}{user.pk}/change/", {"roles": ["administrator"]}).status_code == 403
    assert roles_of(user) == ([role] if role else [])


def test_the_list_costs_a_fixed_number_of_queries(
    client: Client, administrator: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    UserFactory.create_batch(30, role="editor")
    with django_assert_max_num_queries(16):
        assert client.get(LIST).status_code == 200
