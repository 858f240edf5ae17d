"""Assessing shortly, and counting assessments in Python, apart from what is proved."""

from typing import Any

from tests.evaluations.counting import AT
from tsushinbo.accounts.models import User
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Assessment, AssessmentTally
from tsushinbo.pledges.models import Pledge

NOTHING = (0, 0, 0, 0, 0)


def assess(pledge: Pledge, author: User, progress: int = 40, achievement: int = 20, **rest: Any) -> Assessment:
    """Assess at noon unless ``at`` says otherwise."""
    return services.assess_pledge(
        pledge=pledge, author=author, progress=progress, achievement=achievement, **{"at": AT, **rest}
    )


def self_assess(pledge: Pledge, author: User, progress: int = 90, achievement: int = 80, **rest: Any) -> Assessment:
    """State the politician's own view at noon unless ``at`` says otherwise."""
    return services.self_assess(
        pledge=pledge, author=author, progress=progress, achievement=achievement, **{"at": AT, **rest}
    )


def kept_sums(pledge: Pledge) -> tuple[int, ...]:
    """The tally as it is stored."""
    tally = AssessmentTally.objects.filter(pk=pledge.pk).first()
    return tuple(getattr(tally, column) for column in AssessmentTally.COUNTS) if tally else NOTHING


def counted_sums(pledge: Pledge) -> tuple[int, ...]:
    """The assessments counted one by one."""
    rows = [row for row in Assessment.objects.filter(pledge=pledge) if row.current and not row.by_owner]
    return sums(*((row.progress, row.achievement) for row in rows))


def sums(*values: tuple[int, int]) -> tuple[int, ...]:
    """What (progress, achievement) of several people add up to."""
    return (
        len(values),
        sum(progress for progress, _ in values),
        sum(progress**2 for progress, _ in values),
        sum(achievement for _, achievement in values),
        sum(achievement**2 for _, achievement in values),
    )
