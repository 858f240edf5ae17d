"""Verifying a claim, from whichever side it comes."""

from datetime import datetime

from tsushinbo.accounts.models import User
from tsushinbo.claims.models import Checker, Claim
from tsushinbo.claims.services.steps import move, record_claim, tell_claimant, tell_office
from tsushinbo.moderation.models import Deed
from tsushinbo.people.models import Delegate
from tsushinbo.people.services import record_delegate


def grant(claim: Claim, *, checker: Checker, by: User | None, at: datetime, words: str = "") -> None:
    """Verify a locked claim: its account speaks for the politician from now on, and may let others in."""
    claim.verified_at, claim.checker = at, checker
    if by is not None:
        claim.decided_at, claim.decided_by = at, by
    move(claim, Claim.State.VERIFIED, by=by, role=checker, at=at, words=words)
    record_delegate(
        user=claim.user,
        politician=claim.politician,
        recorded_by=by or claim.user,
        role=Delegate.Role.HOLDER,
        claimed=True,
        at=at,
    )
    record_claim(claim, Deed.CLAIM_VERIFIED, by=by, at=at, note=words)
    tell_claimant(claim, f"{claim.politician.name}さんの本人確認が済みました", text=words, at=at)
    title = f"{claim.politician.name}さんの本人・事務所のアカウントが1つ加わりました"
    tell_office(claim.politician, title, spare=[claim.user_id], at=at)
