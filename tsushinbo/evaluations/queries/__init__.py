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
from tsushinbo.evaluations.queries.recount import ASSESSMENTS, BALLOTS, RECOUNTED, Counted, tally_mismatches

__all__ = [
    "ASSESSMENTS",
    "BALLOTS",
    "RECOUNTED",
    "Answers",
    "Box",
    "Counted",
    "DrawFilter",
    "RatingPriors",
    "Sheet",
    "Voices",
    "ballots_today",
    "comments_on",
    "draw_pledge",
    "fit_ratings",
    "own_box",
    "public_box",
    "reason_texts",
    "sheet_of",
    "tally_mismatches",
    "voices",
]
