"""Whether ballots count (採否): the standing of a ballot is what its hold says, and COUNTED without one.

Locks are taken in one order: the case, the hold, the ballot, the tally. A voter who casts a new ballot waits for the hold with the ballot in hand, but
nobody else sees that ballot before it is committed.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from tsushinbo.evaluations.models import Ballot, HeldBallot, HoldCase, Standing
from tsushinbo.evaluations.queries.holds import STANDING_OF_CASE
from tsushinbo.evaluations.services.tallies import move_tally, moves

# queries.holds.STANDING_OF_CASE for a new ballot, in the statement that writes it; takes the pledge and the voter.
STANDING_OF_NEW = """
    COALESCE((
        SELECT CASE held_in.state WHEN 'open' THEN 1 WHEN 'excluded' THEN 2 ELSE 0 END
        FROM evaluations_heldballot hold JOIN evaluations_holdcase held_in ON held_in.id = hold.case_id
        WHERE hold.pledge_id = %s AND hold.voter = %s AND hold.ended_at IS NULL
    ), 0)
"""


def holds_of(pledge: int, voters: Collection[int]) -> QuerySet[HeldBallot]:
    """The holds of these voters' ballots on a pledge that have not ended."""
    return HeldBallot.objects.filter(pledge=pledge, voter__in=voters, ended_at=None)


def settle(pledge: int, voters: Collection[int], *, at: datetime) -> dict[int, bool]:
    """Give these voters' ballots on a pledge the standing that their holds say, and move the tally with them.

    To be called inside a transaction, after the holds were changed. Returns the voters who have a ballot, each with whether its standing moved.
    """
    right = _right_standings(pledge, voters)
    rows = Ballot.objects.filter(pledge=pledge, voter__in=voters).select_for_update().order_by("voter")
    moved: dict[Standing, list[int]] = {}
    settled: dict[int, bool] = {}
    by: Counter[str] = Counter()
    for ballot in rows:
        standing = right.get(ballot.voter, Standing.COUNTED)
        settled[ballot.voter] = ballot.standing != standing
        if settled[ballot.voter]:
            before = ballot.counted_in
            ballot.standing = standing
            by.update(moves(before, ballot.counted_in))
            moved.setdefault(standing, []).append(ballot.voter)
    for standing, whose in moved.items():
        Ballot.objects.filter(pledge=pledge, voter__in=whose).update(standing=standing)
    move_tally(pledge, by, at=at)
    return settled


def settle_new(ballot: Ballot) -> None:
    """Make sure of the standing of a new ballot that is held: its case may have been decided since the ballot was written."""
    right = _right_standings(ballot.pledge_id, [ballot.voter]).get(ballot.voter, Standing.COUNTED)
    if ballot.standing != right:
        ballot.standing = right
        Ballot.objects.filter(pledge=ballot.pledge_id, voter=ballot.voter).update(standing=right)


def _right_standings(pledge: int, voters: Collection[int]) -> dict[int, Standing]:
    """What the holds say, locked until the end of the transaction."""
    locked = holds_of(pledge, voters).select_for_update().order_by("voter").values_list("voter", "case")
    cases = dict(locked)
    # Asked for after the lock: only then is it what the last decision left.
    states = dict(HoldCase.objects.filter(pk__in=set(cases.values())).values_list("pk", "state"))
    return {voter: STANDING_OF_CASE[HoldCase.State(states[case])] for voter, case in cases.items()}
