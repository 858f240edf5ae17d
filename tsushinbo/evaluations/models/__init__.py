"""What citizens think of a pledge; one module a subject."""

from tsushinbo.evaluations.models.assessments import (
    COMMENT_LENGTH,
    HIGHEST,
    LINK_TITLE_LENGTH,
    LINK_URL_LENGTH,
    LINKS,
    Assessment,
    AssessmentLink,
    AssessmentTally,
)
from tsushinbo.evaluations.models.ballots import (
    DIMENSIONS,
    Ballot,
    Choice,
    Dimension,
    Reason,
    ReasonText,
    Standing,
    Tally,
)
from tsushinbo.evaluations.models.holds import Alert, BallotNetwork, HeldBallot, HoldCase, HoldDecision
from tsushinbo.evaluations.models.runs import PledgeConsensus, ScoreRun

__all__ = [
    "Alert",
    "Assessment",
    "AssessmentLink",
    "AssessmentTally",
    "Ballot",
    "BallotNetwork",
    "COMMENT_LENGTH",
    "Choice",
    "DIMENSIONS",
    "Dimension",
    "HIGHEST",
    "HeldBallot",
    "HoldCase",
    "HoldDecision",
    "LINKS",
    "LINK_TITLE_LENGTH",
    "LINK_URL_LENGTH",
    "PledgeConsensus",
    "Reason",
    "ReasonText",
    "ScoreRun",
    "Standing",
    "Tally",
]
