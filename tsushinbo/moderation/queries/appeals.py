"""Reads of appeals (異議申立て)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tsushinbo.accounts.models import User
from tsushinbo.moderation.models import Appeal, Ban, Reviewable
from tsushinbo.moderation.queries.conflicts import in_conflict
from tsushinbo.moderation.queries.desk import open_appeals
from tsushinbo.moderation.queries.texts import kind_named, kinds, may_decide
from tsushinbo.paging import Page, paginate

SIZE = 50


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


def cases(user: User, number: int) -> Page[Case]:
    """Page ``number`` of the open appeals that this person's kinds of texts are about, the oldest first. Raises Http404 beyond the last page."""
    others = [kind._meta.label_lower for kind in kinds() if not may_decide(user, kind)]
    page = paginate(open_appeals().exclude(kind__in=others), number, SIZE)
    return Page(
        rows=_cases(page.rows, user),
        number=page.number,
        size=page.size,
        total=page.total,
        more_than_counted=page.more_than_counted,
    )


def _texts(appeals: Sequence[Appeal]) -> dict[tuple[str, int], Reviewable]:
    """What the appeals are about, a query or two for each kind."""
    wanted: dict[type[Reviewable], list[int]] = {}
    for appeal in appeals:
        if (kind := kind_named(appeal.kind)) is not None:
            wanted.setdefault(kind, []).append(appeal.subject_id)
    return {(item.kind, item.pk): item for kind, keys in wanted.items() for item in kind.for_desk().filter(pk__in=keys)}


def _cases(appeals: Sequence[Appeal], user: User) -> list[Case]:
    texts = _texts(appeals)
    conflicts = {(item.kind, item.pk) for item in in_conflict(user, list(texts.values()))}
    found = []
    for appeal in appeals:
        key = appeal.kind, appeal.subject_id
        kind, item = kind_named(appeal.kind), texts.get(key)
        own = user.pk in {appeal.entry.actor_id, appeal.opened_by_id} or key in conflicts
        label = str(kind._meta.verbose_name) if kind is not None else str(Ban._meta.verbose_name)
        found.append(Case(appeal, item, label, kind is None or may_decide(user, kind), own))
    return found
