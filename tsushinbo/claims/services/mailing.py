"""Mails of this room: one text, whose first line is the subject, and the same as HTML with its links made live."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from tsushinbo.mail.services import queue


def mail(name: str, *, to: str, context: dict[str, Any], at: datetime) -> None:
    """Put the mail ``name`` in the queue; it goes out when the caller's transaction stands."""
    subject, _, body = render_to_string(f"claims/mail/{name}.txt", context).strip().partition("\n")
    html = render_to_string("accounts/mail/frame.html", {"subject": subject, "body": body.strip()})
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}"
    queue(to=to, subject=subject, text=body.strip(), html=html, urgent=True, at=at)
