"""Writes of the mail queue: taking a message in, sending what is due, throwing away what is done."""

from tsushinbo.mail.services.delivery import Round, deliver_due, retry_now
from tsushinbo.mail.services.keeping import forget_mail_to, forget_old
from tsushinbo.mail.services.queueing import queue

__all__ = ["Round", "deliver_due", "forget_mail_to", "forget_old", "queue", "retry_now"]
