"""Writes of reactions to activity reports (参考になった / ならなかった) and their tallies.

Locks are taken in the order of ballots: the counters of use, the reaction, the tally.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.evaluations.errors import OwnReport
from tsushinbo.evaluations.models import Helpfulness, Reaction
from tsushinbo.evaluations.queries.recount import REACTIONS
from tsushinbo.evaluations.services.limits import count_voters_use
from tsushinbo.evaluations.services.tallies import add_to_tally, move_tally, moves
from tsushinbo.people.queries import speaks_for

# SQL that both databases know and the ORM cannot say: whether a row was added.
ADD_REACTION = """
    INSERT INTO evaluations_reaction (report_id, voter, helpful, cast_at, changed_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (report_id, voter) DO NOTHING RETURNING voter
"""


def react(
    *,
    report: ActivityReport,
    voter: int,
    choice: Helpfulness,
    network: str | None = None,
    account: User | None = None,
    at: datetime,
) -> Reaction:
    """Record what a voter says of a report, replacing what was said before, and move the tally with it.

    network: what the voter's network is counted under. account: who is logged in, if anybody; it is asked whether it wrote the report or
    speaks for its politician, and is not stored. Saying the same again changes nothing. Raises OwnReport, accounts.services.TooMany.
    """
    if account is not None and (account.pk == report.author_id or speaks_for(account, report.politician_id)):
        raise OwnReport
    reaction = Reaction(report=report, voter=voter, helpful=choice == Helpfulness.HELPFUL, cast_at=at, changed_at=at)
    with transaction.atomic():
        count_voters_use(voter, network, at)
        earlier = _add(reaction)
        if earlier is None:
            add_to_tally(report.pk, reaction.counted_in, at=at, of=REACTIONS)
            return reaction
        if earlier.helpful == reaction.helpful:
            return earlier
        reaction.cast_at = earlier.cast_at
        _rows(report, voter).update(helpful=reaction.helpful, changed_at=at)
        move_tally(report.pk, moves(earlier.counted_in, reaction.counted_in), at=at, of=REACTIONS)
        return reaction


def withdraw_reaction(*, report: ActivityReport, voter: int, network: str | None = None, at: datetime) -> bool:
    """Take back what a voter said of a report; return whether there was anything. Raises accounts.services.TooMany."""
    with transaction.atomic():
        count_voters_use(voter, network, at)
        reaction = _rows(report, voter).select_for_update().first()
        if reaction is None:
            return False
        _rows(report, voter).delete()
        move_tally(report.pk, moves(reaction.counted_in, frozenset()), at=at, of=REACTIONS)
        return True


def _rows(report: ActivityReport, voter: int) -> QuerySet[Reaction]:
    return Reaction.objects.filter(report=report, voter=voter)


def _add(reaction: Reaction) -> Reaction | None:
    """Write a new reaction and return None; where the voter has one already, lock and return that."""
    at = connection.ops.adapt_datetimefield_value(reaction.cast_at)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(ADD_REACTION, [reaction.report_id, reaction.voter, reaction.helpful, at, at])
            if cursor.fetchone() is not None:
                return None
        earlier = _rows(reaction.report, reaction.voter).select_for_update().first()
        # None: withdrawn by another tab since; then it is a new one after all.
        if earlier is not None:
            return earlier
