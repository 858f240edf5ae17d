"""What citizens think of a pledge; one module a subject."""

from tsushinbo.evaluations.models.ballots import DIMENSIONS, Ballot, Choice, Dimension, Reason, ReasonText, Tally

__all__ = ["DIMENSIONS", "Ballot", "Choice", "Dimension", "Reason", "ReasonText", "Tally"]
