"""The work that the first ballot of a new key takes while its owner has a sudden change, and the holding of those that came without."""

from datetime import datetime

from tsushinbo.accounts.proof_of_work import is_done
from tsushinbo.evaluations.models import Ballot, HoldCase, Standing
from tsushinbo.evaluations.queries.flagged import bits_for
from tsushinbo.evaluations.services.holds import hold_some
from tsushinbo.pledges.models import Pledge


def work_purpose(pledge: int) -> str:
    """What a challenge for a ballot on this pledge is good for."""
    return f"ballot:{pledge}"


def case_without_work(pledge: Pledge, voter: int, answer: str | None, at: datetime) -> HoldCase | None:
    """Return the case, locked, that this voter's ballot is to be held in; None where nothing is asked or the answer does.

    To be called inside the transaction of the ballot, before the ballot is written: cases are locked first. Raises WorkNeeded of accounts.proof_of_work:
    WorkAsked where a browser that can compute gave no answer yet (""), WorkRefused where it gave one that does not do.
    """
    if is_done(work_purpose(pledge.pk), answer, bits_for(pledge, voter), at):
        return None
    owner = f"politician:{pledge.politician_id}" if pledge.politician_id else f"party:{pledge.party_id}"
    same = HoldCase.objects.filter(sign=HoldCase.Sign.NO_WORK, state=HoldCase.State.OPEN, details__owner=owner)
    case = same.select_for_update().order_by("found_at", "pk").first()
    if case is None:
        kind = "politician" if pledge.politician_id else "party"
        target = {"kind": kind, "id": pledge.owner.pk, "name": str(pledge.owner), "choice": "both"}
        details = {"owner": owner, "targets": [target], "others": None, "ballots": 0, "voters": 0}
        case = HoldCase(
            sign=HoldCase.Sign.NO_WORK, begins_at=at, ends_at=at, strength=0, expected=0, details=details, found_at=at
        )
    case.changed_at = at
    return case


def hold_without_work(case: HoldCase, ballot: Ballot, at: datetime) -> None:
    """Hold a ballot that was just written, in the case that was locked for it."""
    # A new key has one ballot: as many voters as ballots.
    case.details["voters"] += 1
    if hold_some(case, ballot.pledge_id, [ballot.voter], at):
        ballot.standing = Standing.HELD
