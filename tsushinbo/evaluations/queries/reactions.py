"""What the box below an activity report shows: the counts of 参考になった and ならなかった, and what this voter said."""

from dataclasses import dataclass

from tsushinbo.activities.models import ActivityReport
from tsushinbo.evaluations.models import Helpfulness, Reaction, ReactionTally
from tsushinbo.evaluations.queries.boxes import Row
from tsushinbo.scoring.shares import Share


@dataclass(frozen=True)
class ReactionBox:
    """The reactions to a report. Without ``own`` and ``ticket`` it is the same for everybody and may be kept by any cache.

    ``fault`` is why nothing was recorded, ``notice`` what just happened; ``ticket`` makes the first reaction safe to send twice.
    """

    report: ActivityReport
    tally: ReactionTally
    own: Reaction | None = None
    ticket: str = ""
    personal: bool = False
    fault: str = ""
    notice: str = ""

    @property
    def row(self) -> Row:
        """The bar of the result."""
        share = Share(self.tally.helpful, self.tally.reactions)
        return Row("参考になったか", Helpfulness.HELPFUL.label, Helpfulness.UNHELPFUL.label, share)


def public_reactions(report: ActivityReport) -> ReactionBox:
    """The box as everybody sees it; no query when ``report`` was read with its tally."""
    return ReactionBox(report, getattr(report, "reaction_tally", None) or _nothing(report))


def own_reactions(report: ActivityReport, *, voter: int | None, ticket: str = "") -> ReactionBox:
    """The box with what this voter said, read anew."""
    tally = ReactionTally.objects.filter(pk=report.pk).first()
    own = None if voter is None else Reaction.objects.filter(report=report, voter=voter).first()
    return ReactionBox(report, tally or _nothing(report), own=own, ticket=ticket, personal=True)


def _nothing(report: ActivityReport) -> ReactionTally:
    return ReactionTally(report=report, changed_at=report.changed_at)
