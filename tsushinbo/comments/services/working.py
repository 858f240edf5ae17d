"""The work that a comment without an account takes while comments come thick, and how few are taken without."""

from datetime import datetime

from django.conf import settings

from tsushinbo.accounts.proof_of_work import is_done
from tsushinbo.accounts.services import UNKNOWN_NETWORK, TooMany, count_use
from tsushinbo.comments.errors import TooManyWithoutWork


def work_purpose(report: int) -> str:
    """What a challenge for a comment on this report is good for."""
    return f"comment:{report}"


def take_work(report: int, network: str | None, answer: str | None, bits: int, at: datetime) -> None:
    """Let a comment pass for which the work was done that ``bits`` asks for, and of those without a few from each network.

    To be called inside the transaction of the comment. Raises accounts.proof_of_work.WorkNeeded, TooManyWithoutWork.
    """
    if is_done(work_purpose(report), answer, bits, at):
        return
    try:
        count_use({f"comment-without-work:{network or UNKNOWN_NETWORK}": settings.RATE_COMMENTS_WITHOUT_WORK}, at=at)
    except TooMany as refusal:
        raise TooManyWithoutWork(refusal.retry_after) from None
