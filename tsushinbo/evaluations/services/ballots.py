"""Writes of ballots (一票) and their tallies (集計).

Locks are taken in one order, so that no two writers wait for each other: the counters of use, a share of the pledge, the ballot, its text, the tally. The tally
comes last because everybody who judges the same pledge waits for it. SQLite has one writer at a time anyway (BEGIN IMMEDIATE).
A ballot that came without the work it takes has its case locked before all of them but the counters (standings.py).
A ballot that is held or excluded stays so, whether it is changed or withdrawn and cast again.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import UNKNOWN_NETWORK
from tsushinbo.evaluations.errors import ContradictoryReasons, OwnPledge, TextWithoutOther
from tsushinbo.evaluations.models import DIMENSIONS, Ballot, BallotNetwork, Choice, Reason, ReasonText, Standing
from tsushinbo.evaluations.services.limits import count_voters_use
from tsushinbo.evaluations.services.standings import STANDING_OF_NEW, settle_new
from tsushinbo.evaluations.services.tallies import add_to_tally, move_tally, moves
from tsushinbo.evaluations.services.working import case_without_work, hold_without_work
from tsushinbo.moderation.services import refuse_banned
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.services import standing_pledge

TEXT_LENGTH = 400
ONE_DAY = timedelta(days=1)

# SQL that both databases know and the ORM cannot say: whether a row was added, and with which standing.
BALLOT_COLUMNS = (
    "pledge_id",
    "voter",
    "choice",
    *(dimension.name for dimension in DIMENSIONS),
    "other",
    "cast_at",
    "changed_at",
)
ADD_BALLOT = f"""
    INSERT INTO evaluations_ballot ({", ".join(BALLOT_COLUMNS)}, standing)
    VALUES ({", ".join(["%s"] * len(BALLOT_COLUMNS))}, {STANDING_OF_NEW})
    ON CONFLICT (pledge_id, voter) DO NOTHING RETURNING standing
"""  # noqa: S608 - names of columns of ours
# A ballot that was withdrawn and cast again on one day comes from where it came last.
KEEP_NETWORK = """
    INSERT INTO evaluations_ballotnetwork (day, pledge_id, voter, network) VALUES (%s, %s, %s, %s)
    ON CONFLICT (day, pledge_id, voter) DO UPDATE SET network = excluded.network
"""


def cast_ballot(
    *,
    pledge: Pledge,
    voter: int,
    choice: Choice,
    reasons: Collection[Reason] = (),
    text: str = "",
    network: str | None = None,
    account: User | None = None,
    work: str | None = None,
    at: datetime,
) -> Ballot:
    """Record a voter's ballot on a pledge, replacing an earlier one, and move the tally with it.

    text: why, with the reason ``OTHER`` only; seen by others after approval. network: what the voter's network is counted under.
    account: who is logged in, if anybody; it is asked whether it speaks for the pledge's politician, and is not stored. work: the answer to a challenge where the
    owner has a sudden change (working.case_without_work); "" where the browser could give one, None where it cannot: then the ballot of a new key is held.
    A ballot equal to the earlier one changes nothing. Raises ContradictoryReasons, TextWithoutOther, OwnPledge, accounts.proof_of_work.WorkNeeded,
    accounts.services.TooMany, and moderation's Banned for a new text of who may write none.
    """
    ballot = Ballot(
        pledge=pledge,
        voter=voter,
        choice=choice,
        other=Reason.OTHER in reasons,
        cast_at=at,
        changed_at=at,
        **_said(reasons),
    )
    if text and not ballot.other:
        raise TextWithoutOther
    if account is not None and speaks_for(account, pledge.politician_id):
        raise OwnPledge
    with transaction.atomic():
        count_voters_use(voter, network, at)
        # A pledge that was merged into another since the voter read it: the ballot counts there.
        ballot.pledge_id = standing_pledge(pledge.pk)
        case = case_without_work(pledge, voter, work, at)
        earlier = _add(ballot)
        if earlier is None:
            if ballot.standing != Standing.COUNTED:
                settle_new(ballot)
            if text:
                _keep_text(ballot, text, account, network, at)
            _keep_network(ballot, network, at)
            add_to_tally(ballot.pledge_id, ballot.counted_in, at=at)
            if case is not None:
                hold_without_work(case, ballot, at)
            return ballot
        ballot.cast_at, ballot.standing = earlier.cast_at, Standing(earlier.standing)
        if ballot.says == earlier.says:
            ballot.changed_at = earlier.changed_at
        else:
            columns = ("choice", *(dimension.name for dimension in DIMENSIONS), "other", "changed_at")
            _row(ballot).update(**{column: getattr(ballot, column) for column in columns})
        if ballot.other or earlier.other:
            _keep_text(ballot, text, account, network, at)
        move_tally(ballot.pledge_id, moves(earlier.counted_in, ballot.counted_in), at=at)
        return ballot


def withdraw_ballot(*, pledge: Pledge, voter: int, network: str | None = None, at: datetime) -> bool:
    """Take a voter's ballot and its text away; return whether there was one. Raises accounts.services.TooMany."""
    with transaction.atomic():
        count_voters_use(voter, network, at)
        where = standing_pledge(pledge.pk)
        ballot = Ballot.objects.select_for_update().filter(pledge=where, voter=voter).first()
        if ballot is None:
            return False
        _row(ballot).delete()
        if ballot.other:
            ReasonText.objects.filter(pledge=where, voter=voter).delete()
        today = timezone.localdate(at)
        BallotNetwork.objects.filter(day__in=(today, today - ONE_DAY), pledge=where, voter=voter).delete()
        move_tally(where, moves(ballot.counted_in, frozenset()), at=at)
        return True


