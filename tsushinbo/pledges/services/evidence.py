"""Writes of evidence (根拠) and of the status (実施状況) that rests on it.

The pledge is locked first, so that all decisions on one pledge follow each other; each change writes the pledge and its StatusChange in one
transaction. Two editors are needed for every change but an undoing, which only brings back what two had confirmed.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.moderation.models import Deed
from tsushinbo.moderation.services import ask_contact, keep_contact, refuse_frozen
from tsushinbo.moderation.services.campaigns import refuse_without_contact
from tsushinbo.moderation.services.log import record
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.errors import (
    AlreadyDecided,
    EvidenceRefused,
    NotAnEditor,
    NothingToUndo,
    OwnProposal,
    OwnSide,
    PledgeGone,
    ProposedByOwnSide,
    StatusMoved,
)
from tsushinbo.pledges.models import Evidence, Pledge, Slot, StatusChange, Verdict
from tsushinbo.pledges.models.pledges import slots_as_words
from tsushinbo.pledges.queries import EDITORS, latest_number, undoable, verdict_of
from tsushinbo.pledges.services.news import tell_status


def propose_evidence(
    *,
    pledge: Pledge,
    by: User,
    title: str,
    url: str,
    publisher: str,
    dated_on: date,
    shows: str,
    status: Pledge.Status,
    overdue: bool = False,
    withdrawn: bool = False,
    missing: Collection[Slot] = (),
    contact: str = "",
    at: datetime,
) -> Evidence:
    """Lay evidence before a second editor, with the status and flags that follow from it.

    missing: for 判定不能 the slots without which the pledge cannot be judged; none for the others. contact: how who proposes can be reached; asked
    while the politician stands in a campaign. Raises NotAnEditor, OwnSide, moderation's ContactRefused, and EvidenceRefused with a message for each field.
    """
    with transaction.atomic():
        pledge = _lock(pledge.pk)
        _must_be_editor(by, pledge)
        faults = _faults(pledge, url, dated_on, status, missing, at)
        if faults:
            raise EvidenceRefused(faults)
        contact = ask_contact([pledge.politician_id], contact, at)
        evidence = Evidence.objects.create(
            pledge=pledge,
            title=title,
            url=url,
            publisher=publisher,
            dated_on=dated_on,
            shows=shows,
            proposed_status=status,
            overdue=overdue,
            withdrawn=withdrawn,
            missing=slots_as_words(missing),
            proposed_by=by,
            proposed_at=at,
        )
        keep_contact(evidence, contact, by=by, at=at)
        return evidence


def confirm_evidence(*, evidence: Evidence, by: User, seen: int, at: datetime) -> StatusChange:
    """Agree as the second editor, and let the pledge stand as proposed from ``at`` on.

    seen: the number of the newest status change that the editor had before the eyes. Raises NotAnEditor, OwnSide, OwnProposal,
    ProposedByOwnSide, AlreadyDecided, StatusMoved, and moderation's PollingDay and WaitsForPolls: then it goes on waiting.
    """
    with transaction.atomic():
        pledge, evidence = _lock_proposal(evidence, by)
        if speaks_for(evidence.proposed_by, pledge.politician_id):
            raise ProposedByOwnSide
        if latest_number(pledge) != seen:
            raise StatusMoved
        refuse_without_contact(evidence, [pledge.politician_id], at)
        _decide(evidence, Evidence.State.CONFIRMED, Deed.EVIDENCE_CONFIRMED, by, at)
        after = Verdict(
            evidence.proposed_status,
            evidence.overdue,
            evidence.withdrawn,
            evidence.missing,
            timezone.localdate(at),
        )
        return _change(StatusChange(pledge=pledge, evidence=evidence, changed_by=by, changed_at=at), after)


def reject_evidence(*, evidence: Evidence, by: User, reason: str, at: datetime) -> Evidence:
    """Refuse evidence as the second editor, saying why to who proposed it. Raises NotAnEditor, OwnSide, OwnProposal and AlreadyDecided."""
    with transaction.atomic():
        _, evidence = _lock_proposal(evidence, by)
        evidence.note = reason
        _decide(evidence, Evidence.State.REJECTED, Deed.EVIDENCE_REJECTED, by, at)
        return evidence


def undo_status_change(*, change: StatusChange, by: User, reason: str, at: datetime) -> StatusChange:
    """Bring back how the pledge stood before its newest change that stands; both stay on record, with the reason for everybody to read.

    Raises NotAnEditor, OwnSide, moderation's PollingDay, and NothingToUndo for a change that is not the newest or was undone already.
    """
    with transaction.atomic():
        pledge = _lock(change.pledge_id)
        _must_be_editor(by, pledge)
        refuse_frozen([pledge.politician_id], at)
        if undoable(pledge) != change:
            raise NothingToUndo
        record(actor=by, deed=Deed.STATUS_UNDONE, subject=pledge, at=at, note=reason)
        return _change(
            StatusChange(pledge=pledge, undoes=change, changed_by=by, changed_at=at, reason=reason), change.before
        )


def _lock(pledge_id: int) -> Pledge:
    """Return the pledge, which nobody else changes until the end of the transaction. Ballots on it, which only point at it, do not wait.

    Raises PledgeGone where it was merged into another since it was read.
    """
    pledge = Pledge.objects.select_for_update(no_key=True).get(pk=pledge_id)
    if pledge.merged_into_id:
        raise PledgeGone
    return pledge


def _must_be_editor(by: User, pledge: Pledge) -> None:
    if not holds_role(by, *EDITORS):
        raise NotAnEditor
    if speaks_for(by, pledge.politician_id):
        raise OwnSide


def _lock_proposal(evidence: Evidence, by: User) -> tuple[Pledge, Evidence]:
    """Return what is decided as it stands now, behind the lock of its pledge."""
    pledge = _lock(evidence.pledge_id)
    _must_be_editor(by, pledge)
    evidence = Evidence.objects.select_related("proposed_by").get(pk=evidence.pk)
    if evidence.proposed_by_id == by.pk:
        raise OwnProposal
    if evidence.state != Evidence.State.PROPOSED:
        raise AlreadyDecided
    return pledge, evidence


def _decide(evidence: Evidence, state: Evidence.State, deed: Deed, by: User, at: datetime) -> None:
    evidence.state, evidence.decided_by, evidence.decided_at = state, by, at
    evidence.save(update_fields=["state", "decided_by", "decided_at", "note"])
    waited = int((at - evidence.proposed_at).total_seconds())
    record(actor=by, deed=deed, subject=evidence, at=at, note=evidence.note or evidence.title, waited=waited)


def _change(change: StatusChange, after: Verdict) -> StatusChange:
    """Write a change and let its pledge follow."""
    pledge = change.pledge
    for field, old, new in zip(Verdict._fields, verdict_of(pledge), after, strict=True):
        setattr(change, f"{field}_before", old)
        setattr(change, f"{field}_after", new)
    change.number = latest_number(pledge) + 1
    change.save(force_insert=True)
    pledge.status, pledge.overdue, pledge.withdrawn, pledge.missing, pledge.status_confirmed_on = after
    pledge.changed_at = change.changed_at
    pledge.save(update_fields=["status", "overdue", "withdrawn", "missing", "status_confirmed_on", "changed_at"])
    tell_status(change)
    return change


def _faults(
    pledge: Pledge, url: str, dated_on: date, status: Pledge.Status, missing: Collection[Slot], at: datetime
) -> dict[str, str]:
    """What is wrong with a proposal, by field of the form."""
    faults = {}
    if dated_on > timezone.localdate(at):
        faults["dated_on"] = "日付が未来になっています。公表された日付を入れてください。"
    if pledge.evidence.filter(url=url, state=Evidence.State.PROPOSED).exists():
        faults["url"] = "このアドレスの根拠は、すでに確認待ちです。その確認が終わってから、登録してください。"
    given = [slot.label for slot in Slot if slot in missing and getattr(pledge, slot.value)]
    if status == Pledge.Status.UNTESTABLE:
        if not missing:
            faults["missing"] = "足りない項目が選ばれていません。判定できない理由となる項目を選んでください。"
        elif given:
            faults["missing"] = (
                f"「{'」「'.join(given)}」は、公約に書かれています。書かれていない項目だけを選んでください。"
            )
    elif missing:
        faults["missing"] = (
            "足りない項目は、「判定不能」のときだけ選べます。「判定不能」を選ぶか、項目を外してください。"
        )
    return faults
