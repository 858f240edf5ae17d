"""Reads of ballots and tallies, and the draw of a pledge to judge."""

from tsushinbo.evaluations.queries.boxes import Answers, Box, own_box, public_box
from tsushinbo.evaluations.queries.drawing import draw_pledge
from tsushinbo.evaluations.queries.recount import tally_mismatches

__all__ = ["Answers", "Box", "draw_pledge", "own_box", "public_box", "tally_mismatches"]
