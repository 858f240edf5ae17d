"""Reads of claims: the claimant's own, and those that moderators decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.claims.domains import Link, host_of
from tsushinbo.claims.models import Claim, ClaimStep, Invitation
from tsushinbo.moderation.queries import Elsewhere
from tsushinbo.people.models import Delegate, OfficialLink, Politician

SETTLED_SHOWN = 20


def claim_of(user: User, politician: Politician) -> Claim | None:
    """The account's newest claim on a politician, whatever became of it."""
    return Claim.objects.filter(user=user, politician=politician).order_by("-opened_at", "-pk").first()


def verified_claim(user: User, politician: Politician) -> Claim | None:
    """The claim by which an account speaks for a politician; None for one of the team, and for one that staff recorded."""
    return Claim.objects.filter(user=user, politician=politician, state=Claim.State.VERIFIED).first()


def delegate_of(user: User, politician: Politician) -> Delegate | None:
    """As whom an account speaks for a politician."""
    return Delegate.objects.select_related("user", "politician").filter(user=user, politician=politician).first()


def links_of(politician: Politician) -> list[Link]:
    """The pages on record for a politician, and whether others have a page on the same host. Two queries."""
    urls = list(OfficialLink.objects.filter(politician=politician).order_by("url").values_list("url", flat=True))
    hosts = {host for url in urls if (host := host_of(url)) is not None}
    if not hosts:
        return []
    # A wider net than needed (//host may go on with other letters), drawn tight below.
    near = Q()
    for host in hosts:
        near |= Q(url__icontains=host)
    others = OfficialLink.objects.filter(near).exclude(politician=politician).order_by()
    taken = {host_of(url) for url in others.values_list("url", flat=True)}
    return [Link(url, shared=host_of(url) in taken) for url in urls]


def others_on(claim: Claim) -> bool:
    """Whether another account speaks for the politician, or has a claim that moderators look at."""
    other = Q(politician=claim.politician_id) & ~Q(user=claim.user_id)
    return (
        Delegate.objects.filter(other).exists()
        or Claim.objects.filter(other, state__in=[*Claim.AT_DESK, Claim.State.VERIFIED]).exists()
    )


def claims_at_desk() -> QuerySet[Claim]:
    """What waits for moderators, the longest first, with what a row of the list says."""
    rows = Claim.objects.filter(state__in=Claim.AT_DESK).select_related("politician", "user")
    return rows.order_by("proved_at", "pk")


def claims_waiting(*, user: User, at: datetime) -> Elsewhere | None:
    """What the desk of moderators says of claims (settings.MODERATION_QUEUES); None for who may not decide them."""
    if not holds_role(user, Role.MODERATOR, Role.ADMINISTRATOR):
        return None
    found = Claim.objects.filter(state__in=Claim.AT_DESK).aggregate(count=Count("pk"), oldest=Min("proved_at"))
    return Elsewhere("本人確認の申請", reverse("claims:desk"), found["count"], found["oldest"])


def claims_since(*, after: datetime, until: datetime) -> tuple[str, int]:
    """What moderators are warned of (settings.MODERATION_WARNED): how many claims wait since a moment in this time, and what they are called."""
    waiting = Claim.objects.filter(state__in=Claim.AT_DESK, proved_at__gt=after, proved_at__lte=until)
    return "本人確認の申請", waiting.count()


def settled_claims() -> list[Claim]:
    """What was decided lately, and what a code verified without them: the newest first."""
    states = (Claim.State.VERIFIED, Claim.State.REFUSED, Claim.State.ENDED)
    rows = Claim.objects.filter(state__in=states).select_related("politician", "decided_by")
    return list(rows.order_by("-changed_at", "-pk")[:SETTLED_SHOWN])


@dataclass(frozen=True)
class Desk:
    """A claim with all that a moderator needs to decide it. ``own``: the moderator has a part in it."""

    claim: Claim
    steps: list[ClaimStep]
    rivals: list[Claim]
    delegates: list[Delegate]
    links: list[OfficialLink]
    own: bool


def find_for_desk(claim_id: int, moderator: User) -> Desk | None:
    """Read a claim for a moderator: five queries. None where there is none."""
    claim = Claim.objects.select_related("politician", "user", "decided_by").filter(pk=claim_id).first()
    if claim is None:
        return None
    rivals = Claim.objects.filter(politician=claim.politician_id).exclude(pk=claim.pk).select_related("user")
    delegates = list(
        Delegate.objects.filter(politician=claim.politician_id).select_related("user").order_by("since", "pk")
    )
    return Desk(
        claim=claim,
        steps=list(claim.steps.select_related("by").order_by("at", "pk")),
        rivals=list(rivals.order_by("-opened_at", "-pk")[:SETTLED_SHOWN]),
        delegates=delegates,
        links=list(OfficialLink.objects.filter(politician=claim.politician_id).order_by("title", "url")),
        own=claim.user_id == moderator.pk or any(row.user_id == moderator.pk for row in delegates),
    )


def has_part(moderator: User, claim: Claim) -> bool:
    """Whether a moderator made the claim, or speaks for the politician."""
    return (
        claim.user_id == moderator.pk
        or Delegate.objects.filter(user=moderator, politician=claim.politician_id).exists()
    )


def last_holder_gone(politician: int) -> bool:
    """Whether nobody who was verified is left."""
    return not Delegate.objects.filter(politician=politician, role=Delegate.Role.HOLDER).exists()


def exported(user: User) -> dict[str, Sequence[dict[str, Any]]]:
    """Everything the site keeps of an account's claims and invitations, for its owner."""
    claims = Claim.objects.filter(user=user).select_related("politician").order_by("opened_at", "pk")
    invitations = Invitation.objects.filter(invited_by=user).order_by("invited_at", "pk")
    return {
        "claims": [
            {
                "politician": addresses.encode(row.politician_id),
                "name": row.politician.name,
                "claimant": row.claimant,
                "position": row.position,
                "statement": row.statement,
                "state": row.state,
                "way": row.way,
                "proof": row.proof,
                "address": row.address,
                "opened_at": row.opened_at,
                "verified_at": row.verified_at,
                "checker": row.checker,
                "decided_at": row.decided_at,
                "reason": row.reason,
                "note": row.note,
                "steps": list(row.steps.order_by("at", "pk").values("state", "at", "words")),
            }
            for row in claims.prefetch_related("steps")
        ],
        "invitations": [
            {
                "politician": addresses.encode(row.politician_id),
                "address": row.address,
                "invited_at": row.invited_at,
                "expires_at": row.expires_at,
                "accepted_at": row.accepted_at,
                "withdrawn_at": row.withdrawn_at,
            }
            for row in invitations
        ],
    }
