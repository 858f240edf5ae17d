"""The activity reports that are talked about most (人気のある活動報告), as they stand at this moment: no run makes them."""

from dataclasses import dataclass
from datetime import datetime

from tsushinbo.activities.queries import ReportFilter
from tsushinbo.comments.queries import Brief, popular_briefly

MOST = 25


@dataclass(slots=True)
class Discussed:
    """A report with its place among those that were asked for; equal numbers of comments share one."""

    place: int
    report: Brief


def most_discussed(at: datetime, wanted: ReportFilter) -> list[Discussed]:
    """The public reports that fit ``wanted`` with the most approved comments of the last seven days, no more than MOST."""
    found: list[Discussed] = []
    place = 0
    for position, report in enumerate(popular_briefly(at, MOST, wanted=wanted), start=1):
        if not found or report.comments != found[-1].report.comments:
            place = position
        found.append(Discussed(place, report))
    return found
