"""The queue before a mail server that talks SMTP, in all the ways in which one does not take a mail."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from tests.cli.server import free_port
from tests.mail.sink import Sink, listening, usual
from tests.mail.test_queue import NOW, queue
from tsushinbo.mail.models import Message
from tsushinbo.mail.services import Round, deliver_due

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
PEOPLE = ["a@example.jp", "b@example.jp", "c@example.jp"]


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with listening() as server:
        aim(settings, server.port)
        yield server


def aim(settings: Settings, port: int) -> None:
    """Let mail go to a port of this machine, which is waited for no longer than it takes."""
    options = {"host": "127.0.0.1", "port": port, "timeout": 0.5}
    settings.MAILERS = {
        "default": {"BACKEND": "tsushinbo.mail.backends.QueueBackend"},
        "transport": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options},
    }


@pytest.fixture
def three() -> list[Message]:
    return [queue(to) for to in PEOPLE]


def test_a_batch_goes_over_one_connection(sink: Sink, three: list[Message]) -> None:
    steps: list[str] = []

    def reply(step: str, _to: str) -> str | None:
        steps.append(step)
        return None

    sink.reply = reply
    assert deliver_due(at=NOW) == Round(sent=3)
    assert (sink.taken, steps.count("CONN")) == (PEOPLE, 1)


def test_a_port_where_nobody_listens_loses_nothing(settings: Settings, sink: Sink, three: list[Message]) -> None:
    aim(settings, free_port())
    assert deliver_due(at=NOW) == Round(failed=1)
    aim(settings, sink.port)
    assert deliver_due(at=LATER) == Round(sent=3)
    assert sorted(sink.taken) == PEOPLE


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        pytest.param("CONN", "421 too busy", id="too-busy-to-talk"),
        pytest.param("CONN", "554 go away", id="refuses-everybody"),
        pytest.param("CONN", "", id="hangs-up-at-once"),
        pytest.param("MAIL", "452 no room", id="its-own-disk-is-full"),
        pytest.param("RCPT", "451 come back later", id="greylisting"),
        pytest.param("DATA", "", id="hangs-up-before-the-text"),
        pytest.param("SENT", "451 not now", id="takes-the-text-and-not-the-mail"),
        pytest.param("SENT", "", id="hangs-up-after-the-text"),
    ],
)
def test_what_is_refused_for_now_waits_and_goes_later(sink: Sink, three: list[Message], step: str, answer: str) -> None:
    sink.reply = lambda now, _to: answer if now == step else None
    done = deliver_due(at=NOW)
    assert (done.sent, done.given_up, sink.taken) == (0, 0, [])
    assert done.failed
    assert Message.objects.filter(sent_at=None, given_up_at=None).exclude(text="").count() == 3
    sink.reply = usual
    deliver_due(at=LATER)
    assert sorted(sink.taken) == PEOPLE


def test_one_that_hangs_in_the_middle_holds_up_no_other(sink: Sink, three: list[Message]) -> None:
    over = threading.Event()

    def reply(step: str, to: str) -> str | None:
        if (step, to) == ("SENT", PEOPLE[0]):
            over.wait(60)
            return ""
        return None

    sink.reply = reply
    assert deliver_due(at=NOW) == Round(failed=1)
    assert deliver_due(at=NOW) == Round(sent=2)
    sink.reply = usual
    over.set()
    assert deliver_due(at=LATER) == Round(sent=1)
    assert sink.taken == [*PEOPLE[1:], PEOPLE[0]]


@pytest.mark.parametrize("step", ["RCPT", "SENT"])
def test_an_address_that_is_none_is_given_up_and_the_others_go(sink: Sink, three: list[Message], step: str) -> None:
    sink.reply = lambda now, to: "550 nobody of that name" if (now, to) == (step, PEOPLE[1]) else None
    assert deliver_due(at=NOW) == Round(sent=2, given_up=1)
    assert deliver_due(at=NOW + timedelta(days=1)) == Round()
    assert sink.taken == [PEOPLE[0], PEOPLE[2]]
    assert "550" in Message.objects.get(to=PEOPLE[1]).last_fault
