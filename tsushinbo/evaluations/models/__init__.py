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
from tsushinbo.evaluations.models.ballots import DIMENSIONS, Ballot, Choice, Dimension, Reason, ReasonText, Tally

__all__ = [
    "COMMENT_LENGTH",
    "DIMENSIONS",
    "HIGHEST",
    "LINKS",
    "LINK_TITLE_LENGTH",
    "LINK_URL_LENGTH",
    "Assessment",
    "AssessmentLink",
    "AssessmentTally",
    "Ballot",
    "Choice",
    "Dimension",
    "Reason",
    "ReasonText",
    "Tally",
]
