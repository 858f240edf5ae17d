"""Who casts a ballot without an account: a random number in a signed cookie, made at the first accepted ballot and not before."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

BITS = 63  # fits a BIGINT
# A cookie older than this is written anew with the next ballot, so that it does not run out while it is used.
RENEWED_AFTER = timedelta(days=30)
TICKET_FIELD = "ticket"
TICKET_LIVES = timedelta(days=7)
_SALT = "tsushinbo.voter"
_tickets = TimestampSigner(salt="tsushinbo.voter.ticket")


@dataclass(frozen=True)
class Voter:
    """A voter's number, and whether the browser has yet to be given (or given anew) the cookie that holds it."""

    number: int
    owed_cookie: bool


def known(request: HttpRequest) -> int | None:
    """Return the number in the voter's cookie; None without one, or when it was tampered with."""
    return _number(request.get_signed_cookie(settings.VOTER_COOKIE_NAME, default=None, salt=_SALT))


def returning(request: HttpRequest) -> Voter | None:
    """Return who sends this form as far as it is known: by the cookie, else by the ticket in the form."""
    number = known(request)
    if number is not None:
        fresh = request.get_signed_cookie(settings.VOTER_COOKIE_NAME, default=None, salt=_SALT, max_age=RENEWED_AFTER)
        return Voter(number, owed_cookie=fresh is None)
    ticket = _from_ticket(request.POST.get(TICKET_FIELD, ""))
    return None if ticket is None else Voter(ticket, owed_cookie=True)


def identify(request: HttpRequest) -> Voter:
    """Return who sends this form, a new voter when nothing says."""
    return returning(request) or Voter(secrets.randbits(BITS), owed_cookie=True)


def ticket(request: HttpRequest, voter: Voter | None = None) -> str:
    """Return a ticket for a form that is shown to this one visitor; "" for who has the cookie.

    It holds, signed, the number of ``voter``, or the one that the visitor's first ballot will get. So a double tap before the cookie came, a
    second try after an answer was lost on the way, and a browser that keeps no cookies are one voter and one ballot as long as the form
    is open. Nothing is stored, and no cookie is set by looking at a page.
    """
    if known(request) is not None:
        return ""
    voter = voter or identify(request)
    return _tickets.sign(str(voter.number))


def remember(response: HttpResponse, request: HttpRequest, voter: Voter) -> None:
    """Give the voter the cookie with this answer where it is owed."""
    if voter.owed_cookie:
        response.set_signed_cookie(
            settings.VOTER_COOKIE_NAME,
            str(voter.number),
            salt=_SALT,
            max_age=settings.VOTER_COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.HTTPS or request.is_secure(),
        )


def _from_ticket(text: str) -> int | None:
    try:
        return _number(_tickets.unsign(text, max_age=TICKET_LIVES))
    except BadSignature:
        return None


def _number(text: str | None) -> int | None:
    # The signature says that we wrote it; the check keeps a value of an older form of the cookie out of the database.
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if number < 1 << BITS else None
