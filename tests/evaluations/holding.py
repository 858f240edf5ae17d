"""Holding ballots without an attack, and deciding on them shortly."""

from datetime import datetime

from django.db import transaction

from tests.accounts.factories import UserFactory
from tests.evaluations.counting import AT
from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import HoldCase, HoldDecision
from tsushinbo.evaluations.services.holds import decide_case, held_in, hold_some
from tsushinbo.pledges.models import Pledge


def hold(*pledges: Pledge, voters: tuple[int, ...] = (1,), sign: str = "co_target", at: datetime = AT) -> HoldCase:
    """Hold these voters' ballots on these pledges in a case of their own."""
    owners = {pledge.owner.pk: pledge for pledge in pledges}
    targets = [
        {"kind": "politician" if one.politician_id else "party", "id": pk, "name": str(one.owner), "choice": "bad"}
        for pk, one in owners.items()
    ]
    case = HoldCase(
        sign=sign,
        begins_at=at,
        ends_at=at,
        strength=7.5,
        expected=0.4,
        details={"targets": targets, "others": 1, "ballots": 0},
        found_at=at,
        changed_at=at,
    )
    for pledge in pledges:
        with transaction.atomic():
            hold_some(case, pledge.pk, list(voters), at)
    case.details |= held_in(case)
    case.save()
    return case


def release(case: HoldCase, *, by: User | None = None, at: datetime = AT, note: str = "") -> HoldDecision:
    return decide_case(
        case=case,
        verdict=HoldDecision.Verdict.RELEASE,
        reason=HoldDecision.Reason.NEWS,
        note=note,
        by=by or UserFactory.create(),
        at=at,
    )


def exclude(case: HoldCase, *, by: User | None = None, at: datetime = AT, note: str = "") -> HoldDecision:
    return decide_case(
        case=case,
        verdict=HoldDecision.Verdict.EXCLUDE,
        reason=HoldDecision.Reason.COORDINATED,
        note=note,
        by=by or UserFactory.create(),
        at=at,
    )
