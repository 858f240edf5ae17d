"""Keeping the ballots of an account together, on request, and no longer. Each person stays one voter with one ballot a pledge.

Locks are taken in the order of ballots.py: ballots, texts, tallies; the pledges in rising order.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from tsushinbo.accounts.models import User
from tsushinbo.evaluations.errors import JoinedElsewhere, NothingToJoin, UnsettledBallots
from tsushinbo.evaluations.models import Ballot, BallotNetwork, JoinedVoter, Reaction, ReasonText, Standing
from tsushinbo.evaluations.queries.joining import joined_voter
from tsushinbo.evaluations.queries.recount import REACTIONS
from tsushinbo.evaluations.seals import account_key, seal, voter_key
from tsushinbo.evaluations.services.tallies import move_tally, moves
from tsushinbo.people.models import Delegate

NONE: frozenset[str] = frozenset()


@transaction.atomic
def join_ballots(*, user: User, voter: int | None, at: datetime) -> int:
    """Let an account keep the ballots of the browser with the number ``voter`` together with its own; return the number the browser shall go on with.

    Of two ballots on one pledge the one that was changed last stays. Those on pledges of a politician for whom the account speaks are
    withdrawn. Raises NothingToJoin, JoinedElsewhere, and UnsettledBallots while a moderator has to decide on one of them, or has excluded one.
    """
    row = JoinedVoter.objects.select_for_update().filter(pk=account_key(user.pk)).first()
    own = joined_voter(user) if row else None
    if voter is None or voter == own:
        if own is None:
            raise NothingToJoin
        return own
    if JoinedVoter.objects.filter(voter_key=voter_key(voter)).exclude(pk=account_key(user.pk)).exists():
        raise JoinedElsewhere
    if Ballot.objects.filter(voter__in=[voter, *([own] if own else [])]).exclude(standing=Standing.COUNTED).exists():
        raise UnsettledBallots
    if own is None:
        JoinedVoter.objects.update_or_create(
            pk=account_key(user.pk),
            defaults={"voter_key": voter_key(voter), "sealed": seal(user.pk, voter), "joined_at": at},
        )
        own = voter
    else:
        _move_ballots(voter, own, at)
        _move_reactions(voter, own, at)
        for path in settings.VOTERS_JOINED:
            import_string(path)(voter=voter, own=own, at=at)
    spoken_for = Delegate.objects.filter(user=user).values("politician")
    on_own_side = Ballot.objects.filter(voter=own, pledge__politician__in=spoken_for)
    _take_away(list(on_own_side.select_for_update(of=("self",)).order_by("pledge")), at)
    return own


def part_ballots(*, user: User) -> bool:
    """Forget which ballots are an account's; the browsers keep them. Return whether it knew."""
    return bool(JoinedVoter.objects.filter(pk=account_key(user.pk)).delete()[0])


def forget_joined(user: User) -> None:
    """Forget it with an account that is closed: the ballots stay as anonymous counts."""
    part_ballots(user=user)


def _move_ballots(voter: int, own: int, at: datetime) -> None:
    """Give the ballots of ``voter`` to ``own``; of two on one pledge the older is withdrawn."""
    rows = Ballot.objects.select_for_update().filter(voter__in=(voter, own)).order_by("pledge", "voter")
    by_pledge: dict[int, list[Ballot]] = {}
    for ballot in rows:
        by_pledge.setdefault(ballot.pledge_id, []).append(ballot)
    older = [
        min(two, key=lambda one: (one.changed_at, one.voter == voter)) for two in by_pledge.values() if len(two) == 2
    ]
    _take_away(older, at)
    for kept in (Ballot, ReasonText, BallotNetwork):
        kept._default_manager.filter(voter=voter).update(voter=own)


def _take_away(ballots: list[Ballot], at: datetime) -> None:
    days = [timezone.localdate(at), timezone.localdate(at) - timedelta(days=1)]
    for ballot in ballots:
        which = Q(pledge=ballot.pledge_id, voter=ballot.voter)
        Ballot.objects.filter(which).delete()
        ReasonText.objects.filter(which).delete()
        BallotNetwork.objects.filter(which, day__in=days).delete()
    for ballot in ballots:
        move_tally(ballot.pledge_id, moves(ballot.counted_in, NONE), at=at)


def _move_reactions(voter: int, own: int, at: datetime) -> None:
    """The same for what was said of activity reports."""
    rows = Reaction.objects.select_for_update().filter(voter__in=(voter, own)).order_by("report", "voter")
    by_report: dict[int, list[Reaction]] = {}
    for reaction in rows:
        by_report.setdefault(reaction.report_id, []).append(reaction)
    older = [
        min(two, key=lambda one: (one.changed_at, one.voter == voter)) for two in by_report.values() if len(two) == 2
    ]
    for reaction in older:
        Reaction.objects.filter(report=reaction.report_id, voter=reaction.voter).delete()
    Reaction.objects.filter(voter=voter).update(voter=own)
    for reaction in older:
        move_tally(reaction.report_id, moves(reaction.counted_in, NONE), at=at, of=REACTIONS)
