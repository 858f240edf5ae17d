"""What the answers to ballots, reactions and assessments have in common."""

from collections.abc import Callable

from tsushinbo.moderation import answers
from tsushinbo.moderation.answers import BUSY_RETRY_SECONDS, KEPT, Refusal, SeeOther, htmx, later

__all__ = ["BUSY", "BUSY_RETRY_SECONDS", "KEPT", "Refusal", "SeeOther", "attempt", "htmx", "later"]

_BUSY = "いまは混み合っていて、評価を記録できませんでした。少し待ってから、もう一度お送りください。"
BUSY = _BUSY + KEPT


def attempt[Done](deed: Callable[[], Done], *, kept: str = KEPT) -> Done | Refusal:
    """Record what a voter sent; return what the deed does, or why it could not be recorded now."""
    return answers.attempt(deed, kept=kept, busy=_BUSY)
