"""What of two pledges this room moves when they become one (統合). Ballots and assessments are moved by ``evaluations.services.merging``."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.moderation.models import DecisionReason, Deed
from tsushinbo.moderation.services import decide, refuse_frozen
from tsushinbo.moderation.services.log import record
from tsushinbo.notices.models import Subject
from tsushinbo.notices.services import move_follows
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.errors import CannotMerge, NotAnEditor, OwnSide, PledgeGone
from tsushinbo.pledges.models import Evidence, Pledge, PledgeDraft, PledgeMerge, PledgeProposal, StatusChange
from tsushinbo.pledges.queries.contributions import EDITORS, PENDING

VERDICT = ("status", "overdue", "withdrawn", "missing", "status_confirmed_on")


def standing_pledge(pledge_id: int) -> int:
    """The pledge that takes what is sent to ``pledge_id``: itself, or the one it was merged into. To be called in a transaction, first.

    Until its end the pledge cannot be merged, so that nothing is written beside a merge; writers do not wait for each other. Raises
    PledgeGone where there is none.
    """
    # What a foreign key takes at the end of the transaction anyway. SQLite, with one writer at a time, needs and knows no lock on rows.
    lock = " FOR KEY SHARE" if connection.features.has_select_for_update else ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT merged_into_id FROM pledges_pledge WHERE id = %s{lock}", [pledge_id])  # noqa: S608 - our own words
            row = cursor.fetchone()
        if row is None:
            raise PledgeGone
        if row[0] is None:
            return pledge_id
        pledge_id = row[0]


def lock_both(source: Pledge, target: Pledge, by: User, at: datetime) -> tuple[Pledge, Pledge]:
    """Return two pledges as they stand, on which nobody judges, edits or decides until the end of the transaction; the lower id is locked first.

    Raises NotAnEditor, OwnSide, CannotMerge, and on the day of polling moderation's PollingDay: how a pledge stands may change with it.
    """
    if not holds_role(by, *EDITORS):
        raise NotAnEditor
    rows = Pledge.objects.select_for_update().filter(pk__in=(source.pk, target.pk), published=True).order_by("pk")
    found = {pledge.pk: pledge for pledge in rows}
    if len(found) != 2:
        raise CannotMerge
    source, target = found[source.pk], found[target.pk]
    if (source.politician_id, source.party_id) != (target.politician_id, target.party_id):
        raise CannotMerge
    if speaks_for(by, target.politician_id):
        raise OwnSide
    refuse_frozen([target.politician_id], at)
    return source, target


def close_source(merge: PledgeMerge, *, source: Pledge, target: Pledge) -> None:
    """Move what this room keeps of ``source``, and let its address lead to ``target``. Both are locked."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a merge is one transaction")
    at, by = merge.merged_at, merge.merged_by
    _move_record(source, target)
    _answer_proposals(source, target, by=by, at=at)
    kept = PledgeDraft.objects.filter(pledge=target, author=OuterRef("author"))
    PledgeDraft.objects.filter(pledge=source).exclude(Exists(kept)).update(pledge=target)
    move_follows(subject=Subject.PLEDGE, of=source.pk, to=target.pk)
    # What was merged into the source before leads on at once.
    Pledge.objects.filter(merged_into=source).update(merged_into=target)
    source.published, source.merged_into, source.changed_at = False, target, at
    source.save(update_fields=["published", "merged_into", "changed_at"])
    target.changed_at = at
    target.save(update_fields=["changed_at", *VERDICT])
    merge.save(force_insert=True)
    record(actor=by, deed=Deed.MERGED, subject=source, at=at, note=f"「{target.title}」へ。{merge.reason}")


def _move_record(source: Pledge, target: Pledge) -> None:
    """Let evidence that waits wait on the target. Where the target was never judged by evidence, the whole record of the source becomes its own."""
    Evidence.objects.filter(pledge=source, state=Evidence.State.PROPOSED).update(pledge=target)
    if StatusChange.objects.filter(pledge=target).exists():
        return
    if StatusChange.objects.filter(pledge=source).update(pledge=target):
        Evidence.objects.filter(pledge=source).update(pledge=target)
        for name in VERDICT:
            setattr(target, name, getattr(source, name))


def _answer_proposals(source: Pledge, target: Pledge, *, by: User, at: datetime) -> None:
    """Tell who proposed another wording of the source why it comes to nothing; the text stays in their list."""
    note = f"公約が「{target.title}」に統合されました。そちらの公約に、もう一度提案できます。"
    for proposal in PledgeProposal.objects.filter(pledge=source, state=PENDING, base__isnull=False):
        if proposal.author_id == by.pk:
            # Nobody decides on their own words; one's own is simply taken back.
            proposal.delete()
        else:
            decide(item=proposal, approve=False, by=by, at=at, reason=DecisionReason.DUPLICATE, note=note)
