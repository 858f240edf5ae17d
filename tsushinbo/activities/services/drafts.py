"""Writes of drafts (下書き), which only their writer sees."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.activities.errors import DraftGone, NotTheWriter
from tsushinbo.activities.models import ActivityReport, Draft
from tsushinbo.activities.queries import is_writer
from tsushinbo.drafts import count_saving, keep
from tsushinbo.people.models import Politician


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
        count_saving(author, at=at)
        values = {"fields": dict(fields), "saved_at": at}
        if report is not None:
            if not is_writer(author, report):
                raise NotTheWriter
            defaults = {"politician": politician, **values}
            return Draft.objects.update_or_create(author=author, report=report, defaults=defaults)[0]
        own = Draft.objects.filter(author=author, report=None)
        return keep(own, draft_id, values, made_with={"author": author, "politician": politician}, gone=DraftGone)


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
