"""Holding ballots, and decisions on those that are held (確認の決定).

A decision is one short transaction; the ballots follow it some at a time, so that voters wait for none of it. What an interruption left is
done by the next look for attacks.
"""

from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from tsushinbo.accounts.models import User
from tsushinbo.evaluations.errors import AlertOfOwn, CaseChanged, CaseOfOwn, DecidedSoAlready, ReasonOfOtherSide
from tsushinbo.evaluations.models import Alert, Ballot, HeldBallot, HoldCase, HoldDecision
from tsushinbo.evaluations.queries.holds import (
    ballot_of_hold,
    may_decide,
    standing_mismatches,
    to_hold_again,
    unfinished_cases,
)
from tsushinbo.evaluations.services.standings import settle
from tsushinbo.moderation.models import Deed
from tsushinbo.moderation.services.log import record
from tsushinbo.people.queries import speaks_for

# Ballots moved in one transaction.
BATCH = 200
AFTER = {
    HoldDecision.Verdict.RELEASE: HoldCase.State.RELEASED,
    HoldDecision.Verdict.EXCLUDE: HoldCase.State.EXCLUDED,
}

DEEDS = {
    HoldDecision.Verdict.RELEASE: Deed.BALLOTS_RELEASED,
    HoldDecision.Verdict.EXCLUDE: Deed.BALLOTS_EXCLUDED,
}


def hold_some(case: HoldCase, pledge: int, voters: list[int], at: datetime) -> list[int]:
    """Hold the ballots of these voters that are still there and in no other case; return whose they are.

    To be called inside a transaction that has locked the case, or with a case that is not saved yet: then its first ballot saves it.
    """
    earlier = HeldBallot.objects.filter(pledge=pledge, voter=OuterRef("voter"))
    taken = earlier.filter(Q(ended_at=None) | Q(ending=HeldBallot.Ending.RELEASED))
    ballots = Ballot.objects.filter(~Exists(taken), pledge=pledge, voter__in=voters)
    there = list(ballots.order_by("voter").values_list("voter", flat=True))
    if not there:
        return []
    if case._state.adding:
        case.save(force_insert=True)
    # Another process may look at the same time; then one of the two is first.
    HeldBallot.objects.bulk_create(
        (HeldBallot(case=case, pledge_id=pledge, voter=voter, held_at=at) for voter in there), ignore_conflicts=True
    )
    with_ballot = settle(pledge, there, at=at)
    mine = HeldBallot.objects.filter(case=case, pledge=pledge, voter__in=there, ended_at=None)
    mine.exclude(voter__in=list(with_ballot)).delete()
    new = list(mine.values_list("voter", flat=True))
    if new:
        ballots = Ballot.objects.filter(pledge=pledge, voter__in=new)
        time = ballots.aggregate(first=Min("changed_at"), last=Max("changed_at"))
        case.begins_at, case.ends_at = min(case.begins_at, time["first"]), max(case.ends_at, time["last"])
        case.details["ballots"] += len(new)
        case.save(update_fields=["begins_at", "ends_at", "strength", "expected", "details", "changed_at"])
    return new


def held_in(case: HoldCase) -> dict[str, int]:
    """How many ballots and voters a case holds."""
    counts = HeldBallot.objects.filter(case=case, ended_at=None)
    return counts.aggregate(ballots=Count("pk"), voters=Count("voter", distinct=True))


def decide_case(
    *,
    case: HoldCase,
    verdict: HoldDecision.Verdict,
    reason: HoldDecision.Reason,
    note: str = "",
    by: User,
    at: datetime,
) -> HoldDecision:
    """Let the ballots of a case count, now and for good, or exclude them; the decision is put on record with its reason.

    A later decision may revise it, and both stay on record. Raises ReasonOfOtherSide, CaseOfOwn where ``by`` speaks for a politician concerned,
    CaseChanged when the case was decided or grew since ``case`` was read, DecidedSoAlready.
    """
    if reason not in HoldDecision.REASONS[verdict]:
        raise ReasonOfOtherSide
    with transaction.atomic():
        now = HoldCase.objects.select_for_update().get(pk=case.pk)
        if not may_decide(by, now):
            raise CaseOfOwn
        if now.version != case.version:
            raise CaseChanged
        if now.state == AFTER[verdict]:
            raise DecidedSoAlready
        decision = HoldDecision.objects.create(
            case=now,
            verdict=verdict,
            reason=reason,
            note=note,
            ballots=_to_move(now, verdict).filter(Exists(ballot_of_hold())).count(),
            decided_by=by,
            decided_at=at,
        )
        record(
            actor=by, deed=DEEDS[verdict], subject=now, at=at, note=f"{decision.get_reason_display()}　{note}".strip()
        )
        HoldCase.objects.filter(pk=now.pk).update(state=AFTER[verdict], decided_at=at, changed_at=at)
    case.refresh_from_db()
    carry_out(case, at=at)
    return decision


def mark_alert_seen(*, alert: Alert, note: str = "", by: User, at: datetime) -> bool:
    """Put on record that a person looked at a sudden change: the place is frozen no longer. Return whether nobody had before.

    Raises AlertOfOwn where ``by`` speaks for the politician.
    """
    if speaks_for(by, alert.politician_id):
        raise AlertOfOwn
    with transaction.atomic():
        first = bool(Alert.objects.filter(pk=alert.pk, seen_at=None).update(seen_by=by, seen_at=at, note=note))
        if first:
            record(actor=by, deed=Deed.ALERT_SEEN, subject=alert, at=at, note=note)
    return first


def carry_out(case: HoldCase, *, at: datetime) -> None:
    """Give all ballots of a decided case the standing that was decided."""
    mine = HeldBallot.objects.filter(case=case)
    released = case.state == HoldCase.State.RELEASED
    waiting = mine.filter(ended_at=None) if released else mine
    for pledge in waiting.order_by("pledge").values_list("pledge", flat=True).distinct():
        voters = waiting.filter(pledge=pledge).order_by("voter").values_list("voter", flat=True)
        for some in batched(list(voters), BATCH):
            with transaction.atomic():
                if HoldCase.objects.select_for_update().get(pk=case.pk).state != case.state:
                    # Revised meanwhile: the later decision carries itself out.
                    return
                own = mine.filter(pledge=pledge, voter__in=some)
                if released:
                    own.filter(ended_at=None).update(ended_at=at, ending=HeldBallot.Ending.RELEASED)
                else:
                    to_hold_again(own).update(ended_at=None, ending="")
                settle(pledge, some, at=at)


def mend_standings(*, at: datetime) -> int:
    """Carry out what an interruption left undone, and settle every ballot whose standing is not what its hold says; return how many there were."""
    for case in unfinished_cases():
        carry_out(case, at=at)
    mended = 0
    for pledge, voters in list(standing_mismatches()):
        for some in batched(voters, BATCH):
            with transaction.atomic():
                mended += sum(settle(pledge, some, at=at).values())
    return mended


def _to_move(case: HoldCase, verdict: HoldDecision.Verdict) -> QuerySet[HeldBallot]:
    mine = HeldBallot.objects.filter(case=case)
    if verdict == HoldDecision.Verdict.RELEASE:
        return mine.filter(ended_at=None)
    return mine.filter(Q(ended_at=None) | Q(pk__in=to_hold_again(mine).values("pk")))
