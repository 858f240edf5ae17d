"""What moderators decide on claims, and the end of a verification.

Each names the version that was read, so that two never decide the same; each is a line of the record in the same transaction.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.claims.errors import ClaimMoved, ClaimRefused, NotAModerator, OwnClaim
from tsushinbo.claims.models import Checker, Claim, ClaimReason
from tsushinbo.claims.queries.claims import has_part, last_holder_gone
from tsushinbo.claims.services.granting import grant
from tsushinbo.claims.services.steps import lock, lock_politician, move, record_claim, tell_claimant
from tsushinbo.moderation.models import Deed
from tsushinbo.people.models import Delegate
from tsushinbo.people.services import remove_delegate


def decide_claim(
    *,
    claim: Claim,
    verify: bool,
    by: User,
    seen: str,
    at: datetime,
    reason: ClaimReason | None = None,
    note: str = "",
    end_others: bool = False,
) -> Claim:
    """Verify or refuse a claim that waits. seen: its version as it was read. note: the claimant reads it.

    end_others: the other accounts of the politician speak no longer (引き継ぎ, or an impostor was verified before). Raises NotAModerator,
    OwnClaim, ClaimMoved, and ClaimRefused where a refusal gives no reason.
    """
    role = _role_of(by)
    with transaction.atomic():
        claim = lock(claim)
        if has_part(by, claim):
            raise OwnClaim
        if not claim.is_at_desk or claim.version != seen:
            raise ClaimMoved
        claim.note, claim.decided_at, claim.decided_by = note, at, by
        if verify:
            lock_politician(claim.politician_id)
            if end_others:
                _end_others(claim, by=by, role=role, at=at)
            grant(claim, checker=role, by=by, at=at, words=note)
            return claim
        if reason is None:
            raise ClaimRefused({"reason": "理由が選ばれていません。申請した人に伝える理由を選んでください。"})
        claim.reason = reason
        move(claim, Claim.State.REFUSED, by=by, role=role, at=at, words=note)
        tell_claimant(claim, f"{claim.politician.name}さんの本人確認はできませんでした", text=_told(claim), at=at)
        record_claim(claim, Deed.CLAIM_REFUSED, by=by, at=at, note=note)
        return claim


def end_verification(*, claim: Claim, by: User, seen: str, reason: ClaimReason, at: datetime, note: str = "") -> Claim:
    """Let a verified account speak for the politician no longer; what it said stays said. Moderators may, and the claimant for itself.

    Where no verified account is left, nobody of the team speaks either. Raises NotAModerator, OwnClaim, ClaimMoved.
    """
    own = claim.user_id == by.pk
    role = None if own else _role_of(by)
    with transaction.atomic():
        claim = lock(claim)
        if not own and has_part(by, claim):
            raise OwnClaim
        if claim.state != Claim.State.VERIFIED or claim.version != seen:
            raise ClaimMoved
        _end(claim, by=by, role=role, reason=reason, note=note, at=at)
        dissolve_team(claim.politician_id, by=by, at=at)
        record_claim(claim, Deed.CLAIM_ENDED, by=by, at=at, note=note)
        return claim


def dissolve_team(politician_id: int, *, by: User | None, at: datetime) -> None:
    """Where no verified account is left, let those whom it had let in speak no longer."""
    if last_holder_gone(politician_id):
        _remove_all(Delegate.objects.filter(politician=politician_id), by=by, at=at)


def _end_others(claim: Claim, *, by: User, role: Checker, at: datetime) -> None:
    others = Claim.objects.select_for_update(of=("self",)).select_related("politician", "user")
    for other in others.filter(politician=claim.politician_id, state=Claim.State.VERIFIED).order_by("pk"):
        _end(other, by=by, role=role, reason=ClaimReason.TRANSFERRED, note="", at=at)
        record_claim(other, Deed.CLAIM_ENDED, by=by, at=at)
    _remove_all(Delegate.objects.filter(politician=claim.politician_id).exclude(user=claim.user_id), by=by, at=at)


def _remove_all(delegates: QuerySet[Delegate], *, by: User | None, at: datetime) -> None:
    for delegate in delegates.select_related("user", "politician"):
        remove_delegate(delegate, by=by, at=at)


def _end(claim: Claim, *, by: User, role: Checker | None, reason: ClaimReason, note: str, at: datetime) -> None:
    claim.reason, claim.note, claim.decided_at, claim.decided_by = reason, note, at, by
    move(claim, Claim.State.ENDED, by=by, role=role, at=at, words=note)
    Delegate.objects.filter(user=claim.user_id, politician=claim.politician_id).delete()
    if by.pk != claim.user_id:
        tell_claimant(claim, f"{claim.politician.name}さんの本人確認を終えました", text=_told(claim), at=at)


def _told(claim: Claim) -> str:
    return f"理由：{claim.get_reason_display()}。{claim.note}"


def _role_of(by: User) -> Checker:
    """In which role somebody decides."""
    if holds_role(by, Role.ADMINISTRATOR):
        return Checker.ADMINISTRATOR
    if holds_role(by, Role.MODERATOR):
        return Checker.MODERATOR
    raise NotAModerator
