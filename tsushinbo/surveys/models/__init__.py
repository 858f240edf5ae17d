"""Surveys (アンケート): what is asked, what was answered, what an editor changed."""

from tsushinbo.surveys.models.answers import Answer, Count, FreeAnswer, Response
from tsushinbo.surveys.models.surveys import (
    LABEL_LENGTH,
    MOST_FIELDS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    MOST_RANKED,
    OPTION_LENGTH,
    QUESTION_LENGTH,
    SCALE,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Option,
    Question,
    Survey,
    SurveyRevision,
)

__all__ = [
    "LABEL_LENGTH",
    "MOST_FIELDS",
    "MOST_OPTIONS",
    "MOST_QUESTIONS",
    "MOST_RANKED",
    "OPTION_LENGTH",
    "QUESTION_LENGTH",
    "SCALE",
    "TEXT_LENGTH",
    "TITLE_LENGTH",
    "Answer",
    "Count",
    "FreeAnswer",
    "Option",
    "Question",
    "Response",
    "Survey",
    "SurveyRevision",
]
