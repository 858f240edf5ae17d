"""The run of the scores (採点) with its rankings."""

from tsushinbo.rankings.services.scoring import Outcome, clear_old_rows, score

__all__ = ["Outcome", "clear_old_rows", "score"]
