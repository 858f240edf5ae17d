"""Drafts (下書き): what stands in a form, kept for its writer alone while they write. The rooms above say of what: a report, a pledge, a list of pledges."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.text import Truncator

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.addresses import new_id
from tsushinbo.errors import RuleBroken

MOST_DRAFTS = 20
# Fields of a pledge and of a report that hold its text, and how many letters of it name a draft without a title.
WORDS = ("text", "body")
NAMED_BY = 30


class DraftGone(RuleBroken):
    """The draft was sent or thrown away in another window. Each room says where its writer finds what became of it."""


class TooManyDrafts(RuleBroken):
    """There are as many drafts as an account may keep."""

    message = f"下書きは{MOST_DRAFTS}件まで残せます。使わない下書きを削除してから、もう一度お試しください。"


class KeptFields(models.Model):
    """The fields of a form as they were typed. A draft adds its ``author``, and of what it is."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    fields = models.JSONField(default=dict, help_text="what stands in each field of the form, by name")
    saved_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ("-saved_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title typed so far; before there is one, what the text begins with, so that several drafts can be told apart."""
        text = next((" ".join(str(self.fields[name]).split()) for name in WORDS if self.fields.get(name)), "")
        return str(self.fields.get("title") or "") or Truncator(text).chars(NAMED_BY) or "（題名なし）"


def typed(data: Mapping[str, str], names: Collection[str], longest: int) -> dict[str, str]:
    """What stands in some fields of a form, for a draft, whatever it is worth. NUL is no text to a database."""
    return {name: str(data.get(name, "")).replace("\x00", "")[:longest] for name in names}


def count_saving(author: User, *, at: datetime) -> None:
    """Count one keeping of a draft, which a form with script does every few seconds. Raises accounts.services.TooMany."""
    count_use({f"draft:{author.pk}": settings.RATE_DRAFTS_PER_ACCOUNT}, at=at)


def keep[D: KeptFields](
    own: models.QuerySet[D],
    draft_id: int | None,
    values: Mapping[str, Any],
    *,
    made_with: Mapping[str, Any],
    gone: type[DraftGone],
) -> D:
    """Write ``values`` into the draft ``draft_id`` of ``own``, or into a new one, which ``made_with`` belongs to; to be called in a transaction.

    own: the account's drafts that count towards its limit. Raises TooManyDrafts, and ``gone`` where another window sent or deleted it.
    """
    if draft_id is None:
        if own.count() >= MOST_DRAFTS:
            raise TooManyDrafts
        return own.model._default_manager.create(**made_with, **values)
    draft = lock(own, draft_id, gone=gone)
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(values))
    return draft


def lock[D: KeptFields](own: models.QuerySet[D], draft_id: int, *, gone: type[DraftGone]) -> D:
    """A draft of ``own``, which nobody else takes until the end of the transaction. Raises ``gone``."""
    draft = own.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None:
        raise gone
    return draft
