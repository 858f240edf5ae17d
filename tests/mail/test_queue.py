"""The queue of mail: taken in with the deed, sent once, tried again, and forgotten."""

import smtplib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as django_mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tsushinbo.accounts.membership import close_account
from tsushinbo.mail import services
from tsushinbo.mail.models import Message
from tsushinbo.mail.queries import queue_state

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 8, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Server(BaseEmailBackend):
    """A mail server that does what a test asks of it."""

    faults: dict[str, Exception] = {}  # noqa: RUF012 - set anew by each test
    down = False
    taken: list[EmailMessage] = []  # noqa: RUF012
    opened = 0

    def open(self) -> None:
        type(self).opened += 1
        if self.down:
            raise ConnectionRefusedError("nobody listens")

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            message.message()
            if fault := self.faults.get(message.to[0]):
                raise fault
            self.taken.append(message)
        return len(email_messages)


@pytest.fixture
def server(settings: Settings) -> type[Server]:
    Server.faults, Server.down, Server.taken, Server.opened = {}, False, [], 0
    settings.MAILERS = {
        "default": {"BACKEND": "tsushinbo.mail.backends.QueueBackend"},
        "transport": {"BACKEND": "tests.mail.test_queue.Server"},
    }
    return Server


def queue(to: str = "hanako@example.jp", **more: Any) -> Message:
    return services.queue(**{"to": to, "subject": "件名", "text": "https://example.jp/key/", "at": NOW, **more})


def test_a_mail_goes_out_once_and_leaves_no_words_behind(server: type[Server]) -> None:
    queue(html="<p>https://example.jp/key/</p>", headers={"List-Unsubscribe": "<https://example.jp/stop/>"})
    assert services.deliver_due(at=NOW).sent == 1
    assert services.deliver_due(at=NOW + timedelta(days=1)).sent == 0
    [mail] = server.taken
    assert isinstance(mail, EmailMultiAlternatives)
    assert (mail.to, mail.subject) == (["hanako@example.jp"], "件名")
    assert mail.extra_headers == {"List-Unsubscribe": "<https://example.jp/stop/>"}
    assert [kind for _, kind in mail.alternatives] == ["text/html"]
    row = Message.objects.get()
    assert (row.sent_at, row.text, row.html, row.headers) == (NOW, "", "", {})


def test_a_round_ends_before_the_leases_taken_in_it_do(server: type[Server], monkeypatch: pytest.MonkeyPatch) -> None:
    """Else another worker would take up, and send once more, what is on its way."""
    passed = count(step=200)
    monkeypatch.setattr("tsushinbo.mail.services.delivery.monotonic", lambda: next(passed))
    for name in ("hanako", "taro"):
        queue(to=f"{name}@example.jp")
    assert services.deliver_due(at=NOW).sent == 1
    assert services.deliver_due(at=NOW + 7 * MINUTE).sent == 1
    assert sorted(mail.to[0] for mail in server.taken) == ["hanako@example.jp", "taro@example.jp"]


def test_what_is_undone_sends_no_mail(server: type[Server]) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert services.deliver_due(at=NOW).sent == 0


def test_a_server_that_is_down_is_tried_ever_more_seldom_until_it_is_up(server: type[Server]) -> None:
    queue()
    queue("taro@example.jp")
    server.down = True
    assert services.deliver_due(at=NOW) == services.Round(failed=1)
    assert server.opened == 1  # the second mail does not wait for the same answer
    assert services.deliver_due(at=NOW).failed == 1
    assert services.deliver_due(at=NOW).failed == 0
    first = Message.objects.earliest("pk")
    assert (first.attempts, first.next_try_at, first.last_fault) == (
        1, NOW + MINUTE, "ConnectionRefusedError: nobody listens",
    )  # fmt: skip
    services.deliver_due(at=NOW + MINUTE)
    first.refresh_from_db()
    assert (first.attempts, first.next_try_at) == (2, NOW + 3 * MINUTE)
    server.down = False
    assert services.deliver_due(at=NOW + 3 * MINUTE).sent == 2
    assert [mail.to for mail in server.taken] == [["taro@example.jp"], ["hanako@example.jp"]]


def test_tries_are_never_more_than_six_hours_apart(server: type[Server]) -> None:
    Message.objects.filter(pk=queue().pk).update(attempts=60)
    server.down = True
    services.deliver_due(at=NOW)
    assert Message.objects.get().next_try_at == NOW + timedelta(hours=6)


def test_it_is_given_up_in_the_end(server: type[Server]) -> None:
    queue()
    queue(urgent=True)
    assert services.deliver_due(at=NOW + timedelta(days=4)) == services.Round(sent=1, given_up=1)
    given_up = Message.objects.get(urgent=True)
    assert given_up.given_up_at is not None
    assert given_up.text == ""


def test_an_address_that_is_refused_for_good_is_not_tried_again(server: type[Server]) -> None:
    queue("gone@example.jp")
    queue("full@example.jp")
    queue()
    server.faults = {
        "gone@example.jp": smtplib.SMTPRecipientsRefused({"gone@example.jp": (550, b"no such user")}),
        "full@example.jp": smtplib.SMTPRecipientsRefused({"full@example.jp": (452, b"mailbox full")}),
    }
    assert services.deliver_due(at=NOW) == services.Round(sent=1, failed=1, given_up=1)
    assert Message.objects.get(to="gone@example.jp").given_up_at == NOW


