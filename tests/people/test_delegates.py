"""The accounts that speak for a politician."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.people.factories import DelegateFactory, PoliticianFactory
from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.people.queries import speaks_for
from tsushinbo.people.services import AlreadyADelegate, merge, record_delegate, remove_delegate

pytestmark = pytest.mark.django_db
ADD = "/admin/people/delegate/add/"


@pytest.fixture
def staff(client: Client) -> User:
    """An administrator, logged in."""
    account = User.objects.create_superuser("unei", email="unei@example.com")
    log_in_with_second_factor(client, account)
    return account


@pytest.fixture
def politician() -> Politician:
    return PoliticianFactory.create()


def record(user: User, politician: Politician, staff: User) -> Delegate:
    return record_delegate(user=user, politician=politician, recorded_by=staff, at=timezone.now())


def test_an_account_speaks_for_whom_it_was_recorded_for_and_for_nobody_else(
    staff: User, politician: Politician
) -> None:
    user, other = UserFactory.create(), UserFactory.create()
    record(user, politician, staff)
    assert speaks_for(user, politician)
    assert speaks_for(user, politician.pk)
    assert not speaks_for(user, PoliticianFactory.create())
    assert not speaks_for(user, None)
    assert not speaks_for(other, politician)
    assert not speaks_for(staff, politician)


def test_it_is_recorded_once(staff: User, politician: Politician) -> None:
    user = UserFactory.create()
    record(user, politician, staff)
    with pytest.raises(AlreadyADelegate):
        record(user, politician, staff)
    assert Delegate.objects.count() == 1


def test_one_removed_speaks_no_longer(staff: User, politician: Politician) -> None:
    delegate = record(UserFactory.create(), politician, staff)
    remove_delegate(delegate, by=staff, at=timezone.now())
    assert not speaks_for(delegate.user, politician)


def test_delegates_go_where_a_politician_is_merged_into() -> None:
    first, second = PoliticianFactory.create_batch(2)
    both, only = UserFactory.create_batch(2)
    DelegateFactory.create(user=both, politician=first)
    DelegateFactory.create(user=both, politician=second)
    DelegateFactory.create(user=only, politician=second)
    merge(first, second, at=timezone.now())
    assert speaks_for(both, first)
    assert speaks_for(only, first)
    assert Delegate.objects.count() == 2


def test_one_recorded_for_a_merged_politician_speaks_for_the_other(staff: User) -> None:
    first, second = PoliticianFactory.create_batch(2)
    merge(first, second, at=timezone.now())
    second.refresh_from_db()
    assert record(UserFactory.create(), second, staff).politician == first


def test_the_account_holder_takes_it_along() -> None:
    delegate = DelegateFactory.create()
    DelegateFactory.create()
    (row,) = exported(delegate.user)["speaks_for"]
    assert row == {
        "politician": addresses.encode(delegate.politician_id),
        "name": delegate.politician.name,
        "since": delegate.since,
    }


# in the admin


@pytest.mark.parametrize("by", ["name", "mail"])
def test_staff_record_one_by_what_they_can_read(client: Client, staff: User, politician: Politician, by: str) -> None:
    user = UserFactory.create(username="jimusho", email="jimusho@example.com")
    page = (
        f"https://example.com{politician.get_absolute_url()}pledges/"
        if by == "name"
        else addresses.encode(politician.pk)
    )
    account = "jimusho" if by == "name" else "JIMUSHO@example.com"
    assert client.post(ADD, {"account": account, "page": page}).status_code == 302
    delegate = Delegate.objects.get()
    assert (delegate.user, delegate.politician, delegate.recorded_by) == (user, politician, staff)
    again = client.post(ADD, {"account": account, "page": page})
    assert AlreadyADelegate.message in again.content.decode()
    assert Delegate.objects.count() == 1


@pytest.mark.parametrize(
    ("account", "page", "said"),
    [
        ("nobody", "", "この利用者はいません"),
        ("twin@example.com", "", "2人以上います"),
        ("unei", "zzzzzzzzzz", "この政治家は登録されていません"),
        ("unei", "見本太郎", "この政治家は登録されていません"),
        ("unei", "/politicians/../", "この政治家は登録されていません"),
    ],
)
def test_what_is_not_on_record_is_named(client: Client, staff: User, account: str, page: str, said: str) -> None:
    UserFactory.create_batch(2, email="twin@example.com", confirmed=False)
    response = client.post(ADD, {"account": account, "page": page or "0000000000"})
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not Delegate.objects.exists()


def test_staff_see_and_remove_but_do_not_rewrite(client: Client, staff: User) -> None:
    delegate = DelegateFactory.create()
    page = reverse("admin:people_delegate_change", args=[delegate.pk])
    assert str(delegate.politician) in client.get(page).content.decode()
    assert client.post(page, {"account": "unei"}).status_code == 403
    assert client.get("/admin/people/delegate/").status_code == 200
    client.post(reverse("admin:people_delegate_delete", args=[delegate.pk]), {"post": "yes"})
    assert not Delegate.objects.exists()


def test_several_are_removed_from_the_list(client: Client, staff: User) -> None:
    chosen = [DelegateFactory.create().pk for _ in range(2)]
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    client.post("/admin/people/delegate/", data)
    assert not Delegate.objects.exists()


def test_who_has_no_right_records_nobody(client: Client, politician: Politician) -> None:
    log_in_with_second_factor(client, UserFactory.create(is_staff=True))
    response = client.post(ADD, {"account": "person-1", "page": addresses.encode(politician.pk)})
    assert response.status_code == 403
    assert not Delegate.objects.exists()
