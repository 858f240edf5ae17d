"""Reads of the rankings of the current run."""

from tsushinbo.rankings.queries.known import Known, Listed, known
from tsushinbo.rankings.queries.known import forget as _forget_known
from tsushinbo.rankings.queries.left_out import left_out_of, still_placed
from tsushinbo.rankings.queries.pages import SIZE, PartyNamed, Person, PledgeNamed, Row, page_of
from tsushinbo.rankings.queries.pages import forget as _forget_pages
from tsushinbo.rankings.queries.popular import MOST, Discussed, most_discussed
from tsushinbo.rankings.queries.standings import Standing, standing_of
from tsushinbo.rankings.queries.unranked import forget as _forget_unranked
from tsushinbo.rankings.queries.unranked import unranked_of

__all__ = [
    "MOST",
    "SIZE",
    "Discussed",
    "Known",
    "Listed",
    "PartyNamed",
    "Person",
    "PledgeNamed",
    "Row",
    "Standing",
    "forget",
    "known",
    "left_out_of",
    "most_discussed",
    "page_of",
    "standing_of",
    "still_placed",
    "unranked_of",
]


def forget() -> None:
    """Read everything anew at the next call, for tests and after a run in the same process."""
    _forget_known()
    _forget_pages()
    _forget_unranked()
