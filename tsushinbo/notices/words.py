"""The mail that tells what is new, in plain text and HTML, with the way to end it (RFC 8058)."""

from collections.abc import Sequence
from typing import TypedDict

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from tsushinbo.notices.models import Notice
from tsushinbo.notices.tickets import ticket

# A mail says no more than a reader looks through; the bell has the rest.
SHOWN = 50


class Written(TypedDict):
    """What the queue of mail takes."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


def written(notices: Sequence[Notice], user_id: int, *, left_out: int = 0) -> Written:
    """Write the mail that tells one person ``notices``, the newest first. left_out: how many more are in the bell alone, because of a campaign."""
    stop = full(reverse("notices:stop", args=[ticket(user_id)]))
    [first, *others] = notices
    subject = f"{first.get_kind_display()}：{first.title}"
    context = {
        "site": settings.SITE_URL,
        "notices": notices[:SHOWN],
        "more": max(0, len(notices) - SHOWN),
        "left_out": left_out,
        "bell": full(reverse("notices:bell")),
        "choose": full(reverse("notices:mail")),
        "stop": stop,
    }
    return {
        "subject": f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject if not others else f'お知らせが{len(notices)}件あります'}",
        "text": render_to_string("notices/mail/news.txt", context).strip() + "\n",
        "html": render_to_string("notices/mail/news.html", context),
        "headers": {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    }


def full(path: str) -> str:
    """The whole address of a path of this site, for who reads it elsewhere."""
    return f"{settings.SITE_URL}{path}"
