"""What citizens think of pledges and reports; one module a subject."""

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
from tsushinbo.evaluations.models.joining import JoinedVoter
from tsushinbo.evaluations.models.reactions import Helpfulness, Reaction, ReactionTally
from tsushinbo.evaluations.models.runs import PledgeConsensus, ScoreRun

__all__ = [
    "COMMENT_LENGTH",
    "DIMENSIONS",
    "HIGHEST",
    "LINKS",
    "LINK_TITLE_LENGTH",
    "LINK_URL_LENGTH",
    "Alert",
    "Assessment",
    "AssessmentLink",
    "AssessmentTally",
    "Ballot",
    "BallotNetwork",
    "Choice",
    "Dimension",
    "HeldBallot",
    "Helpfulness",
    "HoldCase",
    "HoldDecision",
    "JoinedVoter",
    "PledgeConsensus",
    "Reaction",
    "ReactionTally",
    "Reason",
    "ReasonText",
    "ScoreRun",
    "Standing",
    "Tally",
]
