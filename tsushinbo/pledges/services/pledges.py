"""Writes of pledges and policy areas. The wording of a pledge is never rewritten in silence: each change adds a revision."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max

from tsushinbo.errors import RuleBroken
from tsushinbo.pledges.models import Pledge, PledgeRevision, PolicyArea
from tsushinbo.pledges.services.news import tell_imported
from tsushinbo.sources.keeping import Outcome, insert, keep


class PolicyAreaRow(NamedTuple):
    """A policy area."""

    code: str
    name: str
    position: int
    aliases: str


class PledgeRow(NamedTuple):
    """A pledge as a source states it; its status, flags and ballots are not the source's to say."""

    id: int
    key: str
    politician_id: int | None
    party_id: int | None
    election_id: int | None
    election_name: str
    title: str
    text: str
    quoted: bool
    policy_area_id: str
    deadline: str
    numeric_target: str
    funding: str
    authority: str
    target: str
    source_title: str
    source_publisher: str
    source_url: str
    source_on: str
    source_checked_on: date | None
    licence: str
    attribution: str
    created_at: datetime


class _RevisionRow(NamedTuple):
    pledge_id: int
    number: int
    content: dict[str, object]
    recorded_at: datetime
    reason: str


class OwnerChanged(RuleBroken):
    """The pledge belongs to another owner on record."""

    message = "この公約は、別の政治家または政党の公約として登録されています。"


class EditedByHand(RuleBroken):
    """Somebody changed the wording on this site since the last import."""

    message = "この公約は、取り込みの後にこのサイトで編集されています。"


@transaction.atomic
def keep_policy_areas(rows: Sequence[PolicyAreaRow], *, at: datetime) -> list[Outcome]:
    """Make the policy areas on record equal to ``rows``, each by its code; rows may change places."""
    stored = {area.code: area for area in PolicyArea.objects.all()}
    moved = [area for row in rows if (area := stored.get(row.code)) and area.position != row.position]
    wanted = {row.position for row in rows}
    given = {row.code for row in rows}
    moved += [area for area in stored.values() if area.code not in given and area.position in wanted]
    outcomes = [_place_outcome(row, stored.get(row.code)) for row in rows]
    # No two may share a place even for a moment, so all that move step aside first; what the table does not list stays behind the rest.
    behind = max([0, *wanted, *(area.position for area in stored.values())])
    for place, area in enumerate(moved, start=behind + 1):
        PolicyArea.objects.filter(pk=area.pk).update(position=place)
    keep(PolicyArea.objects.all(), rows, key=("code",), at=at)
    return outcomes


def _place_outcome(row: PolicyAreaRow, area: PolicyArea | None) -> Outcome:
    if area is None:
        return Outcome.CREATED
    same = tuple(row) == (area.code, area.name, area.position, area.aliases)
    return Outcome.UNCHANGED if same else Outcome.UPDATED


@transaction.atomic
def keep_pledges(rows: Sequence[PledgeRow], *, at: datetime, reason: str) -> list[Outcome | RuleBroken]:
    """Make the pledges on record equal to ``rows``, each by its id, with a new revision of each that is new or changed.

    reason: what the revision says about why. Followers of an owner are told of its new ones in one line. A row that would change a pledge's owner, or a wording somebody edited on this site,
    is not written and gives the refusal in place of an outcome.
    """
    stored = {
        pledge.pk: pledge for pledge in Pledge.objects.select_for_update().filter(pk__in=[row.id for row in rows])
    }
    edited = _edited_by_hand(stored) if stored else set()
    results: dict[int, Outcome | RuleBroken] = {}
    accepted = []
    for row in rows:
        refusal = _refusal(row, stored.get(row.id), edited)
        if refusal:
            results[row.id] = refusal
        else:
            accepted.append(row)
    outcomes = keep(
        Pledge.objects.all() if stored else Pledge.objects.none(),
        accepted,
        key=("id",),
        at=at,
        once=("created_at",),
        stamps=("changed_at",),
    )
    results |= {row.id: outcome for row, outcome in zip(accepted, outcomes, strict=True)}
    written = {row.id for row, outcome in zip(accepted, outcomes, strict=True) if outcome != Outcome.UNCHANGED}
    new = written - stored.keys()
    record_revisions(written, at=at, reason=reason, first=new)
    tell_imported({(row.politician_id, row.party_id) for row in accepted if row.id in new}, at=at)
    return [results[row.id] for row in rows]


def _edited_by_hand(pledges: Iterable[int]) -> set[int]:
    """The pledges whose newest revision was made by a person."""
    newest = (
        PledgeRevision.objects.filter(pledge__in=pledges).order_by().values("pledge").annotate(newest=Max("number"))
    )
    numbers = {row["pledge"]: row["newest"] for row in newest}
    made = PledgeRevision.objects.filter(pledge__in=numbers, recorded_by__isnull=False).values_list("pledge", "number")
    return {pledge for pledge, number in made if number == numbers[pledge]}


def _refusal(row: PledgeRow, pledge: Pledge | None, edited: set[int]) -> RuleBroken | None:
    if pledge is None:
        return None
    if (row.politician_id, row.party_id) != (pledge.politician_id, pledge.party_id):
        return OwnerChanged()
    ours = [name for name in PledgeRow._fields if name not in ("created_at", "source_checked_on")]
    if pledge.pk in edited and any(getattr(row, name) != getattr(pledge, name) for name in ours):
        return EditedByHand()
    return None


def wording(pledge: Pledge) -> dict[str, object]:
    """Every field of a pledge that a reader sees, as it is shown: the content of a revision. How it stands has a record of its own (StatusChange)."""
    return {
        "title": pledge.title,
        "text": pledge.text,
        "quoted": pledge.quoted,
        "policy_area": pledge.policy_area.name,
        "election_name": pledge.election.name if pledge.election else pledge.election_name,
        "deadline": pledge.deadline,
        "numeric_target": pledge.numeric_target,
        "funding": pledge.funding,
        "authority": pledge.authority,
        "target": pledge.target,
        "source_title": pledge.source_title,
        "source_publisher": pledge.source_publisher,
        "source_url": pledge.source_url,
        "source_on": pledge.source_on,
    }


@transaction.atomic
def record_revisions(pledges: Collection[int], *, at: datetime, reason: str, first: Collection[int] = ()) -> None:
    """Add a revision to each of ``pledges`` whose wording is not that of its newest one; those of ``first`` have none yet."""
    rows = []
    newest: dict[int, PledgeRevision] = {}
    for revision in PledgeRevision.objects.filter(pledge__in=set(pledges).difference(first)).order_by("number"):
        newest[revision.pledge_id] = revision
    for pledge in Pledge.objects.filter(pk__in=pledges).select_related("policy_area", "election").order_by("pk"):
        content, last = wording(pledge), newest.get(pledge.pk)
        if last is None or last.content != content:
            rows.append(_RevisionRow(pledge.pk, last.number + 1 if last else 1, content, at, reason))
    insert(PledgeRevision, rows, at=at)
