"""The table of a pledge: 項目, 得点, 偏差値, 平均点, 件数."""

from collections.abc import Sequence
from dataclasses import dataclass

from tsushinbo.evaluations.queries.runs import Current, current
from tsushinbo.scoring.deviation import Scale, Unplaced
from tsushinbo.scoring.method import SHARES
from tsushinbo.scoring.ruler import Mark
from tsushinbo.scoring.shares import Share


@dataclass(frozen=True)
class Line:
    """One row of the table: what it is called, and its mark."""

    label: str
    mark: Mark
    # Whether any pledge was judged in this respect when the ruler was made: without one its 平均点 is the method's guess.
    measured: bool


@dataclass(frozen=True)
class ScoreTable:
    """The rows 総合, 明確さ, 現実性, 誠実さ on the ruler of ``run``."""

    run: Current
    lines: list[Line]

    @property
    def few(self) -> Scale | None:
        """The scale that has too few pledges for a 偏差値 of what is shown; None where none has."""
        scales = [
            self.run.ruler.pledges[line.mark.dimension]
            for line in self.lines
            if line.mark.shown and line.mark.reason is Unplaced.FEW
        ]
        return min(scales, key=lambda scale: scale.members, default=None)


def score_table(rows: Sequence[tuple[str, Share]]) -> ScoreTable | None:
    """Place the counts of a pledge, labelled and in the order of SHARES, on the current ruler; None before the first run. O(1)."""
    run = current()
    if run is None:
        return None
    lines = [
        Line(label, run.ruler.mark(name, share.positive, share.n), run.ruler.priors[name].pledges > 0)
        for name, (label, share) in zip(SHARES, rows, strict=True)
    ]
    return ScoreTable(run, lines)
