"""Administrators see what waits and why, and nobody what a mail says."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.factories import UserFactory, add_app, log_in_with_second_factor
from tsushinbo.accounts.roles import Role
from tsushinbo.mail import services
from tsushinbo.mail.models import Message

pytestmark = pytest.mark.django_db
LIST = "/admin/mail/message/"


def test_an_administrator_tries_a_failed_mail_at_once(client: Client) -> None:
    admin = UserFactory.create(role=Role.ADMINISTRATOR)
    add_app(admin)
    log_in_with_second_factor(client, admin)
    row = services.queue(to="a@example.jp", subject="件名", text="https://example.jp/secret/", at=timezone.now())
    later = timezone.now() + timedelta(hours=6)
    Message.objects.filter(pk=row.pk).update(last_fault="ConnectionRefusedError", next_try_at=later)
    page = client.get(f"{LIST}?standing=failing").content.decode()
    assert "a@example.jp" in page
    assert "ConnectionRefusedError" in page
    assert "secret" not in page + client.get(f"{LIST}{row.pk}/change/").content.decode()
    client.post(LIST, {"action": "try_now", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.next_try_at <= timezone.now()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EDITOR])
def test_nobody_else_reads_the_addresses(client: Client, role: Role) -> None:
    person = UserFactory.create(role=role)
    add_app(person)
    log_in_with_second_factor(client, person)
    answer = client.get(LIST)
    # An editor is led to the door of the admin, which does not open.
    assert answer.status_code in {302, 403}
    assert client.get(LIST, follow=True).status_code == 403
