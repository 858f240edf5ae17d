"""Writes of ballots (一票) and their tallies (集計).

Locks are taken in one order, so that no two writers wait for each other: the counters of use, the ballot, its text, the tally. The tally
comes last because everybody who judges the same pledge waits for it. SQLite has one writer at a time anyway (BEGIN IMMEDIATE).
"""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.evaluations.errors import ContradictoryReasons, OwnPledge, TextWithoutOther
from tsushinbo.evaluations.models import DIMENSIONS, Ballot, Choice, Reason, ReasonText, Tally
from tsushinbo.evaluations.services.recounting import recount
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.models import Pledge

TEXT_LENGTH = 400

# SQL that both databases know and the ORM cannot say: whether a row was added, and a count that goes on from what is there.
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
    INSERT INTO evaluations_ballot ({", ".join(BALLOT_COLUMNS)}) VALUES ({", ".join(["%s"] * len(BALLOT_COLUMNS))})
    ON CONFLICT (pledge_id, voter) DO NOTHING
"""  # noqa: S608 - names of columns of ours
ADD_TO_TALLY = f"""
    INSERT INTO evaluations_tally (pledge_id, changed_at, {", ".join(Tally.COUNTS)}) VALUES (%s, %s, {", ".join(["%s"] * len(Tally.COUNTS))})
    ON CONFLICT (pledge_id) DO UPDATE SET changed_at = excluded.changed_at,
    {", ".join(f"{column} = evaluations_tally.{column} + excluded.{column}" for column in Tally.COUNTS)}
"""  # noqa: S608 - names of columns of ours


def cast_ballot(
    *,
    pledge: Pledge,
    voter: int,
    choice: Choice,
    reasons: Collection[Reason] = (),
    text: str = "",
    network: str | None = None,
    account: User | None = None,
    at: datetime,
) -> Ballot:
    """Record a voter's ballot on a pledge, replacing an earlier one, and move the tally with it.

    text: why, with the reason ``OTHER`` only; seen by others after approval. network: what the voter's network is counted under.
    account: who is logged in, if anybody; it is asked whether it speaks for the pledge's politician, and is not stored.
    A ballot equal to the earlier one changes nothing. Raises ContradictoryReasons, TextWithoutOther, OwnPledge, accounts.services.TooMany.
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
        _count_use(voter, network, at)
        earlier = _add(ballot)
        if earlier is None:
            if text:
                _keep_text(ballot, text, at)
            _add_to_tally(ballot)
            return ballot
        ballot.cast_at = earlier.cast_at
        if ballot.counted_in == earlier.counted_in:
            ballot.changed_at = earlier.changed_at
        else:
            columns = ("choice", *(dimension.name for dimension in DIMENSIONS), "other", "changed_at")
            _row(ballot).update(**{column: getattr(ballot, column) for column in columns})
        if ballot.other or earlier.other:
            _keep_text(ballot, text, at)
        _move_tally(pledge, before=earlier.counted_in, after=ballot.counted_in, at=at)
        return ballot


def withdraw_ballot(*, pledge: Pledge, voter: int, network: str | None = None, at: datetime) -> bool:
    """Take a voter's ballot and its text away; return whether there was one. Raises accounts.services.TooMany."""
    with transaction.atomic():
        _count_use(voter, network, at)
        ballot = Ballot.objects.select_for_update().filter(pledge=pledge, voter=voter).first()
        if ballot is None:
            return False
        _row(ballot).delete()
        if ballot.other:
            ReasonText.objects.filter(pledge=pledge, voter=voter).delete()
        _move_tally(pledge, before=ballot.counted_in, after=frozenset(), at=at)
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


def _count_use(voter: int, network: str | None, at: datetime) -> None:
    allowed = {f"voter:{voter}": settings.RATE_BALLOTS_PER_VOTER}
    if network is not None:
        allowed[network] = settings.RATE_BALLOTS_PER_NETWORK
    count_use(allowed, at=at)


def _row(ballot: Ballot) -> QuerySet[Ballot]:
    return Ballot.objects.filter(pledge=ballot.pledge_id, voter=ballot.voter)


def _add(ballot: Ballot) -> Ballot | None:
    """Write a new ballot and return None; where the voter has one already, lock and return that."""
    values = [getattr(ballot, column) for column in BALLOT_COLUMNS[:-2]]
    times = [connection.ops.adapt_datetimefield_value(time) for time in (ballot.cast_at, ballot.changed_at)]
    while True:
        with connection.cursor() as cursor:
            cursor.execute(ADD_BALLOT, [*values, *times])
            if cursor.rowcount == 1:
                return None
        earlier = _row(ballot).select_for_update().first()
        # None: withdrawn by another tab since; then it is a new one after all.
        if earlier is not None:
            return earlier


def _keep_text(ballot: Ballot, text: str, at: datetime) -> None:
    """Keep the text of a ballot as it is now. One that changed goes back to wait for approval."""
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
        "decision_note": "",
    }
    if not texts.filter(text=text).exists():
        texts.update_or_create(pledge=ballot.pledge, voter=ballot.voter, defaults=waiting)


def _add_to_tally(ballot: Ballot) -> None:
    counted = ballot.counted_in
    counts = [int(column in counted) for column in Tally.COUNTS]
    with connection.cursor() as cursor:
        cursor.execute(
            ADD_TO_TALLY, [ballot.pledge_id, connection.ops.adapt_datetimefield_value(ballot.changed_at), *counts]
        )


def _move_tally(pledge: Pledge, *, before: frozenset[str], after: frozenset[str], at: datetime) -> None:
    moves = {column: F(column) + 1 for column in after - before} | {column: F(column) - 1 for column in before - after}
    if moves and not Tally.objects.filter(pk=pledge.pk).update(changed_at=at, **moves):
        recount([pledge.pk])
