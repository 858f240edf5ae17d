"""Reads of appeals (異議申立て)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tsushinbo.accounts.models import User
from tsushinbo.moderation.models import Appeal, Ban, Reviewable
from tsushinbo.moderation.queries.conflicts import in_conflict
from tsushinbo.moderation.queries.desk import open_appeals
from tsushinbo.moderation.queries.texts import find_text, kind_named, may_decide

SHOWN = 50


@dataclass(frozen=True)
class Case:
    """An appeal as one moderator sees it. ``item``: the text, None of a ban or where it is gone."""

    appeal: Appeal
    item: Reviewable | None
    label: str
    allowed: bool
    own: bool

    @property
    def open_to_me(self) -> bool:
        """Whether this moderator may answer it."""
        return self.allowed and not self.own and self.appeal.state == Appeal.State.OPEN

    @property
    def shown(self) -> bool:
        """Whether its text waits for nobody any more."""
        return self.item is not None


def appeal_against(item: Reviewable) -> Appeal | None:
    """The newest appeal of a text's writer."""
    rows = Appeal.objects.filter(kind=item.kind, subject_id=item.pk).select_related("entry")
    return rows.order_by("-opened_at", "-pk").first()


def appeal_of_ban(ban: Ban) -> Appeal | None:
    """The appeal against a ban."""
    return Appeal.objects.filter(kind=ban._meta.label_lower, subject_id=ban.pk).first()


def exported(user: User) -> list[dict[str, Any]]:
    """Every appeal of an account with its answer, for its owner."""
    rows = Appeal.objects.filter(opened_by=user).order_by("opened_at", "pk")
    return [dict(row) for row in rows.values("kind", "text", "opened_at", "state", "answer", "decided_at")]


def case(appeal: Appeal, user: User) -> Case:
    """One appeal with what it is about."""
    return _cases([appeal], user)[0]


def cases(user: User) -> list[Case]:
    """The open appeals that this person's kinds of texts are about, SHOWN at most, the oldest first."""
    return [one for one in _cases(list(open_appeals()[:SHOWN]), user) if one.allowed]


def _cases(appeals: Sequence[Appeal], user: User) -> list[Case]:
    found = []
    for appeal in appeals:
        kind, item = kind_named(appeal.kind), find_text(appeal.kind, appeal.subject_id)
        own = user.pk in {appeal.entry.actor_id, appeal.opened_by_id} or bool(item and in_conflict(user, [item]))
        label = str(kind._meta.verbose_name) if kind is not None else str(Ban._meta.verbose_name)
        found.append(Case(appeal, item, label, kind is None or may_decide(user, kind), own))
    return found
