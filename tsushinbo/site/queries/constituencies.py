"""What the page of a district or list block (選挙区) shows: its contests through time."""

from dataclasses import dataclass
from datetime import datetime

from tsushinbo.elections.models import Contest
from tsushinbo.elections.queries import ContestRow, contest_rows, contests_of
from tsushinbo.japanese.dates import written_date
from tsushinbo.people.models import Constituency
from tsushinbo.site.queries.bars import Bars, bars


@dataclass(frozen=True)
class ConstituencyPage:
    """The contests of a district: those whose polls are not closed, and those that are over, the newest first."""

    place: Constituency
    coming: list[Contest]
    rows: list[ContestRow]
    turnout: Bars | None

    @property
    def boundaries(self) -> list[str]:
        """The redistrictings that its contests were held by, the newest first."""
        places = (row.contest.constituency for row in self.rows)
        return list(dict.fromkeys(place.boundaries for place in places if place and place.boundaries))


def constituency_page(place: Constituency, at: datetime) -> ConstituencyPage:
    """Read the page of ``place``, however it was drawn. Three queries."""
    rows = contest_rows(contests_of(place), at)
    over = [row for row in rows if row.decided]
    known = [
        (written_date(row.contest.election.polling_on), float(percent), f"{percent}%")
        for row in over
        if (percent := row.contest.turnout_percent) is not None and not row.counting
    ]
    return ConstituencyPage(
        place=place,
        coming=[row.contest for row in rows if not row.decided],
        rows=over,
        turnout=bars("t", "投票率の移り変わり", ("投票日", "投票率"), known, full=100) if len(known) > 1 else None,
    )
