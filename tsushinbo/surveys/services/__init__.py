"""Writes of surveys: making and publishing them, answering them."""

from tsushinbo.surveys.services.answering import answer_survey
from tsushinbo.surveys.services.editing import (
    OptionDraft,
    QuestionDraft,
    SurveyDraft,
    amend_survey,
    discard_draft,
    publish_survey,
    save_survey,
)
from tsushinbo.surveys.services.joining import join_answers
from tsushinbo.surveys.services.recounting import mismatches, recount

__all__ = [
    "OptionDraft",
    "QuestionDraft",
    "SurveyDraft",
    "amend_survey",
    "answer_survey",
    "discard_draft",
    "join_answers",
    "mismatches",
    "publish_survey",
    "recount",
    "save_survey",
]
