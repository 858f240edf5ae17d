"""Writes of drafts (下書き), which only their writer sees."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.activities.errors import DraftGone, NotTheWriter, TooManyDrafts
from tsushinbo.activities.models import ActivityReport, Draft
from tsushinbo.activities.queries import is_writer
from tsushinbo.people.models import Politician

MOST_DRAFTS = 20


def save_draft(
    *,
    author: User,
    politician: Politician,
    report: ActivityReport | None = None,
    draft_id: int | None = None,
    fields: Mapping[str, str],
    at: datetime,
) -> Draft:
    """Keep what stands in the form, whatever it is worth: of a change to ``report``, in the draft ``draft_id``, or in a new one.

    Raises NotTheWriter, DraftGone, TooManyDrafts and accounts.services.TooMany.
    """
    with transaction.atomic():
        count_use({f"draft:{author.pk}": settings.RATE_DRAFTS_PER_ACCOUNT}, at=at)
        if report is not None:
            if not is_writer(author, report):
                raise NotTheWriter
            values = {"politician": politician, "fields": dict(fields), "saved_at": at}
            return Draft.objects.update_or_create(author=author, report=report, defaults=values)[0]
        own = Draft.objects.filter(author=author, report=None)
        if draft_id is None:
            if own.count() >= MOST_DRAFTS:
                raise TooManyDrafts
            return Draft.objects.create(author=author, politician=politician, fields=dict(fields), saved_at=at)
        draft = own.select_for_update(of=("self",)).filter(pk=draft_id).first()
        if draft is None:
            raise DraftGone
        draft.fields, draft.saved_at = dict(fields), at
        draft.save(update_fields=["fields", "saved_at"])
        return draft


def delete_draft(draft: Draft) -> None:
    """Throw a draft away, with the pictures that no report shows; the chores delete their files."""
    draft.delete()


def forget_unpublished(user: User) -> None:
    """Throw away what an account that is being closed wrote and nobody else ever saw: drafts, and its own reports still waiting.

    What was written for a politician is the politician's, and stays.
    """
    Draft.objects.filter(author=user).delete()
    waiting = ActivityReport.objects.filter(author=user, by_owner=False, state=ActivityReport.State.PENDING)
    waiting.filter(revisions=None).delete()
