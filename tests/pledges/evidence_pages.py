"""The addresses and words of the pages of evidence, for the tests that walk them."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tsushinbo.pledges.models import Evidence, Pledge

TAG = """<img src=x onerror=alert(1)>"'><script>alert(2)</script>"""
RTL = "\u202e"
DESK = "/evidence/"
FIELDS = {
    "title": "2026年度当初予算の概要",
    "url": "https://www.example.com/budget/",
    "publisher": "見本市",
    "dated_on": "2026-03-24",
    "shows": "半額補助の費用が\r\n計上されました。",
    "status": "started",
}


def new(pledge: Pledge) -> str:
    return reverse("pledges:propose-evidence", args=[pledge.pk])


def undoing(pledge: Pledge) -> str:
    return reverse("pledges:undo-status", args=[pledge.pk])


def deed(evidence: Evidence, name: str) -> str:
    return reverse(f"pledges:{name}-evidence", args=[evidence.pk])


def text(response: HttpResponse) -> str:
    return response.content.decode()


def public(pledge: Pledge) -> str:
    """The pledge's page as everybody reads it."""
    return " ".join(text(Client().get(pledge.get_absolute_url())).split())
