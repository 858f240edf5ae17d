"""What every change of a claim does: write the row, add the step, tell who is concerned."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from tsushinbo.accounts.models import User
from tsushinbo.claims.errors import ClaimMoved
from tsushinbo.claims.models import Checker, Claim, ClaimStep
from tsushinbo.moderation.models import Deed
from tsushinbo.moderation.services.log import record
from tsushinbo.notices.models import Kind
from tsushinbo.notices.services import tell
from tsushinbo.people.models import Delegate, Politician


def lock(claim: Claim) -> Claim:
    """The claim as it is now, which nobody else changes until the end of the transaction."""
    locked = Claim.objects.select_for_update(of=("self",)).select_related("politician", "user").filter(pk=claim.pk)
    found = locked.first()
    if found is None:
        raise ClaimMoved
    return found


def lock_politician(politician_id: int) -> None:
    """Let whoever asks who speaks for a politician, and decides by the answer, follow each other. Taken after the claim, before who speaks."""
    Politician.objects.select_for_update(no_key=True, of=("self",)).get(pk=politician_id)


def move(
    claim: Claim, state: Claim.State, *, by: User | None, at: datetime, role: Checker | None = None, words: str = ""
) -> None:
    """Bring a claim into a state, and add the step. What was set on the row before is written with it."""
    claim.state, claim.changed_at = state, at
    if state not in {Claim.State.CODE_SENT, *Claim.AT_DESK}:
        claim.address = ""
    claim.save()
    ClaimStep.objects.create(claim=claim, state=state, at=at, by=by, role=role or "", words=words)


def record_claim(claim: Claim, deed: Deed, *, by: User | None, at: datetime, note: str = "") -> None:
    """Put what became of a claim on record. by: None is the site itself, which verifies by a code alone and ends what has no account left."""
    waited = int((at - claim.proved_at).total_seconds()) if claim.proved_at and deed != Deed.CLAIM_ENDED else None
    record(actor=by, deed=deed, subject=claim, at=at, note=note, waited=waited)


def tell_claimant(claim: Claim, title: str, *, text: str = "", at: datetime) -> None:
    """Put it into the claimant's bell."""
    tell(users=[claim.user_id], kind=Kind.CLAIM, title=title, url=claim.get_absolute_url(), text=text, at=at)


def tell_office(politician: Politician, title: str, *, spare: Iterable[int] = (), at: datetime) -> None:
    """Put it into the bell of everybody who speaks for the politician."""
    users = set(Delegate.objects.filter(politician=politician).values_list("user_id", flat=True)) - set(spare)
    if users:
        url = reverse("site:politician", args=[politician.pk])
        tell(users=users, kind=Kind.CLAIM, title=title, url=url, at=at)
