"""Write what a contest does otherwise than its election: its days, when its polls close, and whether there is a vote at all."""

from datetime import date, time

from django.db import transaction

from tsushinbo.elections.models import Contest
from tsushinbo.elections.queries import mode
from tsushinbo.elections.rules import in_force
from tsushinbo.errors import RuleBroken


class DaysRefused(RuleBroken):
    """No contest can be held like that."""


def check_days(
    contest: Contest, *, announced_on: date | None, polling_on: date | None, polls_close_at: time | None
) -> None:
    """Raise DaysRefused where ``contest`` cannot be held like that; None is as its election.

    Polls may close up to four hours early, never late (公職選挙法 第40条).
    """
    close = in_force().periods.polls_close
    if polls_close_at is not None and not close.replace(hour=max(0, close.hour - 4)) <= polls_close_at <= close:
        raise DaysRefused(
            f"投票所を閉じる時刻は、{close:%H:%M}までの4時間のあいだで書いてください（公職選挙法 第40条）。"
        )
    announced, polled = announced_on or contest.election.announced_on, polling_on or contest.election.day
    if announced and polled and announced > polled:
        raise DaysRefused("告示日が投票日よりあとになっています。")


@transaction.atomic
def set_days(
    contest: Contest,
    *,
    announced_on: date | None,
    polling_on: date | None,
    polls_close_at: time | None,
    uncontested: bool,
) -> None:
    """Say in what ``contest`` differs from its election, such as a poll that is put off (第57条). Raises DaysRefused for what cannot be."""
    check_days(contest, announced_on=announced_on, polling_on=polling_on, polls_close_at=polls_close_at)
    # By its own columns alone: a count that comes at the same moment keeps what it wrote.
    Contest.objects.filter(pk=contest.pk).update(
        announced_on=announced_on, polling_on=polling_on, polls_close_at=polls_close_at, uncontested=uncontested
    )
    # This process holds to it at once; others read it within seconds.
    transaction.on_commit(mode.forget)
