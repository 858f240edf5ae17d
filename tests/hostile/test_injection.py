"""Line ends and control signs where they would begin another header or another line of the log."""

import io
import logging
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from tests.accounts.factories import PASSWORD
from tests.hostile.forms import FORMS, browser_of
from tests.world import World
from tsushinbo.config.logs import Lines, visible
from tsushinbo.mail.models import Message
from tsushinbo.mail.services.delivery import compose
from tsushinbo.notices.models import Kind, Notice
from tsushinbo.notices.services import mail_due, tell

INJECTED = "題\r\nBcc: all@evil.example\r\n\r\n<b>\x1b[2J\x07\x9b31m\u2028X-Evil: 1\u2029\u0085y\x00"
EVENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ \S+ ")


FORMATTER: dict[str, Any] = django_settings.LOGGING["formatters"]["line"]  # type: ignore[index]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, as the site writes it."""
    written, wanted = io.StringIO(), FORMATTER
    handler = logging.StreamHandler(written)
    handler.setFormatter(Lines(wanted["format"], style=wanted["style"]))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def is_sound(text: str) -> bool:
    """Whether each event begins a line, its further lines are set in, and nothing in it steers a terminal."""
    lines = text.splitlines()
    plain = all(visible(line) == line for line in lines)
    return plain and all(EVENT.match(line) or line.startswith("    ") for line in lines)


def test_the_settings_name_the_formatter() -> None:
    assert FORMATTER["()"] == "tsushinbo.config.logs.Lines"


def test_no_field_begins_a_header_or_a_line_of_the_log(world: World, log: io.StringIO) -> None:
    """Every form: with its words injected, which is taken; with one field more each time, which mostly is not; with all of them."""
    for name, form in FORMS.items():
        client, address, fields = browser_of(form.who, world), form.address(world), form.fields(world)
        words = dict.fromkeys(form.words, INJECTED)
        for injected in (words, {**words, **dict.fromkeys(form.also, INJECTED)}, dict.fromkeys(fields, INJECTED)):
            response = client.post(address, {**fields, **injected})
            assert response.status_code < 500, name
            for header, value in response.headers.items():
                assert not re.search(r"[\r\n\x00]", f"{header}{value}"), name
                assert header.lower() not in {"bcc", "x-evil"}
    for message in Message.objects.all():
        headers = message_from_bytes(compose(message).message().as_bytes(), policy=SMTP)
        assert headers["Bcc"] is headers["X-Evil"] is None
        assert "\n" not in message.subject
    assert is_sound(log.getvalue())


HEADERS = ("User-Agent", "X-Forwarded-For", "X-Forwarded-Proto", "Referer", "Origin", "Cookie", "HX-Current-URL", "HX-Target", "Accept-Language", "Content-Type")  # fmt: skip


def test_no_header_of_a_visitor_begins_a_line_of_the_log(world: World, log: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.writer)
    for header in HEADERS:
        # As WSGI hands raw bytes over.
        headers = {header: f"{INJECTED} {'x' * 5000}".encode().decode("latin-1"), "HX-Request": "true"}
        for address in ("/", "/accounts/sessions/", "/nothing/"):
            for response in (client.get(address, headers=headers), client.post(address, headers=headers)):
                assert response.status_code < 500, header
                assert "X-Evil" not in response.headers
                assert "\x1b" not in b"".join(response).decode()
    assert is_sound(log.getvalue())


@pytest.mark.parametrize("host", ["evil.example", "testserver\r\nX-Evil: 1", "testserver\x00", "[::1", "testserver:80:80", "a@testserver", ""])  # fmt: skip
def test_a_host_that_is_not_ours_is_refused_and_logged_in_one_line(db: None, log: io.StringIO, host: str) -> None:
    response = Client().get("/", headers={"Host": host}) if host else Client(SERVER_NAME="evil.example").get("/")
    assert response.status_code == 400
    assert "evil" not in response.content.decode()
    assert log.getvalue()
    assert is_sound(log.getvalue())


@pytest.mark.parametrize("path", ["/%0d%0a2026-11-24%2003:00:00,000%20ERROR%20root%20forged", "/%1b%5b2J/", "/%e2%80%a8x/", "/%c2%85x/", "/%e2%80%ae/"])  # fmt: skip
def test_an_address_is_logged_in_one_line(db: None, log: io.StringIO, path: str) -> None:
    assert Client().get(path).status_code == 404
    events = [line for line in log.getvalue().splitlines() if EVENT.match(line) and "Not Found" in line]
    assert len(events) == 1
    assert is_sound(log.getvalue())


def test_a_fault_is_logged_under_its_line(log: io.StringIO) -> None:
    try:
        raise ValueError(f"{INJECTED}\n2026-11-24 03:00:00,000 ERROR root forged")
    except ValueError:
        logging.getLogger("tsushinbo").exception("what was sent: %s", INJECTED)
    lines = log.getvalue().splitlines()
    assert is_sound(log.getvalue())
    assert [bool(EVENT.match(line)) for line in lines] == [True] + [False] * (len(lines) - 1)
    assert "Traceback" in lines[1]


def test_names_and_titles_in_mails_are_one_line(world: World) -> None:
    """As they would be if a name had come past the forms."""
    type(world.politician).objects.update(name=INJECTED.replace("\x00", ""), family_name="", given_name="")
    tell(
        users=[world.writer.pk],
        kind=Kind.DECISION,
        title=INJECTED.replace("\x00", ""),
        url="/",
        text=INJECTED.replace("\x00", ""),
        at=timezone.now(),
    )
    Notice.objects.update(mail_at=timezone.now())
    mail_due(at=timezone.now())
    FORMS["invitation"].send(world)
    made = Message.objects.exclude(pk=world.mail.pk)
    assert len(made) >= 2
    for message in made:
        read = message_from_bytes(compose(message).message().as_bytes(), policy=SMTP)
        assert read["Bcc"] is read["X-Evil"] is None
        assert message.subject.isprintable() or "\u3000" in message.subject


@pytest.mark.parametrize("address", ["a@example.jp\r\nBcc: all@evil.example", '"a\r\nBcc: b"@example.jp', "a@example.jp,b@evil.example", "a@example.jp\x00", "<a@example.jp>", "a@exa\u202emple.jp"])  # fmt: skip
def test_a_mail_address_is_one_address(db: None, address: str) -> None:
    for path, fields in (
        ("/accounts/signup/", {"email": address, "password1": PASSWORD}),
        ("/accounts/password/reset/", {"email": address}),
        ("/takedown/", {**FORMS["takedown"].fields(None), "email": address}),  # type: ignore[arg-type]
    ):
        assert Client().post(path, fields).status_code in {200, 400, 422}
    assert not Message.objects.exists()


def test_downloads_have_names_of_ours(world: World, browser: Client) -> None:
    for address in ("/moderation/log.csv", "/transparency.csv"):
        named = browser.get(address, {"actor": "a\r\nX-Evil: 1"}).headers["Content-Disposition"]
        assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+"', named)
