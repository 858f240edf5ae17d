"""Using the ballot box over HTTP, for the tests that do."""

import re

from django.conf import settings as site_settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tsushinbo.pledges.models import Pledge

COOKIE = site_settings.VOTER_COOKIE_NAME
HTMX = {"HX-Request": "true"}


def address(pledge: Pledge) -> str:
    return reverse("evaluations:ballot", args=[pledge.pk])


def post(
    client: Client, pledge: Pledge, choice: str = "good", *reasons: str, htmx: bool = False, **rest: str
) -> HttpResponse:
    data = {"choice": choice, "reasons": list(reasons), **rest}
    return client.post(address(pledge), data, headers=HTMX if htmx else {})


def text(response: HttpResponse) -> str:
    return response.content.decode()


def result(response: HttpResponse) -> tuple[int, int, int]:
    """What the result element says of GOOD, BAD and all ballots."""
    found = re.search(r'data-good="(\d+)"\s+data-bad="(\d+)"\s+data-ballots="(\d+)"', text(response))
    assert found is not None
    return (int(found[1]), int(found[2]), int(found[3]))


def ticket(response: HttpResponse) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', text(response))
    assert found is not None
    return found[1]
