"""What holds for every answer that depends on who asks."""

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

type Handler = Callable[[HttpRequest], HttpResponseBase]

NOTED_EVERY = timedelta(minutes=10)
# Passkeys need powers that the rest of the site gives up (site/middleware.py).
PASSKEYS = "publickey-credentials-create=(self), publickey-credentials-get=(self)"


def private_pages(next_handler: Handler) -> Handler:
    """Let no cache hold an answer that read the session, and note that the session is in use.

    Whether a session was read is asked after the view: a public page, which reads none, stays public, cookie or not.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = next_handler(request)
        if request.resolver_match and request.resolver_match.route.startswith("accounts/"):
            response.headers["Permissions-Policy"] = PASSKEYS
            response.headers["Cache-Control"] = "no-store"
        if request.session.accessed:
            response.headers["Cache-Control"] = "no-store"
            if request.user.is_authenticated and request.session.session_key:
                _note_use(request.session.session_key)
        return response

    return handle


def _note_use(session_key: str) -> None:
    """Write when a session was last used, but not at every page."""
    now = timezone.now()
    due = UserSession.objects.filter(session_key=session_key, last_seen_at__lt=now - NOTED_EVERY)
    if due.exists():  # an update that hits nothing would take the write lock all the same
        due.update(last_seen_at=now)
