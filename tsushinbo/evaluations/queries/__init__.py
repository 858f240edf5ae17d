"""Reads of ballots, assessments and tallies, and the draw of a pledge to judge."""

from tsushinbo.evaluations.queries.assessments import (
    RatingPriors,
    Sheet,
    Voices,
    comments_on,
    fit_ratings,
    sheet_of,
    voices,
)
from tsushinbo.evaluations.queries.boxes import Answers, Box, ballots_today, own_box, public_box, reason_texts
from tsushinbo.evaluations.queries.drawing import DrawFilter, draw_pledge
from tsushinbo.evaluations.queries.reactions import ReactionBox, own_reactions, public_reactions
from tsushinbo.evaluations.queries.recount import (
    ASSESSMENTS,
    BALLOTS,
    REACTIONS,
    RECOUNTED,
    Counted,
    tally_mismatches,
)

__all__ = [
    "ASSESSMENTS",
    "BALLOTS",
    "REACTIONS",
    "RECOUNTED",
    "Answers",
    "Box",
    "Counted",
    "DrawFilter",
    "RatingPriors",
    "ReactionBox",
    "Sheet",
    "Voices",
    "ballots_today",
    "comments_on",
    "draw_pledge",
    "fit_ratings",
    "own_box",
    "own_reactions",
    "public_box",
    "public_reactions",
    "reason_texts",
    "sheet_of",
    "tally_mismatches",
    "voices",
]