def test_a_server_that_hangs_up_in_the_middle_is_asked_again(server: type[Server]) -> None:
    for number in range(3):
        queue(f"a{number}@example.jp")
    server.faults = {"a1@example.jp": smtplib.SMTPServerDisconnected("enough")}
    assert services.deliver_due(at=NOW) == services.Round(sent=2, failed=1)


def test_of_a_batch_cut_off_only_what_was_on_its_way_is_tried_again(server: type[Server]) -> None:
    for number in range(3):
        queue(f"a{number}@example.jp")
    server.faults = {"a1@example.jp": KeyboardInterrupt()}  # type: ignore[dict-item] # as a kill: nothing after it is done
    with pytest.raises(KeyboardInterrupt):
        services.deliver_due(at=NOW)
    server.faults = {}
    assert services.deliver_due(at=NOW).sent == 1
    assert services.deliver_due(at=NOW + 9 * MINUTE).sent == 0
    assert services.deliver_due(at=NOW + 10 * MINUTE).sent == 1
    assert [mail.to[0] for mail in server.taken] == ["a0@example.jp", "a2@example.jp", "a1@example.jp"]


def test_a_mail_that_nothing_can_be_made_of_holds_up_no_other(server: type[Server]) -> None:
    queue()
    queue("taro@example.jp")
    server.faults = {"hanako@example.jp": TypeError("what is this")}
    assert services.deliver_due(at=NOW) == services.Round(sent=1, failed=1)


def test_who_waits_comes_first(server: type[Server]) -> None:
    queue("digest@example.jp")
    queue("log-in@example.jp", urgent=True)
    services.deliver_due(at=NOW, most=1)
    assert [mail.to[0] for mail in server.taken] == ["log-in@example.jp"]
    assert services.deliver_due(at=NOW, urgent_only=True).sent == 0


def test_lines_of_a_subject_are_joined_and_never_a_header(server: type[Server]) -> None:
    queue(subject="あ\r\nBcc: all@example.jp\u2028い\x00")
    services.deliver_due(at=NOW)
    [mail] = server.taken
    assert mail.subject == "あ Bcc: all@example.jp い"
    assert mail.message()["Bcc"] is None


@pytest.mark.parametrize(
    "hostile",
    [
        {"to": "a@example.jp\nBcc: b@example.jp"}, {"to": "a@example.jp, b@example.jp"}, {"to": ""}, {"to": "花子"},
        {"headers": {"X-A": "1\r\nBcc: b@example.jp"}}, {"headers": {"X A": "1"}}, {"headers": {"X:\nA": "1"}},
        {"sender": "a@example.jp\nBcc: b@example.jp"},
    ],
)  # fmt: skip
def test_no_address_or_header_begins_another_one(hostile: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is no"):
        queue(**hostile)
    assert not Message.objects.exists()


def test_djangos_own_mail_goes_through_the_queue_each_to_one_receiver(server: type[Server]) -> None:
    django_mail.send_mail("件名", "本文", None, ["a@example.jp", "花子 <b@example.jp>"], html_message="<p>本文</p>")
    assert not server.taken
    assert list(Message.objects.order_by("to").values_list("to", "text", "html", "urgent")) == [
        ("a@example.jp", "本文", "<p>本文</p>", True), ("b@example.jp", "本文", "<p>本文</p>", True),
    ]  # fmt: skip


def test_a_mail_with_a_file_is_refused_whole(server: type[Server]) -> None:
    mail = EmailMessage("件名", "本文", None, ["a@example.jp"])
    mail.attach("a.txt", "x", "text/plain")
    with pytest.raises(ValueError, match="attachments"):
        mail.send()


def test_rows_are_thrown_away_after_some_days(server: type[Server]) -> None:
    queue()
    services.deliver_due(at=NOW)
    queue("waits@example.jp")
    assert services.forget_old(at=NOW + timedelta(days=6)) == 0
    assert services.forget_old(at=NOW + timedelta(days=8)) == 1
    assert Message.objects.get().to == "waits@example.jp"


def test_the_state_of_the_queue_says_what_is_wrong(server: type[Server]) -> None:
    queue()
    assert not queue_state(NOW + 15 * MINUTE).is_late(NOW + 15 * MINUTE)
    assert queue_state(NOW + 16 * MINUTE).is_late(NOW + 16 * MINUTE)
    server.down = True
    services.deliver_due(at=NOW)
    state = queue_state(NOW)
    assert (state.waiting, state.faulty, state.due_since, state.given_up) == (1, 1, None, 0)
    assert state.last_fault.startswith("ConnectionRefusedError")


def test_a_mail_that_waits_after_a_fault_can_be_tried_at_once(server: type[Server]) -> None:
    row, fresh = queue(), queue("taro@example.jp")
    server.down = True
    services.deliver_due(at=NOW, most=1)
    assert services.retry_now(messages=[row.pk, fresh.pk], at=NOW) == 1
    row.refresh_from_db()
    assert row.next_try_at == NOW


def test_mail_to_a_closed_account_goes_with_it() -> None:
    user = UserFactory.create()
    queue(user.email)
    queue("other@example.jp")
    assert EmailAddress.objects.filter(user=user).exists()
    close_account(user=user)
    assert Message.objects.get().to == "other@example.jp"
