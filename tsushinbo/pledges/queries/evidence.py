"""Reads of evidence: what waits for editors, and the record of how a pledge came to stand as it does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.moderation.queries import Elsewhere
from tsushinbo.people.models import Delegate
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.models import Evidence, Pledge, StatusChange, Verdict

CHANGES_SHOWN = 3
OWN_SHOWN = 10
PROPOSED = Evidence.State.PROPOSED


@dataclass(frozen=True)
class Record:
    """How a pledge came to stand as it does, for everybody.

    changes: the newest first, with their evidence. counted: how many pieces of confirmed evidence hold, undone ones left out. waiting: how
    many wait for a second editor; what they say is not told. changed_at: when any of it last changed, None where there is nothing.
    """

    changes: list[StatusChange]
    earlier: int
    counted: int
    waiting: int
    undoable: bool
    changed_at: datetime | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever confirmed."""
        return not self.changes


def record_of(pledge: Pledge, *, whole: bool = False) -> Record:
    """Read the record of a pledge in two queries; without ``whole`` only its last changes."""
    rows = list(_with_evidence(pledge))
    shown = len(rows) if whole else CHANGES_SHOWN
    standing = [change for change in rows if _stands(change)]
    counts = pledge.evidence.aggregate(
        waiting=Count("pk", filter=Q(state=PROPOSED)), proposed=Max("proposed_at"), decided=Max("decided_at")
    )
    times = [counts["proposed"], counts["decided"], rows[0].changed_at if rows else None]
    return Record(
        changes=rows[:shown],
        earlier=max(0, len(rows) - shown),
        counted=len(standing),
        waiting=counts["waiting"],
        undoable=bool(standing),
        changed_at=max((time for time in times if time), default=None),
    )


def _with_evidence(pledge: Pledge) -> QuerySet[StatusChange]:
    rows = StatusChange.objects.filter(pledge=pledge).select_related("evidence", "undoes__evidence", "undone_by")
    return rows.order_by("-number")


def _stands(change: StatusChange) -> bool:
    """Whether a change rests on evidence and was not undone."""
    return change.evidence_id is not None and getattr(change, "undone_by", None) is None


def undoable(pledge: Pledge) -> StatusChange | None:
    """The newest change that stands: the only one that can be undone, so that each undoing restores what was there before it."""
    rows = StatusChange.objects.filter(pledge=pledge, evidence__isnull=False, undone_by__isnull=True)
    return rows.select_related("evidence").order_by("-number").first()


def latest_number(pledge: Pledge) -> int:
    """The number of the newest status change, 0 before the first: what an editor who decides has read."""
    return StatusChange.objects.filter(pledge=pledge).aggregate(newest=Max("number"))["newest"] or 0


def verdict_of(pledge: Pledge) -> Verdict:
    """How a pledge stands."""
    return Verdict(pledge.status, pledge.overdue, pledge.withdrawn, pledge.missing, pledge.status_confirmed_on)


def proposals() -> QuerySet[Evidence]:
    """Every piece of evidence on a published pledge, with that pledge and who proposed it: for editors alone."""
    pledges = ("pledge__politician", "pledge__party", "pledge__policy_area")
    return Evidence.objects.filter(pledge__published=True).select_related(*pledges, "proposed_by", "decided_by")


def proposals_waiting(pledge: Pledge | None = None) -> QuerySet[Evidence]:
    """What waits for a second editor, on one pledge or on all, the oldest first."""
    rows = proposals().filter(state=PROPOSED).order_by("proposed_at", "pk")
    return rows.filter(pledge=pledge) if pledge else rows


def proposals_by(editor: User) -> list[Evidence]:
    """What an editor proposed lately, the newest first, with what became of it."""
    return list(proposals().filter(proposed_by=editor).order_by("-proposed_at", "-pk")[:OWN_SHOWN])


@dataclass(frozen=True)
class Item:
    """A proposal as one editor sees it. ``own``: proposed by that editor; ``own_side``: of a politician the editor speaks for.

    seen: the number of the pledge's newest status change, which goes back with the decision.
    """

    evidence: Evidence
    own: bool
    own_side: bool
    seen: int

    @property
    def open_to_me(self) -> bool:
        """Whether this editor may decide it."""
        return self.evidence.state == PROPOSED and not self.own and not self.own_side


def items(rows: list[Evidence], editor: User) -> list[Item]:
    """Some proposals as an editor sees them, in two queries."""
    pledges = {row.pledge_id for row in rows}
    spoken_for = set(Delegate.objects.filter(user=editor).values_list("politician_id", flat=True))
    newest = dict(
        StatusChange.objects.filter(pledge__in=pledges).order_by().values_list("pledge").annotate(newest=Max("number"))
    )
    return [
        Item(
            evidence=row,
            own=row.proposed_by_id == editor.pk,
            own_side=row.pledge.politician_id in spoken_for,
            seen=newest.get(row.pledge_id, 0),
        )
        for row in rows
    ]


def is_own_side(editor: User, pledge: Pledge) -> bool:
    """Whether an account speaks for who made the pledge, and so has no say in how it stands."""
    return speaks_for(editor, pledge.politician_id)


def exported(user: User) -> dict[str, Any]:
    """Everything the site keeps of an account's work on evidence, for its owner."""
    proposed = Evidence.objects.filter(proposed_by=user).order_by("proposed_at", "pk")
    decided = Evidence.objects.filter(decided_by=user).order_by("decided_at", "pk")
    undone = StatusChange.objects.filter(changed_by=user, undoes__isnull=False).order_by("changed_at", "pk")
    return {
        "proposed": [_proposal(row) for row in proposed.iterator(chunk_size=500)],
        "decided": [
            {
                "pledge": addresses.encode(row.pledge_id),
                "title": row.title,
                "state": row.state,
                "note": row.note,
                "decided_at": row.decided_at,
            }
            for row in decided.iterator(chunk_size=500)
        ],
        "undone": [
            {
                "pledge": addresses.encode(row.pledge_id),
                "number": row.number,
                "status_before": row.status_before,
                "status_after": row.status_after,
                "reason": row.reason,
                "changed_at": row.changed_at,
            }
            for row in undone.iterator(chunk_size=500)
        ],
    }


def _proposal(row: Evidence) -> dict[str, Any]:
    """A proposal for the editor who made it. Who decided it is not theirs to take along."""
    return {
        "pledge": addresses.encode(row.pledge_id),
        "title": row.title,
        "url": row.url,
        "publisher": row.publisher,
        "dated_on": row.dated_on,
        "shows": row.shows,
        "proposed_status": row.proposed_status,
        "overdue": row.overdue,
        "withdrawn": row.withdrawn,
        "missing": row.missing_slots,
        "state": row.state,
        "note": row.note,
        "proposed_at": row.proposed_at,
        "decided_at": row.decided_at,
    }


def evidence_waiting(*, user: User, at: datetime) -> Elsewhere | None:
    """What the desk of moderators says of evidence that waits for a second editor (settings.MODERATION_QUEUES); None for who is no editor."""
    if not holds_role(user, Role.EDITOR, Role.ADMINISTRATOR):
        return None
    found = Evidence.objects.filter(state=PROPOSED).aggregate(count=Count("pk"), oldest=Min("proposed_at"))
    return Elsewhere("確認待ちの根拠", reverse("pledges:evidence"), found["count"], found["oldest"])
