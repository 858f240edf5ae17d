"""Mails of notices: at the pace each chose, once, never empty, and ended by one click."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.accounts.factories import UserFactory
from tests.notices.factories import NOON
from tsushinbo.accounts.membership import close_account
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.mail.models import Message
from tsushinbo.mail.services import deliver_due
from tsushinbo.notices import services
from tsushinbo.notices.models import Kind, MailChoice, Notice, Pace
from tsushinbo.notices.queries import next_morning
from tsushinbo.notices.services import digests
from tsushinbo.notices.tickets import ticket

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 4, 8, 22, 0, tzinfo=UTC)  # Thursday 7:00 in Tokyo
MONDAY = datetime(2026, 4, 12, 22, 0, tzinfo=UTC)


def tell(user: User, title: str = "給食費を無償にします", kind: Kind = Kind.PLEDGE, at: datetime = NOON) -> None:
    services.tell(users=[user.pk], kind=kind, title=title, url="/pledges/1/", at=at)


def choose(user: User, pace: Pace, *off: Kind) -> None:
    services.choose_mail(user=user, pace=pace, kinds_off=off, at=NOON)


@pytest.mark.parametrize(
    ("pace", "due"), [(Pace.INSTANT, NOON), (Pace.DAILY, MORNING), (Pace.WEEKLY, MONDAY), (Pace.OFF, None)]
)
def test_a_notice_is_mailed_at_the_pace_that_was_chosen(pace: Pace, due: datetime | None) -> None:
    user = UserFactory.create()
    choose(user, pace)
    tell(user)
    assert Notice.objects.get().mail_at == due
    if due is not None:
        assert services.mail_due(at=due - timedelta(seconds=1)) == 0
        assert services.mail_due(at=due) == 1
    assert services.mail_due(at=MONDAY + timedelta(days=7)) == 0


def test_an_address_that_no_mail_can_be_made_of_keeps_nobody_else_waiting() -> None:
    user, other = UserFactory.create_batch(2)
    EmailAddress.objects.filter(user=user).update(email="a@exa\u202emple.jp")
    tell(user)
    tell(other)
    assert services.mail_due(at=MORNING) == 1
    assert Message.objects.get().to == other.email


def test_without_a_choice_it_is_one_mail_a_day_of_all_that_is_new() -> None:
    user = UserFactory.create()
    tell(user, "一つ目")
    tell(user, "二つ目", Kind.REPORT, NOON + timedelta(hours=1))
    assert services.mail_due(at=MORNING) == 1
    row = Message.objects.get()
    assert (row.to, row.subject, row.urgent) == (user.email, "【先生の通信簿】お知らせが2件あります", False)
    assert row.text.index("二つ目") < row.text.index("一つ目")
    assert "http://localhost:8000/pledges/1/" in row.text
    assert "一つ目" in row.html
    assert services.mail_due(at=MORNING + timedelta(days=1)) == 0


def test_at_seven_to_the_second_it_is_the_next_morning() -> None:
    assert next_morning(MORNING, weekly=False) == MORNING + timedelta(days=1)
    assert next_morning(MORNING - timedelta(seconds=1), weekly=False) == MORNING
    assert next_morning(MONDAY, weekly=True) == MONDAY + timedelta(days=7)


def test_a_kind_can_be_left_out_and_moderators_are_warned_at_once() -> None:
    user = UserFactory.create()
    choose(user, Pace.WEEKLY, Kind.PLEDGE)
    tell(user)
    tell(user, "20時間を過ぎました", Kind.DESK)
    assert services.mail_due(at=NOON) == 1
    assert Message.objects.get().subject == "【先生の通信簿】運営への警告：20時間を過ぎました"


def test_what_waits_follows_a_new_choice() -> None:
    user = UserFactory.create()
    tell(user)
    choose(user, Pace.OFF)
    assert services.mail_due(at=MONDAY) == 0
    assert Notice.objects.get().mail_at is None


def test_what_was_read_is_not_mailed() -> None:
    user = UserFactory.create()
    tell(user)
    services.mark_read(user=user, at=NOON)
    assert services.mail_due(at=MORNING) == 0


def test_an_address_that_is_not_confirmed_gets_nothing() -> None:
    user = UserFactory.create(confirmed=False)
    tell(user)
    assert services.mail_due(at=MORNING) == 0
    assert not Message.objects.exists()


def test_a_title_is_text_in_the_html_and_one_line_of_the_subject() -> None:
    user = UserFactory.create()
    tell(user, "<script>x</script>\nBcc: all@example.jp")
    services.mail_due(at=MORNING)
    row = Message.objects.get()
    assert "<script>" not in row.html
    assert row.subject == "【先生の通信簿】新しい公約：<script>x</script> Bcc: all@example.jp"


def test_many_mails_are_written_together(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    people = [UserFactory.create() for _ in range(digests.PEOPLE + 5)]
    services.tell(users=[user.pk for user in people], kind=Kind.PLEDGE, title="公約", url="/pledges/1/", at=NOON)
    # One for each mail, and a few for each of two batches.
    with django_assert_max_num_queries(len(people) + 20):
        assert services.mail_due(at=MORNING) == len(people)
    assert set(Message.objects.values_list("to", flat=True)) == {user.email for user in people}
    assert services.mail_due(at=MORNING) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_one_mail() -> None:
    users = [UserFactory.create() for _ in range(5)]
    for user in users:
        tell(user)
        tell(user, "二つ目")
    start, counts = threading.Barrier(2), list[int]()

    def work() -> None:
        start.wait(timeout=30)
        try:
            counts.append(services.mail_due(at=MORNING))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sum(counts) == 5
    assert sorted(Message.objects.values_list("to", flat=True)) == sorted(user.email for user in users)
    assert set(Message.objects.values_list("subject", flat=True)) == {"【先生の通信簿】お知らせが2件あります"}


def stop_address(settings: Settings) -> tuple[User, str]:
    """Somebody with a mail that was sent, and the address in its header."""
    user = UserFactory.create()
    tell(user)
    services.mail_due(at=MORNING)
    deliver_due(at=MORNING)
    [sent] = mail.outbox
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://localhost:8000(/\S+)>", sent.extra_headers["List-Unsubscribe"])
    assert found is not None
    return user, found[1]


def test_one_click_ends_the_mails_without_logging_in(settings: Settings) -> None:
    user, address = stop_address(settings)
    # As a mail program sends it: no cookie, no token, no origin.
    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert "お知らせのメールを止めました" in answer.content.decode()
    assert MailChoice.objects.get(user=user).pace == Pace.OFF


def test_looking_at_the_link_ends_nothing(settings: Settings) -> None:
    user, address = stop_address(settings)
    answer = Client().get(address)
    assert "メールを止める" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert not MailChoice.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    "forged", ["1", "1:x", f"{ticket(1)}x", ":", "あ"], ids=["bare", "short", "long", "empty", "kana"]
)
def test_a_forged_ticket_is_none(client: Client, forged: str) -> None:
    assert client.post(f"/accounts/notices/stop/{forged}/").status_code == 404


def test_the_ticket_of_a_closed_account_ends_quietly(client: Client) -> None:
    assert client.post(f"/accounts/notices/stop/{ticket(987654)}/").status_code == 200


def test_an_account_takes_its_notices_along_and_exports_them() -> None:
    user = UserFactory.create()
    choose(user, Pace.WEEKLY, Kind.COMMENT)
    tell(user)
    told = exported(user)["notices"]
    assert told["mail"] == {"pace": "weekly", "kinds_off": ["comment"]}
    assert [notice["title"] for notice in told["notices"]] == ["給食費を無償にします"]
    close_account(user=user)
    assert not Notice.objects.exists()
    assert not MailChoice.objects.exists()
    assert not EmailAddress.objects.exists()
