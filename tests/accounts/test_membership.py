"""Making accounts, and forgetting what nobody needs any more."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.accounts.factories import PASSWORD, UserFactory
from tests.accounts.test_sign_in import log_in
from tests.people.factories import DelegateFactory
from tsushinbo.accounts.membership import UNCONFIRMED_FOR, create_administrator, forget_expired_accounts
from tsushinbo.accounts.models import User

pytestmark = pytest.mark.django_db


def counters() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache")
        return int(cursor.fetchone()[0])


def test_an_administrators_address_counts_as_confirmed() -> None:
    create_administrator(name="unei", email="Unei@example.jp", password=PASSWORD)
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == ("unei@example.jp", True, True)


def test_an_administrator_cannot_take_an_address_in_use() -> None:
    taken = UserFactory.create().email
    with pytest.raises(ValidationError, match="exists already"):
        create_administrator(name="unei", email=taken, password=PASSWORD)
    assert not User.objects.filter(username="unei").exists()


def test_sessions_that_ran_out_are_forgotten_and_those_in_use_stay(client: Client) -> None:
    user = UserFactory.create()
    log_in(client, user.email)
    log_in(Client(), user.email)
    Session.objects.exclude(session_key=client.session.session_key).update(expire_date=timezone.now() - timedelta(1))
    forget_expired_accounts(at=timezone.now())
    assert [row.session_key for row in UserSession.objects.all()] == [client.session.session_key]
    assert Session.objects.count() == 1


def test_counters_that_ran_out_are_forgotten(client: Client) -> None:
    log_in(client, "nobody@example.jp", "wrong")
    cache.set("lasting", 1, timeout=3600)
    assert counters() > 1
    forget_expired_accounts(at=timezone.now() + timedelta(minutes=10))
    assert counters() == 1
    assert cache.get("lasting") == 1


def test_a_sign_up_that_was_never_confirmed_is_forgotten_after_a_week() -> None:
    at = timezone.now()
    long_ago = at - UNCONFIRMED_FOR - timedelta(minutes=1)
    UserFactory.create(confirmed=False, date_joined=long_ago)
    stays = [
        UserFactory.create(confirmed=False, date_joined=at - timedelta(days=6)),
        UserFactory.create(date_joined=long_ago),
        UserFactory.create(confirmed=False, date_joined=long_ago, last_login=at),
        UserFactory.create(confirmed=False, date_joined=long_ago, is_staff=True),
        UserFactory.create(email="", date_joined=long_ago),
    ]
    forget_expired_accounts(at=at)
    assert set(User.objects.all()) == set(stays)


def test_a_sign_up_that_others_keep_on_record_stays_and_keeps_no_other() -> None:
    at = timezone.now()
    long_ago = at - UNCONFIRMED_FOR - timedelta(minutes=1)
    appointed = UserFactory.create(confirmed=False, date_joined=long_ago)
    DelegateFactory.create(user=appointed)
    forgotten = UserFactory.create(confirmed=False, date_joined=long_ago)
    assert forget_expired_accounts(at=at) > 0
    assert User.objects.filter(pk=appointed.pk).exists()
    assert not User.objects.filter(pk=forgotten.pk).exists()


def test_with_nothing_to_forget_nothing_goes() -> None:
    assert forget_expired_accounts(at=timezone.now()) == 0
