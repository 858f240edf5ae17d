"""Reads of questionnaires; one module a subject."""

from tsushinbo.advice.queries.answers import (
    History,
    Request,
    answered_counts,
    answers_of,
    exported,
    history_of,
    requests_to,
    seen_token,
    statements_of,
    takes_answers,
)
from tsushinbo.advice.queries.matching import MatchPage, Mine, Question, Row, match_page
from tsushinbo.advice.queries.people import ASSEMBLIES, EDITORS, asked_in, contests_of, is_asked, is_own_side
from tsushinbo.advice.queries.questionnaires import at_desk, is_off, listed, of_election, open_at, published

__all__ = [
    "ASSEMBLIES",
    "EDITORS",
    "History",
    "MatchPage",
    "Mine",
    "Question",
    "Request",
    "Row",
    "answered_counts",
    "answers_of",
    "asked_in",
    "at_desk",
    "contests_of",
    "exported",
    "history_of",
    "is_asked",
    "is_off",
    "is_own_side",
    "listed",
    "match_page",
    "of_election",
    "open_at",
    "published",
    "requests_to",
    "seen_token",
    "statements_of",
    "takes_answers",
]
