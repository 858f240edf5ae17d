"""What the pages where members write pledges share: who asks, of whose pledges, and what comes of a refusal."""

from http import HTTPStatus

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from tsushinbo import addresses
from tsushinbo.accounts.access import used_second_factor
from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import Refusal
from tsushinbo.people.models import Party, Politician
from tsushinbo.people.queries import listed, speaks_for
from tsushinbo.pledges.errors import DraftGone, MayNotWrite, NotAnEditor, PledgeMoved
from tsushinbo.pledges.models import PledgeDraft
from tsushinbo.pledges.queries.contributions import may_write_at_once, own_drafts

CRUMB = ("公約", "site:pledges")


def owner_asked(request: HttpRequest) -> Politician | Party | None:
    """Whose pledges the address or the form names; None where it names nobody, 404 where there is no such."""
    for source in (request.GET, request.POST):
        if given := source.get("politician"):
            return get_object_or_404(listed(), pk=addresses.decode_or_404(given))
        if given := source.get("party"):
            return get_object_or_404(
                Party.objects.exclude(kind=Party.Kind.INDEPENDENT), pk=addresses.decode_or_404(given)
            )
    return None


def whose(owner: Politician | Party) -> str:
    """The owner in a query string: politician=3k9z0m7xqd."""
    return f"{'politician' if isinstance(owner, Politician) else 'party'}={addresses.encode(owner.pk)}"


def writes_at_once(request: HttpRequest, account: User | None, owner: Politician | Party) -> bool:
    """Whether what is sent is public at once. The role of an editor holds only where a second factor was shown; else it is a member's."""
    if account is None or not may_write_at_once(account, owner):
        return False
    return used_second_factor(request) or (isinstance(owner, Politician) and speaks_for(account, owner))


def find_draft(account: User, text: str, *, rows: bool) -> PledgeDraft | None:
    """The draft of a new pledge (rows: of a list) that a form says it is of. Raises DraftGone."""
    if not text:
        return None
    try:
        pk = addresses.decode(text)
    except ValueError:
        raise DraftGone from None
    draft = own_drafts(account).filter(pledge=None, rows__isnull=not rows, pk=pk).first()
    if draft is None:
        raise DraftGone
    return draft


def status_of(refusal: RuleBroken | Refusal) -> int:
    """The status of a page that says why nothing was recorded."""
    if isinstance(refusal, Refusal):
        return refusal.status
    if isinstance(refusal, DraftGone | PledgeMoved):
        return HTTPStatus.CONFLICT
    if isinstance(refusal, MayNotWrite | NotAnEditor):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.UNPROCESSABLE_ENTITY


def crumbs(*further: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way to a page of this room."""
    return [(CRUMB[0], reverse(CRUMB[1])), *further]
