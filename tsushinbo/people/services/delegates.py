"""Writes of the accounts that speak for a politician."""

from datetime import datetime

from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.people.models import Delegate, Politician


class AlreadyADelegate(RuleBroken):
    """The account speaks for this politician already."""

    message = "この利用者は、すでにこの政治家の本人・事務所のアカウントとして登録されています。"


def record_delegate(
    *,
    user: User,
    politician: Politician,
    recorded_by: User,
    role: Delegate.Role = Delegate.Role.HOLDER,
    at: datetime,
) -> Delegate:
    """Let an account speak for a politician from ``at`` on; for one that was merged into another, for that other.

    Who checked that it is the politician's is ``recorded_by``. A member of the team may become a holder. Raises AlreadyADelegate.
    """
    delegate, made = Delegate.objects.get_or_create(
        user=user,
        politician=politician.merged_into or politician,
        defaults={"role": role, "since": at, "recorded_by": recorded_by},
    )
    if not made and (delegate.role, role) == (Delegate.Role.TEAM, Delegate.Role.HOLDER):
        delegate.role, delegate.since, delegate.recorded_by = role, at, recorded_by
        delegate.save(update_fields=["role", "since", "recorded_by"])
        return delegate
    if not made:
        raise AlreadyADelegate
    return delegate


def remove_delegate(delegate: Delegate) -> None:
    """Let an account no longer speak for a politician. What it said in the politician's name stays said."""
    delegate.delete()
