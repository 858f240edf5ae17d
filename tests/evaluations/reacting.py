"""Reacting to reports shortly, and counting reactions one by one, apart from what is proved."""

from collections import Counter
from typing import Any

from tests.evaluations.counting import AT
from tsushinbo.activities.models import ActivityReport
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Helpfulness, Reaction, ReactionTally


def react(report: ActivityReport, voter: int = 1, choice: str = "helpful", **rest: Any) -> Reaction:
    """React at noon unless ``at`` says otherwise."""
    return services.react(report=report, voter=voter, choice=Helpfulness(choice), **{"at": AT, **rest})


def withdraw(report: ActivityReport, voter: int = 1, **rest: Any) -> bool:
    return services.withdraw_reaction(report=report, voter=voter, **{"at": AT, **rest})


def kept_reactions(report: ActivityReport) -> dict[str, int]:
    """The tally as it is stored; columns that are 0 are left out."""
    tally = ReactionTally.objects.filter(pk=report.pk).first()
    return {column: count for column in ReactionTally.COUNTS if tally and (count := getattr(tally, column))}


def counted_reactions(report: ActivityReport) -> dict[str, int]:
    """The reactions counted one by one."""
    return dict(Counter(reaction.says.value for reaction in Reaction.objects.filter(report=report)))
