"""Taking a message in. It is a row of the caller's transaction: what is undone sends no mail, and what is done loses none."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tsushinbo.mail.addresses import can_be_written_to
from tsushinbo.mail.models import SUBJECT_LENGTH, Message
from tsushinbo.mail.services.waking import wake

# What somebody waits for holds a link that lives three days (PASSWORD_RESET_TIMEOUT and allauth's own).
URGENT_FOR = timedelta(days=3)
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def queue(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    headers: Mapping[str, str] | None = None,
    sender: str = "",
    urgent: bool = False,
    at: datetime,
) -> Message:
    """Take a mail to one address in; it is sent after the caller's transaction.

    urgent: somebody waits for it; it is tried right after the commit, before all others, and for no longer than its links live. The lines of
    the subject are joined. Raises ValueError for an address that cannot be written to, and for a header that would begin another one.
    """
    if not can_be_written_to(to):
        raise ValueError(f"{to!r} is no mail address")
    for name, value in (headers or {}).items():
        if not HEADER_NAME.fullmatch(name) or not value.isprintable():
            raise ValueError(f"{name!r}: {value!r} is no mail header")
    if not sender.isprintable():
        raise ValueError(f"{sender!r} is no sender")
    message = Message.objects.create(
        to=to,
        sender=sender,
        subject=one_line(subject)[:SUBJECT_LENGTH],
        text=text,
        html=html,
        headers=dict(headers or {}),
        urgent=urgent,
        created_at=at,
        next_try_at=at,
        give_up_at=at + (URGENT_FOR if urgent else timedelta(days=settings.MAIL_TRIED_DAYS)),
    )
    if urgent and settings.MAIL_AT_ONCE:
        transaction.on_commit(wake)
    return message


def one_line(text: str) -> str:
    """Join the lines of a text and leave out what cannot be seen: in a subject it would be a header of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
