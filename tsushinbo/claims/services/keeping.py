"""What is thrown away: codes after a day, invitations that are over, and what a closed account claimed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.claims.models import Checker, Claim, ClaimCode, ClaimReason, Invitation
from tsushinbo.claims.services.deciding import dissolve_team
from tsushinbo.claims.services.proving import ONE_DAY
from tsushinbo.claims.services.steps import lock, move, record_claim
from tsushinbo.moderation.models import Deed
from tsushinbo.people.models import Delegate


def forget_expired_codes(*, at: datetime) -> int:
    """Delete codes a day after they were mailed, and invitations that nobody used; return how many.

    Claims of which nothing came in a month are taken back, with the address they name; the verification of who was taken back in the admin ends.
    """
    gone = ClaimCode.objects.filter(sent_at__lt=at - ONE_DAY).delete()[0]
    over = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__lte=at)
    gone += over.delete()[0]
    for claim in Claim.objects.filter(state__in=Claim.UNPROVED, changed_at__lt=at - 30 * ONE_DAY):
        with transaction.atomic():
            now = lock(claim)
            if now.is_open and now.changed_at == claim.changed_at:
                move(now, Claim.State.WITHDRAWN, by=None, at=at)
                gone += 1
    return gone + _end_without_delegate(at)


def _end_without_delegate(at: datetime) -> int:
    speaks = Delegate.objects.filter(user=OuterRef("user"), politician=OuterRef("politician"))
    ended = 0
    for claim in Claim.objects.filter(~Exists(speaks), state=Claim.State.VERIFIED):
        with transaction.atomic():
            now = lock(claim)
            if now.state == Claim.State.VERIFIED:
                # ``checker`` stays who verified it; the step says who ended it.
                now.reason, now.decided_at = ClaimReason.OTHER, at
                move(now, Claim.State.ENDED, by=None, role=Checker.ADMINISTRATOR, at=at)
                record_claim(now, Deed.CLAIM_ENDED, by=None, at=at)
                ended += 1
    return ended


@transaction.atomic
def close_claims(user: User) -> None:
    """What becomes of an account's claims when it is closed: it speaks for nobody, a verification ends, and what never was one is deleted."""
    at = timezone.now()
    held = list(Delegate.objects.filter(user=user).values_list("politician_id", flat=True))
    for claim in Claim.objects.filter(user=user, state=Claim.State.VERIFIED):
        claim.reason, claim.decided_at, claim.decided_by = ClaimReason.REQUESTED, at, user
        move(claim, Claim.State.ENDED, by=user, at=at)
        record_claim(claim, Deed.CLAIM_ENDED, by=user, at=at)
    Delegate.objects.filter(user=user).delete()
    for politician_id in held:
        dissolve_team(politician_id, by=None, at=at)
    Claim.objects.filter(user=user, verified_at=None).delete()
    Invitation.objects.filter(invited_by=user, accepted_at=None).delete()
