"""Reads of surveys; one module a subject."""

from tsushinbo.surveys.queries.results import QuestionResult, results_of, texts_of
from tsushinbo.surveys.queries.surveys import (
    Listed,
    Shown,
    closed,
    find_survey,
    listed,
    opened,
    own_answers,
    read,
    revisions_of,
    shown,
)

__all__ = [
    "Listed",
    "QuestionResult",
    "Shown",
    "closed",
    "find_survey",
    "listed",
    "opened",
    "own_answers",
    "read",
    "results_of",
    "revisions_of",
    "shown",
    "texts_of",
]
