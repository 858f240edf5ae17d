"""Where mail goes while the operator has named no mail server: into the log, readable, so that a trial needs none."""

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)


class LogBackend(BaseEmailBackend):
    """Writes the plain text of each mail to the log. Django's console backend would write subject and body in transfer encoding."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Log every message and return how many there were."""
        for message in email_messages:
            logger.info("mail to %s: %s\n%s", ", ".join(message.to), message.subject, message.body)
        return len(email_messages)
