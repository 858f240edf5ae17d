"""Texts that wait for a decision."""

from datetime import datetime
from itertools import count

from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations.models import ReasonText
from tsushinbo.pledges.models import Pledge

_voters = count(1)


def waiting_text(*, at: datetime, pledge: Pledge | None = None, text: str = "説明が足りません。") -> ReasonText:
    """The words of a voter without an account, submitted at ``at``."""
    return ReasonText.objects.create(
        pledge=pledge or PledgeFactory.create(), voter=next(_voters), text=text, submitted_at=at
    )
