"""Turning what was sent into values: an answer to a survey, and a survey as an editor writes it."""

from tsushinbo.surveys.forms.answering import AnswerForm
from tsushinbo.surveys.forms.editing import AmendForm, SurveyForm

__all__ = ["AmendForm", "AnswerForm", "SurveyForm"]
