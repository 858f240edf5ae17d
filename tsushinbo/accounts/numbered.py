"""A random number in a signed cookie, by which a browser is known again without an account: made with the first accepted deed, not before.

Each use has a cookie and a salt of its own, so that what is done under one number cannot be joined with what is done under another.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

BITS = 63  # fits a BIGINT
# A cookie older than this is written anew with the next deed, so that it does not run out while it is used.
RENEWED_AFTER = timedelta(days=30)
TICKET_LIVES = timedelta(days=7)


@dataclass(frozen=True)
class Bearer:
    """A browser's number, and whether it has yet to be given (or given anew) the cookie that holds it."""

    number: int
    owed_cookie: bool


@dataclass(frozen=True)
class NumberedCookie:
    """One kind of such numbers. ``setting``: the beginning of the settings _NAME and _AGE; ``field``: what a ticket is called in a form."""

    setting: str
    salt: str
    field: str

    def known(self, request: HttpRequest) -> int | None:
        """Return the number in the cookie; None without one, or when it was tampered with."""
        return _number(request.get_signed_cookie(self._name, default=None, salt=self.salt))

    def returning(self, request: HttpRequest) -> Bearer | None:
        """Return who sends this form as far as it is known: by the cookie, else by the ticket in the form."""
        number = self.known(request)
        if number is not None:
            fresh = request.get_signed_cookie(self._name, default=None, salt=self.salt, max_age=RENEWED_AFTER)
            return Bearer(number, owed_cookie=fresh is None)
        ticket = self._from_ticket(request.POST.get(self.field, ""))
        return None if ticket is None else Bearer(ticket, owed_cookie=True)

    def identify(self, request: HttpRequest) -> Bearer:
        """Return who sends this form, a new number when nothing says."""
        return self.returning(request) or Bearer(secrets.randbits(BITS), owed_cookie=True)

    def ticket(self, request: HttpRequest, bearer: Bearer | None = None) -> str:
        """Return a ticket for a form that is shown to this one visitor; "" for who has the cookie.

        It holds, signed, the number of ``bearer``, or the one that the visitor's first deed will get. So a double tap before the cookie came, a
        second try after an answer was lost on the way, and a browser that keeps no cookies are one person as long as the form is open.
        Nothing is stored, and no cookie is set by looking at a page.
        """
        if self.known(request) is not None:
            return ""
        bearer = bearer or self.identify(request)
        return self._tickets.sign(str(bearer.number))

    def remember(self, response: HttpResponse, request: HttpRequest, bearer: Bearer) -> None:
        """Give the cookie with this answer where it is owed."""
        if bearer.owed_cookie:
            response.set_signed_cookie(
                self._name,
                str(bearer.number),
                salt=self.salt,
                max_age=getattr(settings, f"{self.setting}_AGE"),
                httponly=True,
                samesite="Lax",
                secure=settings.HTTPS or request.is_secure(),
            )

    @property
    def _name(self) -> str:
        return str(getattr(settings, f"{self.setting}_NAME"))

    @property
    def _tickets(self) -> TimestampSigner:
        return TimestampSigner(salt=f"{self.salt}.ticket")

    def _from_ticket(self, text: str) -> int | None:
        try:
            return _number(self._tickets.unsign(text, max_age=TICKET_LIVES))
        except BadSignature:
            return None


def _number(text: str | None) -> int | None:
    # The signature says that we wrote it; the check keeps a value of an older form of the cookie out of the database.
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if number < 1 << BITS else None
