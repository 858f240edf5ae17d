"""Writes of drafts (下書き), which only their writer sees."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.drafts import count_saving, keep, lock
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.errors import DraftGone
from tsushinbo.pledges.models import Pledge, PledgeDraft, PledgeProposal
from tsushinbo.pledges.queries.contributions import owned_by


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
        count_saving(author, at=at)
        values: dict[str, Any] = {"fields": dict(fields), "saved_at": at}
        if rows is not None:
            values["rows"] = [dict(row) for row in rows]
        if pledge is not None:
            defaults = {**values, **owned_by(owner)}
            return PledgeDraft.objects.update_or_create(author=author, pledge=pledge, defaults=defaults)[0]
        own = PledgeDraft.objects.filter(author=author, pledge=None).select_related("politician", "party", "pledge")
        return keep(own, draft_id, values, made_with={"author": author, **owned_by(owner)}, gone=DraftGone)


def lock_draft(author: User, draft_id: int) -> PledgeDraft:
    """An account's draft, which nobody else takes until the end of the transaction. Raises DraftGone."""
    own = PledgeDraft.objects.filter(author=author).select_related("politician", "party", "pledge")
    return lock(own, draft_id, gone=DraftGone)


def delete_draft(draft: PledgeDraft) -> None:
    """Throw a draft away."""
    draft.delete()


def forget_unpublished(user: User) -> None:
    """Throw away what an account that is being closed wrote and nobody else ever saw: drafts, and proposals still waiting."""
    PledgeDraft.objects.filter(author=user).delete()
    PledgeProposal.objects.filter(author=user, state=PledgeProposal.State.PENDING).delete()
