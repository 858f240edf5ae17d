"""Decisions on what waits (承認・却下)."""

from datetime import datetime

from django.db import transaction
from django.utils.module_loading import import_string

from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.models import DecisionReason, Reviewable


class AlreadyDecided(RuleBroken):
    """Somebody else decided first, or the writer changed the text meanwhile."""

    message = "ほかの担当者が先に判断したか、投稿の内容が変わりました。もう一度読んでから判断してください。"


def decide(
    *,
    item: Reviewable,
    approve: bool,
    by: User,
    at: datetime,
    reason: DecisionReason | None = None,
    note: str = "",
) -> None:
    """Publish or reject a text as it stands in ``item``. Raises AlreadyDecided when it was decided or changed since ``item`` was read,
    and what ``item.effect`` raises.
    """
    state = Reviewable.State.APPROVED if approve else Reviewable.State.REJECTED
    with transaction.atomic():
        # submitted_at moves with every change of the text: only what was read is decided.
        waiting = type(item)._default_manager.filter(
            pk=item.pk, state=Reviewable.State.PENDING, submitted_at=item.submitted_at
        )
        further = item.changes_on_approval(at) if approve else {}
        if not waiting.update(
            state=state,
            decided_at=at,
            decided_by=by,
            decision_reason="" if approve or reason is None else reason,
            decision_note=note,
            **further,
        ):
            raise AlreadyDecided
        item.refresh_from_db()
        if approve and item.effect:
            import_string(item.effect)(item=item, by=by, at=at)
