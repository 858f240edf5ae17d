"""Writes of the accounts that speak for a politician."""

from datetime import datetime

from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.models import Deed
from tsushinbo.moderation.services.log import record
from tsushinbo.people.models import Delegate, Politician


class AlreadyADelegate(RuleBroken):
    """The account speaks for this politician already."""

    message = "この利用者は、すでにこの政治家の本人・事務所のアカウントとして登録されています。"


@transaction.atomic
def record_delegate(
    *,
    user: User,
    politician: Politician,
    recorded_by: User,
    role: Delegate.Role = Delegate.Role.HOLDER,
    claimed: bool = False,
    at: datetime,
) -> Delegate:
    """Let an account speak for a politician from ``at`` on; for one that was merged into another, for that other.

    Who checked that it is the politician's is ``recorded_by``. A member of the team may become a holder. claimed: a claim was verified, and
    its own entry in the record (記録) says so. Raises AlreadyADelegate.
    """
    delegate, made = Delegate.objects.get_or_create(
        user=user,
        politician=politician.merged_into or politician,
        defaults={"role": role, "since": at, "recorded_by": recorded_by},
    )
    if not made and (delegate.role, role) == (Delegate.Role.TEAM, Delegate.Role.HOLDER):
        delegate.role, delegate.since, delegate.recorded_by = role, at, recorded_by
        delegate.save(update_fields=["role", "since", "recorded_by"])
    elif not made:
        raise AlreadyADelegate
    if not claimed:
        _record(delegate, Deed.DELEGATE_ADDED, recorded_by, at)
    return delegate


@transaction.atomic
def remove_delegate(delegate: Delegate, *, by: User | None, at: datetime) -> None:
    """Let an account no longer speak for a politician. What it said in the politician's name stays said. by: None is the site itself."""
    _record(delegate, Deed.DELEGATE_REMOVED, by, at)
    delegate.delete()


def _record(delegate: Delegate, deed: Deed, by: User | None, at: datetime) -> None:
    # The row goes; the account and the politician stay.
    note = f"{delegate.politician.name}（{delegate.get_role_display()}）"
    record(actor=by, deed=deed, subject=delegate.user, at=at, note=note)
