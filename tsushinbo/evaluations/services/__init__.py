"""Every write of what citizens think; one module a subject."""

from tsushinbo.evaluations.services.assessments import (
    Link,
    assess_pledge,
    end_assessments_of_delegates,
    self_assess,
    withdraw_assessment,
)
from tsushinbo.evaluations.services.ballots import TEXT_LENGTH, cast_ballot, withdraw_ballot
from tsushinbo.evaluations.services.joining import forget_joined, join_ballots, part_ballots
from tsushinbo.evaluations.services.merging import merge_pledges
from tsushinbo.evaluations.services.reactions import react, withdraw_reaction
from tsushinbo.evaluations.services.recounting import recount
from tsushinbo.evaluations.services.working import work_purpose

__all__ = [
    "TEXT_LENGTH",
    "Link",
    "assess_pledge",
    "cast_ballot",
    "end_assessments_of_delegates",
    "forget_joined",
    "join_ballots",
    "merge_pledges",
    "part_ballots",
    "react",
    "recount",
    "self_assess",
    "withdraw_assessment",
    "withdraw_ballot",
    "withdraw_reaction",
    "work_purpose",
]
