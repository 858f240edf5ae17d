"""What machines are told of the database and the worker."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tsushinbo.mail import services

pytestmark = pytest.mark.django_db


def test_readiness_tells_how_the_worker_does(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"database ok\nworker ok\nmail waiting 0 failing 0\n")
    assert answer.headers["Cache-Control"] == "no-store"
    hours_ago = timezone.now() - timedelta(hours=1)
    services.queue(to="a@example.jp", subject="件名", text="本文", at=hours_ago)
    assert client.get("/readyz").content == b"database ok\nworker late\nmail waiting 1 failing 0\n"


def test_a_database_that_is_away_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_at: object) -> None:
        raise OperationalError("gone to lunch")

    monkeypatch.setattr("tsushinbo.site.views.ops.queue_state", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database away\n")
