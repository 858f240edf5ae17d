"""How long a public page may be held."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponsePermanentRedirect
from django.test import RequestFactory
from django.utils import timezone
from django.utils.http import http_date

from tsushinbo.caching import STARTED_AT, asked_again, held_for_a_minute, mark_last_modified

ASKED = RequestFactory().get("/")


@pytest.mark.parametrize("answer", [HttpResponse, lambda: HttpResponsePermanentRedirect("/x/")])
def test_pages_and_lasting_redirects_may_be_held(answer: type[HttpResponse]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return answer()

    with time_machine.travel("2026-12-01T12:00:00+09:00", tick=False):
        assert held_for_a_minute(view)(ASKED).headers["Cache-Control"] == "public, max-age=60"
    assert asked_again(view)(ASKED).headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("clock", "seconds"), [("23:59:00", 59), ("23:58:58", 60), ("23:59:59", 0), ("00:00:00", 60), ("12:00:00", 60)]
)
def test_no_page_is_held_beyond_midnight_in_japan(clock: str, seconds: int) -> None:
    with time_machine.travel(f"2026-12-01T{clock}+09:00", tick=False):
        response = held_for_a_minute(lambda request: HttpResponse())(ASKED)
    assert response.headers["Cache-Control"] == f"public, max-age={seconds}"


def test_page_that_takes_until_midnight_is_held_as_one_of_the_day_before() -> None:
    with time_machine.travel("2026-12-01T23:59:59+09:00", tick=False) as clock:

        def view(request: HttpRequest) -> HttpResponse:
            clock.shift(2)
            return HttpResponse()

        assert held_for_a_minute(view)(ASKED).headers["Cache-Control"] == "public, max-age=0"


def test_refusals_are_not_held() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponseNotFound()

    assert "Cache-Control" not in held_for_a_minute(view)(ASKED).headers


def test_view_that_knows_better_is_left_alone() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "no-store"})

    assert asked_again(view)(ASKED).headers["Cache-Control"] == "no-store"


def test_page_is_as_new_as_its_newest_part() -> None:
    old, new = STARTED_AT + timedelta(hours=1), STARTED_AT + timedelta(hours=2)
    with time_machine.travel(STARTED_AT + timedelta(hours=3), tick=False):
        response = HttpResponse()
        mark_last_modified(response, new, None, old)
    assert response.headers["Last-Modified"] == http_date(new.timestamp())


def test_page_is_never_older_than_the_process() -> None:
    with time_machine.travel(STARTED_AT + timedelta(hours=1), tick=False):
        response = HttpResponse()
        mark_last_modified(response, STARTED_AT - timedelta(days=9))
    assert response.headers["Last-Modified"] == http_date(STARTED_AT.timestamp())


def test_change_of_this_very_second_states_no_date() -> None:
    response = HttpResponse()
    mark_last_modified(response, timezone.now())
    assert "Last-Modified" not in response.headers
