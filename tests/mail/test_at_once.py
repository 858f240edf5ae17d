"""What somebody waits for leaves right after the commit, by a thread of the process."""

import threading

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from tsushinbo.mail import services
from tsushinbo.mail.models import Message


@pytest.mark.django_db(transaction=True)
def test_a_link_that_somebody_waits_for_is_sent_after_the_commit(settings: Settings) -> None:
    settings.MAIL_AT_ONCE = True
    with transaction.atomic():
        services.queue(to="a@example.jp", subject="件名", text="本文", urgent=True, at=timezone.now())
        services.queue(to="b@example.jp", subject="件名", text="本文", at=timezone.now())
        assert not mail.outbox
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join(timeout=30)
    assert [message.to for message in mail.outbox] == [["a@example.jp"]]
    assert Message.objects.filter(sent_at=None).get().to == "b@example.jp"


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_what_is_due_and_send_nothing_twice() -> None:
    for number in range(20):
        services.queue(to=f"a{number}@example.jp", subject="件名", text="本文", at=timezone.now())
    now, start = timezone.now(), threading.Barrier(2)
    counts: list[int] = []

    def work() -> None:
        from django.db import connection

        start.wait(timeout=30)
        try:
            counts.append(services.deliver_due(at=now).sent)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sum(counts) == 20
    assert sorted(message.to[0] for message in mail.outbox) == sorted(f"a{number}@example.jp" for number in range(20))
