"""Making one pledge of two (統合) without losing a ballot: docs/decisions/0020-merging-pledges.md.

Both pledges are locked first, the lower id before the higher; whoever casts, withdraws or assesses holds a share of that lock from its first
statement on (``standing_pledge``), so each of those is wholly before or wholly after the merge. Then, in the order of all writers: the cases,
the holds, the ballots, their texts, the tallies.
"""

from collections.abc import Collection
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.evaluations.models import (
    DIMENSIONS,
    Assessment,
    Ballot,
    BallotNetwork,
    HeldBallot,
    HoldCase,
    PledgeConsensus,
    ReasonText,
)
from tsushinbo.evaluations.queries.recount import ASSESSMENTS
from tsushinbo.evaluations.services.recounting import recount
from tsushinbo.evaluations.services.standings import settle
from tsushinbo.pledges.models import Pledge, PledgeMerge
from tsushinbo.pledges.services.merging import close_source, lock_both

BATCH = 500
SAID = ("choice", *(dimension.name for dimension in DIMENSIONS), "other", "changed_at")


def merge_pledges(*, source: Pledge, target: Pledge, by: User, reason: str, at: datetime) -> PledgeMerge:
    """Let ``source`` become part of ``target``: its ballots, assessments, reports, followers and waiting evidence move, its address leads there.

    Of a voter with a ballot on both the later one counts, as if both had been cast on one pledge; a ballot that is held or excluded on either
    stays so. Of two assessments by one person the later one is current. It cannot be undone. Raises NotAnEditor, OwnSide and CannotMerge.
    """
    with transaction.atomic():
        source, target = lock_both(source, target, by, at)
        merge = PledgeMerge(source=source, target=target, merged_by=by, merged_at=at, reason=reason)
        held = _move_holds(source, target)
        merge.ballots_moved, merge.ballots_dropped = _move_ballots(source, target)
        merge.assessments_moved = _move_assessments(source, target, at)
        ActivityReport.objects.filter(pledge=source).update(pledge=target)
        PledgeConsensus.objects.filter(pledge=source).delete()
        recount([source.pk, target.pk])
        recount([source.pk, target.pk], ASSESSMENTS)
        # What the holds say of the ballots moves the new count.
        for some in batched(sorted(held), BATCH):
            settle(target.pk, some, at=at)
        close_source(merge, source=source, target=target)
        return merge


def _move_holds(source: Pledge, target: Pledge) -> set[int]:
    """Move what says that ballots are held or excluded, and what said so before. Returns the voters who have a hold now.

    Of a voter with a hold on both that of an excluding case goes with the ballot; the other stays with the source, where it holds nothing.
    """
    holds = HeldBallot.objects.filter(pledge__in=(source, target), ended_at=None)
    cases = HoldCase.objects.select_for_update().filter(pk__in=holds.values("case")).order_by("pk")
    excluding = {case.pk for case in cases if case.state == HoldCase.State.EXCLUDED}
    locked = list(holds.select_for_update().order_by("pledge", "voter"))
    of_target = {hold.voter: hold for hold in locked if hold.pledge_id == target.pk}
    stay = []
    for hold in locked:
        other = of_target.get(hold.voter)
        if hold.pledge_id != source.pk or other is None:
            continue
        if hold.case_id in excluding and other.case_id not in excluding:
            _swap(hold, other)
            stay.append(other.pk)
        else:
            stay.append(hold.pk)
    HeldBallot.objects.filter(pledge=source).exclude(pk__in=stay).update(pledge=target)
    return {hold.voter for hold in locked}


def _swap(first: HeldBallot, second: HeldBallot) -> None:
    """Let two holds of one voter change places. There is no moment at which the voter has two on one pledge."""
    here, there = first.pledge_id, second.pledge_id
    first.delete()
    HeldBallot.objects.filter(pk=second.pk).update(pledge=here)
    first.pk, first.pledge_id = None, there
    first.save(force_insert=True)


def _move_ballots(source: Pledge, target: Pledge) -> tuple[int, int]:
    """Move the ballots with their texts and networks; return how many moved, and how many gave way to a later or an earlier one by the same voter."""
    ours, theirs = Ballot.objects.filter(pledge=target), Ballot.objects.filter(pledge=source)
    before = dict(ours.filter(_of_both(theirs)).values_list("voter", "changed_at"))
    doubles = theirs.filter(_of_both(ours)).values_list("voter", "changed_at")
    later = sorted(voter for voter, changed_at in doubles if changed_at > before[voter])
    moved = theirs.count()
    for voters in batched(sorted(before), BATCH):
        own = theirs.filter(voter=OuterRef("voter"))
        first = Subquery(own.values("cast_at"))
        ours.filter(voter__in=voters).update(cast_at=Least(F("cast_at"), first))
        replaced = [voter for voter in voters if voter in set(later)]
        ours.filter(voter__in=replaced).update(**{name: Subquery(own.values(name)) for name in SAID})
        _drop_texts(target, replaced)
        _drop_texts(source, [voter for voter in voters if voter not in set(later)])
        theirs.filter(voter__in=voters).delete()
    theirs.update(pledge=target)
    ReasonText.objects.filter(pledge=source).update(pledge=target)
    networks = BallotNetwork.objects.filter(pledge=source)
    known = BallotNetwork.objects.filter(pledge=target, day=OuterRef("day"), voter=OuterRef("voter"))
    networks.filter(Exists(known)).delete()
    networks.update(pledge=target)
    return moved, len(before)


def _of_both(others: QuerySet[Ballot]) -> Exists:
    return Exists(others.filter(voter=OuterRef("voter")))


def _drop_texts(pledge: Pledge, voters: Collection[int]) -> None:
    ReasonText.objects.filter(pledge=pledge, voter__in=voters).delete()


def _move_assessments(source: Pledge, target: Pledge, at: datetime) -> int:
    """Move all assessments; of two current ones that cannot both be, the earlier becomes history. Returns how many current ones moved."""
    current = list(
        Assessment.objects.filter(pledge__in=(source, target), current=True).select_for_update().order_by("pk")
    )
    ours = {_by(one): one for one in current if one.pledge_id == target.pk}
    ended = []
    for one in current:
        other = ours.get(_by(one))
        if one.pledge_id == source.pk and other is not None:
            ended.append(other.pk if one.made_at > other.made_at else one.pk)
    for some in batched(ended, BATCH):
        Assessment.objects.filter(pk__in=some).update(current=False, ended_at=at)
    rows = Assessment.objects.filter(pledge=source)
    moved = rows.filter(Q(current=True)).count()
    rows.update(pledge=target)
    return moved


def _by(assessment: Assessment) -> int:
    """Who can have one current assessment of a pledge: a person, or, all delegates together, the politician."""
    return -1 if assessment.by_owner else assessment.author_id
