"""Who casts a ballot without an account: a random number in a signed cookie, made at the first accepted ballot and not before."""

from tsushinbo.accounts.numbered import BITS, RENEWED_AFTER, TICKET_LIVES, Bearer, NumberedCookie

__all__ = [
    "BITS",
    "RENEWED_AFTER",
    "TICKET_FIELD",
    "TICKET_LIVES",
    "Voter",
    "identify",
    "known",
    "remember",
    "returning",
    "ticket",
]

TICKET_FIELD = "ticket"
Voter = Bearer
_cookie = NumberedCookie(setting="VOTER_COOKIE", salt="tsushinbo.voter", field=TICKET_FIELD)
known, returning, identify = _cookie.known, _cookie.returning, _cookie.identify
ticket, remember = _cookie.ticket, _cookie.remember
