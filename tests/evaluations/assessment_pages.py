"""Using the pages of 進捗度・達成度, for the tests that do."""

import re

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tsushinbo.pledges.models import Pledge

RTL = "\u202e"


def new(pledge: Pledge) -> str:
    return reverse("evaluations:assess", args=[pledge.pk])


def post(client: Client, pledge: Pledge, progress: str = "40", achievement: str = "20", **rest: str) -> HttpResponse:
    return client.post(new(pledge), {"voice": "citizen", "progress": progress, "achievement": achievement, **rest})


def text(response: HttpResponse) -> str:
    return response.content.decode()


def value(html: str, name: str) -> str:
    """What stands in a field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]
