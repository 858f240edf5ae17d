"""Reads of who writes in a politician's name."""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import QuerySet

from tsushinbo.accounts.models import User
from tsushinbo.claims.models import Invitation
from tsushinbo.people.models import Delegate, Politician

TEAM_LIMIT = 10
SALT = "tsushinbo.claims.invitation"


@dataclass(frozen=True)
class Team:
    """Who writes in a politician's name, and who is invited to. ``holds``: whether who asks may change it."""

    delegates: list[Delegate]
    invitations: list[Invitation]
    holds: bool

    @property
    def is_full(self) -> bool:
        """Whether nobody else may be invited."""
        return len(self.delegates) + len(self.invitations) >= TEAM_LIMIT


def holds(user: User, politician: Politician) -> bool:
    """Whether an account was verified for a politician, and so may invite and remove."""
    return Delegate.objects.filter(user=user, politician=politician, role=Delegate.Role.HOLDER).exists()


def open_invitations(politician: Politician, at: datetime) -> QuerySet[Invitation]:
    """What was not answered yet, the newest first."""
    return Invitation.objects.filter(
        politician=politician, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at
    ).order_by("-invited_at", "-pk")


def team_of(politician: Politician, user: User, at: datetime) -> Team:
    """The team as one of its members sees it: two queries."""
    rows = Delegate.objects.filter(politician=politician).select_related("user", "recorded_by")
    delegates = list(rows.order_by("role", "since", "pk"))
    mine = any(row.user_id == user.pk and row.role == Delegate.Role.HOLDER for row in delegates)
    return Team(delegates, list(open_invitations(politician, at)), mine)


def politicians_of(user: User) -> list[Politician]:
    """The politicians an account speaks for, in 五十音 order."""
    spoken_for = Politician.objects.filter(delegates__user=user, merged_into=None)
    return list(spoken_for.order_by("kana", "name", "pk"))


def token_of(invitation: Invitation) -> str:
    """What the link of an invitation carries: its id, signed."""
    return signing.dumps(invitation.pk, salt=SALT)


def invitation_of(token: str) -> Invitation | None:
    """The invitation of a link; None where it was changed or the row is gone."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("politician", "invited_by").filter(pk=pk).first()
