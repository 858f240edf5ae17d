"""Writing the record (記録). Every deed writes its own entry in its own transaction: a deed without one never happened."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.db import models, transaction

from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.moderation.models import Deed, LogEntry, Reviewable
from tsushinbo.moderation.models.reviewable import NOTE_LENGTH


def record(
    *,
    actor: User | None,
    deed: Deed,
    subject: models.Model | None,
    at: datetime,
    reason: str = "",
    note: str = "",
    before: str = "",
    after: str = "",
    waited: int | None = None,
    kind: str = "",
) -> LogEntry:
    """Add one line to the record; to be called inside the transaction of the deed, and refused outside of one.

    actor: None is the site itself, or a visitor without an account. subject: the row that it is about; where there is none, or it is of no
    number, ``kind`` says what it was. reason: a DecisionReason. waited: seconds from submitted to decided.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a deed and its entry in the record are one transaction")
    return LogEntry.objects.create(
        at=at,
        actor=actor,
        deed=deed,
        kind=kind or (subject._meta.label_lower if subject is not None else ""),
        subject_id=subject.pk if subject is not None else None,
        digest=digest_of(subject.words) if isinstance(subject, Reviewable) else "",
        reason=reason,
        note=note[:NOTE_LENGTH],
        state_before=before,
        state_after=after,
        waited_seconds=waited,
    )


def record_roles(*, user: User, before: Collection[Role], after: Collection[Role], by: User, at: datetime) -> None:
    """Put on record that an account holds other roles than before (settings.ACCOUNT_APPOINTING)."""
    record(actor=by, deed=Deed.ROLES, subject=user, at=at, note=f"{_listed(before)} → {_listed(after)}")


def _listed(roles: Collection[Role]) -> str:
    return "・".join(str(role.label) for role in Role if role in roles) or "なし"


def digest_of(words: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(words.encode()).hexdigest()
