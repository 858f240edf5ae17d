"""Who casts a ballot without an account."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site_settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from tsushinbo.accounts import voters

NAME = site_settings.VOTER_COOKIE_NAME


def request(cookie: str | None = None, ticket: str | None = None, *, secure: bool = False) -> HttpRequest:
    made = RequestFactory().post("/", {} if ticket is None else {voters.TICKET_FIELD: ticket}, secure=secure)
    if cookie is not None:
        made.COOKIES[NAME] = cookie
    return made


def cookie_of(voter: voters.Voter, *, secure: bool = False) -> HttpResponse:
    response = HttpResponse()
    voters.remember(response, request(secure=secure), voter)
    return response


def value_of(voter: voters.Voter) -> str:
    return str(cookie_of(voter).cookies[NAME].value)


def test_the_cookie_names_the_voter_again() -> None:
    voter = voters.Voter(123, owed_cookie=True)
    assert voters.known(request(value_of(voter))) == 123
    assert voters.identify(request(value_of(voter))) == voters.Voter(123, owed_cookie=False)


def test_the_cookie_is_hidden_from_scripts_and_other_sites() -> None:
    morsel = cookie_of(voters.Voter(123, owed_cookie=True)).cookies[NAME]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
    assert morsel["max-age"] == site_settings.VOTER_COOKIE_AGE
    assert not morsel["secure"]


def test_behind_tls_the_cookie_is_secure(settings: Settings) -> None:
    assert cookie_of(voters.Voter(1, owed_cookie=True), secure=True).cookies[NAME]["secure"]
    settings.HTTPS = True
    assert cookie_of(voters.Voter(1, owed_cookie=True)).cookies[NAME]["secure"]


def test_who_has_the_cookie_is_not_given_it_again() -> None:
    assert not cookie_of(voters.Voter(1, owed_cookie=False)).cookies


def test_an_old_cookie_is_written_anew_for_the_same_voter() -> None:
    with time_machine.travel("2026-01-01T00:00:00Z", tick=False) as clock:
        value = value_of(voters.Voter(123, owed_cookie=True))
        clock.shift(voters.RENEWED_AFTER - timedelta(seconds=1))
        assert not voters.identify(request(value)).owed_cookie
        clock.shift(timedelta(seconds=2))
        assert voters.identify(request(value)) == voters.Voter(123, owed_cookie=True)


@pytest.mark.parametrize("cookie", ["", "123", "123:abc:def", "x" * 4000, "\x00", "１２３:1:2"])
def test_a_garbled_cookie_is_a_new_voter(cookie: str) -> None:
    assert voters.known(request(cookie)) is None
    assert voters.identify(request(cookie)).owed_cookie


def test_a_tampered_cookie_is_a_new_voter() -> None:
    value = value_of(voters.Voter(123, owed_cookie=True))
    assert voters.known(request(value.replace("123", "124", 1))) is None


def test_a_cookie_signed_with_another_key_is_a_new_voter(settings: Settings) -> None:
    value = value_of(voters.Voter(123, owed_cookie=True))
    settings.SECRET_KEY = "another" * 10
    assert voters.known(request(value)) is None


@pytest.mark.parametrize("content", ["abc", "-1", "9" * 19, "9" * 30, "", "1.5", "²"])
def test_a_signed_value_that_is_no_voter_is_not_believed(content: str) -> None:
    response = HttpResponse()
    response.set_signed_cookie(NAME, content, salt="tsushinbo.voter")
    assert voters.known(request(response.cookies[NAME].value)) is None


def test_new_voters_are_random_and_fit_the_database() -> None:
    numbers = {voters.identify(request()).number for _ in range(100)}
    assert len(numbers) == 100
    assert all(0 <= number < 2**63 for number in numbers)


def test_a_ticket_makes_two_taps_one_voter() -> None:
    ticket = voters.ticket(request())
    assert voters.identify(request(ticket=ticket)) == voters.identify(request(ticket=ticket))
    assert voters.identify(request(ticket=ticket)).owed_cookie


def test_a_form_shown_again_carries_the_same_voter() -> None:
    ticket = voters.ticket(request())
    again = voters.ticket(request(ticket=ticket))
    assert voters.identify(request(ticket=again)) == voters.identify(request(ticket=ticket))


def test_the_cookie_counts_more_than_a_ticket() -> None:
    cookie = value_of(voters.Voter(123, owed_cookie=True))
    assert voters.identify(request(cookie, voters.ticket(request()))).number == 123


def test_who_has_the_cookie_needs_no_ticket() -> None:
    assert voters.ticket(request(value_of(voters.Voter(123, owed_cookie=True)))) == ""


@pytest.mark.parametrize("ticket", ["", "123", "123:x:y", "\x00"])
def test_a_garbled_ticket_is_a_new_voter(ticket: str) -> None:
    assert voters.returning(request(ticket=ticket)) is None


def test_a_cookie_is_no_ticket() -> None:
    assert voters.returning(request(ticket=value_of(voters.Voter(123, owed_cookie=True)))) is None


def test_a_ticket_runs_out() -> None:
    with time_machine.travel("2026-01-01T00:00:00Z", tick=False) as clock:
        ticket = voters.ticket(request())
        clock.shift(voters.TICKET_LIVES + timedelta(seconds=1))
        assert voters.returning(request(ticket=ticket)) is None
