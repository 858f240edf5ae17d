"""Who may not have anything new published about them, as other rooms ask it: by name (config/rooms.py) or to narrow what they read."""

from datetime import datetime, time

from django.db.models import QuerySet

from tsushinbo.elections.models import Candidacy
from tsushinbo.elections.phases import TOKYO
from tsushinbo.elections.queries.mode import held_people
from tsushinbo.elections.rules import Rule


def frozen_people(at: datetime) -> QuerySet[Candidacy, int] | None:
    """The politicians about whom nothing new becomes public at ``at``; None where there are none."""
    return held_people(Rule.FREEZE, at)


def frozen_since(at: datetime) -> datetime:
    """From when on what was to be published waits, where it waits at ``at``: from the beginning of that day in Japan."""
    return datetime.combine(at.astimezone(TOKYO), time(), TOKYO)
