"""Who is logged in casts as anybody, except on pledges the account may speak for."""

import re

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.evaluations.ballot_pages import COOKIE, post, text
from tests.evaluations.counting import kept
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PartyPledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import Ballot
from tsushinbo.evaluations.queries.flagged import flagged
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db


def logged_in(pledge: Pledge, *, speaks: bool) -> Client:
    """A browser with a session; the account may speak for the pledge's politician."""
    client = Client()
    client.force_login(DelegateFactory.create(**({"politician": pledge.politician} if speaks else {})).user)
    return client


@pytest.mark.parametrize("htmx", [False, True])
def test_who_speaks_for_the_politician_is_refused_with_the_reason(pledge: Pledge, htmx: bool) -> None:
    client = logged_in(pledge, speaks=True)
    response = post(client, pledge, "good", "clear", htmx=htmx)
    assert response.status_code == 422
    page = text(response)
    assert "市民としての評価はできません" in page
    assert f'href="{reverse("evaluations:assess", args=[pledge.pk])}"' in page
    assert 'value="good"\n' in page
    assert set(re.findall(r'value="(\w+)"\s+(?:required\s+)?checked', page)) == {"good", "clear"}
    assert COOKIE not in response.cookies
    assert kept(pledge) == {}


def test_an_account_casts_as_anybody_on_other_pledges(pledge: Pledge) -> None:
    client = logged_in(pledge, speaks=False)
    assert post(client, pledge).status_code == 303
    assert kept(pledge) == {"good": 1}
    assert post(logged_in(pledge, speaks=True), PartyPledgeFactory.create()).status_code == 303


def test_what_was_cast_before_may_still_be_taken_back(pledge: Pledge) -> None:
    client = Client()
    post(client, pledge)
    client.force_login(DelegateFactory.create(politician=pledge.politician).user)
    assert post(client, pledge, "bad").status_code == 422
    assert kept(pledge) == {"good": 1}
    assert post(client, pledge, "withdraw").status_code == 303
    assert kept(pledge) == {}


def test_a_ballot_neither_needs_nor_makes_a_session(
    client: Client, pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post(client, pledge)
    flagged()  # asked once in some seconds
    # The pledge; the counters, the pledge's share, the ballot, the one before it and its change, the tally, between savepoint and release.
    with django_assert_num_queries(9):
        response = post(client, pledge, "bad")
    assert set(client.cookies) == {COOKIE}
    assert site_settings.SESSION_COOKIE_NAME not in response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("value", ["", "x", "0" * 32, "'; DROP TABLE--"])
def test_a_session_that_is_none_is_nobody(client: Client, pledge: Pledge, value: str) -> None:
    client.cookies[site_settings.SESSION_COOKIE_NAME] = value
    assert post(client, pledge).status_code == 303
    assert kept(pledge) == {"good": 1}


def test_the_ballot_of_an_account_holds_no_account(pledge: Pledge) -> None:
    client = logged_in(pledge, speaks=False)
    post(client, pledge)
    ballot = Ballot.objects.get()
    assert not {str(value) for value in (ballot.voter,)} & {str(pk) for pk in User.objects.values_list("pk", flat=True)}
