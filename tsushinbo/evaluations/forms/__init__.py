"""Turning what a visitor sent into values, with a message beside each field that cannot be read; one module a subject."""

from tsushinbo.evaluations.forms.assessments import AssessmentForm
from tsushinbo.evaluations.forms.ballots import BallotForm
from tsushinbo.evaluations.forms.drawing import SKIPS, DrawForm
from tsushinbo.evaluations.forms.reactions import ReactionForm

__all__ = ["SKIPS", "AssessmentForm", "BallotForm", "DrawForm", "ReactionForm"]
