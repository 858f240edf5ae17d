"""Writes of drafts (下書き), which only their writer sees."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.errors import DraftGone, TooManyDrafts
from tsushinbo.pledges.models import Pledge, PledgeDraft, PledgeProposal
from tsushinbo.pledges.queries.contributions import owned_by

MOST_DRAFTS = 20


def save_draft(
    *,
    author: User,
    owner: Politician | Party,
    pledge: Pledge | None = None,
    draft_id: int | None = None,
    fields: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]] | None = None,
    at: datetime,
) -> PledgeDraft:
    """Keep what stands in the form, whatever it is worth: of a change to ``pledge``, in the draft ``draft_id``, or in a new one.

    rows: the pledges of a list. Raises DraftGone, TooManyDrafts and accounts.services.TooMany.
    """
    with transaction.atomic():
        count_use({f"draft:{author.pk}": settings.RATE_DRAFTS_PER_ACCOUNT}, at=at)
        values: dict[str, Any] = {"fields": dict(fields), "saved_at": at}
        if rows is not None:
            values["rows"] = [dict(row) for row in rows]
        if pledge is not None:
            defaults = {**values, **owned_by(owner)}
            return PledgeDraft.objects.update_or_create(author=author, pledge=pledge, defaults=defaults)[0]
        own = PledgeDraft.objects.filter(author=author, pledge=None)
        if draft_id is None:
            if own.count() >= MOST_DRAFTS:
                raise TooManyDrafts
            return PledgeDraft.objects.create(author=author, **owned_by(owner), **values)
        draft = lock_draft(author, draft_id)
        for name, value in values.items():
            setattr(draft, name, value)
        draft.save(update_fields=list(values))
        return draft


def lock_draft(author: User, draft_id: int) -> PledgeDraft:
    """An account's draft, which nobody else takes until the end of the transaction. Raises DraftGone."""
    rows = PledgeDraft.objects.select_for_update(of=("self",)).select_related("politician", "party", "pledge")
    draft = rows.filter(author=author, pk=draft_id).first()
    if draft is None:
        raise DraftGone
    return draft


def delete_draft(draft: PledgeDraft) -> None:
    """Throw a draft away."""
    draft.delete()


def forget_unpublished(user: User) -> None:
    """Throw away what an account that is being closed wrote and nobody else ever saw: drafts, and proposals still waiting."""
    PledgeDraft.objects.filter(author=user).delete()
    PledgeProposal.objects.filter(author=user, state=PledgeProposal.State.PENDING).delete()
