"""Reads of ballots, assessments and tallies, and the draw of a pledge to judge."""

from tsushinbo.evaluations.queries.boxes import Answers, Box, ballots_today, own_box, public_box
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
    "ballots_today",
    "draw_pledge",
    "own_box",
    "public_box",
    "tally_mismatches",
]
