"""What the pages of this room have in common."""

from http import HTTPStatus

from django.http import HttpResponse

from tsushinbo.accounts.services import TooMany
from tsushinbo.claims.errors import ClaimRefused
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import Busy, SeeOther, later
from tsushinbo.moderation.forms import VisitorForm


def see_other(address: str, done: str = "") -> HttpResponse:
    """303: look there, by GET. done: what was just done, in a word of the page's list."""
    return SeeOther(f"{address}?done={done}" if done else address)


def words_of(refusal: RuleBroken, form: VisitorForm) -> str:
    """Put what can be mended beside its field of the form, and return what cannot."""
    if isinstance(refusal, ClaimRefused):
        form.refuse(refusal.faults)
        return ""
    if isinstance(refusal, TooMany):
        return later(refusal, kept="")
    return refusal.message


def status_of(refusal: RuleBroken | None) -> int:
    """The status of an answer that shows the form again."""
    if isinstance(refusal, Busy):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.TOO_MANY_REQUESTS if isinstance(refusal, TooMany) else HTTPStatus.UNPROCESSABLE_ENTITY