def _said(reasons: Collection[Reason]) -> dict[str, bool | None]:
    """Turn reasons into the columns of Ballot."""
    twice = [each for each in DIMENSIONS if each.positive in reasons and each.negative in reasons]
    if twice:
        raise ContradictoryReasons(twice)
    return {
        each.name: True if each.positive in reasons else False if each.negative in reasons else None
        for each in DIMENSIONS
    }


def _row(ballot: Ballot) -> QuerySet[Ballot]:
    return Ballot.objects.filter(pledge=ballot.pledge_id, voter=ballot.voter)


def _add(ballot: Ballot) -> Ballot | None:
    """Write a new ballot and return None; where the voter has one already, lock and return that."""
    values = [getattr(ballot, column) for column in BALLOT_COLUMNS[:-2]]
    times = [connection.ops.adapt_datetimefield_value(time) for time in (ballot.cast_at, ballot.changed_at)]
    while True:
        with connection.cursor() as cursor:
            cursor.execute(ADD_BALLOT, [*values, *times, ballot.pledge_id, ballot.voter])
            if (added := cursor.fetchone()) is not None:
                ballot.standing = Standing(added[0])
                return None
        earlier = _row(ballot).select_for_update().first()
        # None: withdrawn by another tab since; then it is a new one after all.
        if earlier is not None:
            return earlier


def _keep_network(ballot: Ballot, network: str | None, at: datetime) -> None:
    """Keep where a new ballot came from, for the two days in which the signs of an attack are looked for."""
    if network is None or network == UNKNOWN_NETWORK:
        return
    number = int.from_bytes(hashlib.blake2b(network.encode(), digest_size=8).digest()) >> 1
    day = connection.ops.adapt_datefield_value(timezone.localdate(at))
    with connection.cursor() as cursor:
        cursor.execute(KEEP_NETWORK, [day, ballot.pledge_id, ballot.voter, number])


def _keep_text(ballot: Ballot, text: str, account: User | None, network: str | None, at: datetime) -> None:
    """Keep the text of a ballot as it is now. One that changed goes back to wait for approval; who is banned writes none."""
    texts = ReasonText.objects.filter(pledge=ballot.pledge_id, voter=ballot.voter)
    if not text:
        texts.delete()
        return
    waiting = {
        "text": text,
        "state": ReasonText.State.PENDING,
        "submitted_at": at,
        "decided_at": None,
        "decided_by": None,
        "decision_reason": "",
        "decision_note": "",
    }
    if not texts.filter(text=text).exists():
        refuse_banned(account=account, network=network or "", at=at)
        texts.update_or_create(pledge_id=ballot.pledge_id, voter=ballot.voter, defaults=waiting)
