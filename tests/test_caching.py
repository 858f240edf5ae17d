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

    assert held_for_a_minute(view)(ASKED).headers["Cache-Control"] == "public, max-age=60"
    assert asked_again(view)(ASKED).headers["Cache-Control"] == "public, no-cache"


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
