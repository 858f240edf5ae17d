"""Sending what is due. A mail that fails stays and is tried again, ever more seldom, until it went or its time is over.

A row is claimed before the server is spoken to and settled right after, each in a transaction of its own: two workers never send the same
one at once, and of a batch that is cut off nothing is sent twice but perhaps the one that was on its way.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from tsushinbo.mail.models import FAULT_LENGTH, Message
from tsushinbo.mail.queries import due

# Longer than a server can take to answer (env.mail_server: ten seconds for each step).
LEASE = timedelta(minutes=10)
# Leases are counted from the beginning of a round: one that is taken up as late as this still outlasts the server's answer.
LONGEST_ROUND = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
# Codes of SMTP from here on say that another try would be answered the same.
FOR_GOOD = 500
EMPTIED = {"text": "", "html": "", "headers": {}}
logger = logging.getLogger(__name__)


@dataclass
class Round:
    """What became of the mails of one round."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


def deliver_due(*, at: datetime, urgent_only: bool = False, most: int = 1000) -> Round:
    """Send what is due at ``at``, ``most`` mails at most. A round ends where the server cannot be reached: the others would wait for it as long, and
    after LONGEST_ROUND. ``at`` is the moment of the call.
    """
    done = Round()
    if not due(at, urgent_only=urgent_only).exists():  # a claim takes the write lock
        return done
    transport: BaseEmailBackend = mailers["transport"]
    sent_before, ends = done.sent, monotonic() + LONGEST_ROUND.total_seconds()
    try:
        for _ in range(most):
            if monotonic() >= ends:
                break
            message = _claim(at, urgent_only, done)
            if message is None:
                break
            try:
                transport.open()
                transport.send_messages([compose(message)])
            except (SMTPRecipientsRefused, SMTPDataError, ValueError) as fault:
                _fail(message, fault, at, done, for_good=_for_good(fault))
            except (SMTPException, OSError) as fault:
                _fail(message, fault, at, done, for_good=False)
                _close(transport)
                if done.sent == sent_before:
                    break
                # Many servers end a connection after some dozens of mails; a new one may go on.
                sent_before = done.sent
            except Exception as fault:
                # An outermost door: a mail that nothing can be made of must not hold up those behind it.
                logger.exception("mail %s could not be written", message.pk)
                _fail(message, fault, at, done, for_good=False)
            else:
                _settle(message, sent_at=at, last_fault="", **EMPTIED)
                done.sent += 1
    finally:
        _close(transport)
    return done


def retry_now(*, messages: list[int], at: datetime) -> int:
    """Let mails that wait for their next try be tried in the next round; return how many there were. One that is being sent keeps its lease."""
    waiting = Message.objects.filter(
        pk__in=messages, sent_at=None, given_up_at=None, next_try_at__gt=at, last_fault__gt=""
    )
    return waiting.update(next_try_at=at)


def compose(message: Message) -> EmailMultiAlternatives:
    """Make the mail of a row."""
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        message.sender or settings.DEFAULT_FROM_EMAIL,
        [message.to],
        headers=message.headers,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def _claim(at: datetime, urgent_only: bool, done: Round) -> Message | None:
    """Take the next mail up, for LEASE; None where no more are due. Those whose time is over are given up on the way."""
    while True:
        with transaction.atomic():
            waiting = due(at, urgent_only=urgent_only).select_for_update(skip_locked=True)
            message = waiting.order_by("-urgent", "next_try_at", "pk").first()
            if message is None:
                return None
            if message.give_up_at <= at:
                _settle(message, given_up_at=at, **EMPTIED)
                done.given_up += 1
                continue
            message.attempts += 1
            message.next_try_at = at + LEASE
            message.save(update_fields=["attempts", "next_try_at"])
            return message


def _fail(message: Message, fault: Exception, at: datetime, done: Round, *, for_good: bool) -> None:
    said = " ".join(f"{type(fault).__name__}: {fault}".split())[:FAULT_LENGTH]
    logger.warning("mail %s was not sent at attempt %s: %s", message.pk, message.attempts, said)
    if for_good:
        _settle(message, given_up_at=at, last_fault=said, **EMPTIED)
        done.given_up += 1
    else:
        pause = min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 20), LONGEST_PAUSE)
        _settle(message, next_try_at=at + pause, last_fault=said)
        done.failed += 1


def _settle(message: Message, **columns: object) -> None:
    Message.objects.filter(pk=message.pk, sent_at=None, given_up_at=None).update(**columns)


def _for_good(fault: Exception) -> bool:
    """Whether every further try would be answered the same."""
    if isinstance(fault, SMTPRecipientsRefused):
        return all(code >= FOR_GOOD for code, _ in fault.recipients.values())
    if isinstance(fault, SMTPResponseException):
        return int(fault.smtp_code) >= FOR_GOOD
    return True


def _close(transport: BaseEmailBackend) -> None:
    try:
        transport.close()
    except (SMTPException, OSError) as fault:
        logger.debug("the mail server did not take the good-bye: %s", fault)
