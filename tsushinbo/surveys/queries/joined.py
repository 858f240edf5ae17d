"""Answers of an account that asked to keep what its browsers judge together (evaluations.queries.joining); no other answer leads to an account."""

from typing import Any

from tsushinbo.accounts.models import User
from tsushinbo.evaluations.queries.joining import joined_voter
from tsushinbo.surveys.queries.surveys import exported_answers


def exported(user: User) -> list[dict[str, Any]]:
    """What they answered, for its owner."""
    voter = joined_voter(user)
    return [] if voter is None else exported_answers(voter)
