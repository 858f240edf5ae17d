"""Whether comments come so thick that a browser works before it sends one (accounts/proof_of_work.py): from one network, or on the whole site.

Bits grow by one with each doubling beyond what is let pass, so that the work for a flood grows as the flood does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor, log2

from django.conf import settings
from django.utils import timezone

from tsushinbo.accounts.proof_of_work import LEAST_BITS, asked
from tsushinbo.comments.models import Comment, CommentNetwork
from tsushinbo.kept import Kept

HOUR = timedelta(hours=1)
USUAL_HOURS = 7 * 24
# So many times the usual number in an hour is a flood, above settings.COMMENT_WORK_SITE.
TIMES_USUAL = 10
# So many seconds after it began, all processes know of a flood on the site.
SECONDS = 15.0
# What the first comment beyond takes: as much as a ballot in a window that stands out clearly.
BITS = LEAST_BITS + 4


@dataclass(frozen=True)
class Flow:
    """How many comments were posted in the last hour, and how many are let pass without work."""

    posted: int
    let_pass: float


def read_flow() -> Flow:
    """The flow of the whole site. Usual is the mean hour of the seven days before: two counts by an index, whatever became of the comments."""
    hour = timezone.now() - HOUR
    usual = _posted(hour - USUAL_HOURS * HOUR, hour) / USUAL_HOURS
    return Flow(_posted(hour), max(float(settings.COMMENT_WORK_SITE), TIMES_USUAL * usual))


_kept = Kept(read_flow, SECONDS)


def forget() -> None:
    """Read the flow anew at the next call, for tests."""
    _kept.forget()


def bits_for(network: str | None, at: datetime) -> int:
    """How many bits of work a comment without an account takes now; 0 in ordinary times.

    One query for the network, and two in some seconds in each process for the site.
    """
    when = settings.COMMENT_WORK
    if when == "off" or not asked(BITS):
        return 0
    network_flow = Flow(_posted_from(network, at), settings.COMMENT_WORK_NETWORK) if network else Flow(0, 1)
    beyond = max(_doublings(network_flow), _doublings(_kept.get()))
    if beyond < 0:
        return asked(BITS) if when == "always" else 0
    return asked(BITS + beyond)


def _doublings(flow: Flow) -> int:
    """How often what is let pass has doubled, -1 below it. The comment that is being posted counts."""
    return floor(log2((flow.posted + 1) / flow.let_pass)) if flow.posted >= flow.let_pass else -1


def _posted(after: datetime, until: datetime | None = None) -> int:
    # Every state is named, so that the index by state and time serves.
    rows = Comment.objects.filter(state__in=Comment.State.values, made_at__gt=after)
    return (rows if until is None else rows.filter(made_at__lte=until)).count()


def _posted_from(network: str, at: datetime) -> int:
    """How many came from a network in the last hour. It has another name each day (Asia/Tokyo), and begins anew with it."""
    today = CommentNetwork.objects.filter(day=timezone.localdate(at), network=network)
    return today.filter(comment__made_at__gt=at - HOUR).count()
