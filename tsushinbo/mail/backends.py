"""Where Django's mail goes: into the queue; and, while the operator has named no mail server, from there into the log, readable."""

import logging
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from tsushinbo.mail.services import queue

logger = logging.getLogger(__name__)


class QueueBackend(BaseEmailBackend):
    """Takes every mail into the queue, a row for each address, so that no receiver sees another."""

    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take them in and return how many there were. Raises ValueError for a mail with files attached."""
        for message in email_messages:
            if message.attachments:
                raise ValueError("the mail queue takes no attachments")
            for receiver in message.recipients():
                queue(
                    to=parseaddr(receiver)[1],
                    subject=str(message.subject),
                    text=str(message.body),
                    html=_html_of(message),
                    headers=_headers_of(message),
                    sender="" if message.from_email == settings.DEFAULT_FROM_EMAIL else str(message.from_email),
                    urgent=True,
                    at=timezone.now(),
                )
        return len(email_messages)


class LogBackend(BaseEmailBackend):
    """Writes the plain text of each mail to the log. Django's console backend would write subject and body in transfer encoding."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Log every message and return how many there were."""
        for message in email_messages:
            logger.info("mail to %s: %s", ", ".join(message.to), message.subject, extra={"below": message.body})
        return len(email_messages)


def _html_of(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    return next((str(content) for content, kind in message.alternatives if kind == "text/html"), "")


def _headers_of(message: EmailMessage) -> dict[str, str]:
    headers: dict[str, Any] = {name: str(value) for name, value in message.extra_headers.items()}
    if message.reply_to:
        headers["Reply-To"] = ", ".join(map(str, message.reply_to))
    return headers
