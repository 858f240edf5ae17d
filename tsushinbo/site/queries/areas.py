"""What the page of an area shows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import AreaVotes, around, held_in, list_votes_in, upcoming
from tsushinbo.japanese.dates import written_date
from tsushinbo.people.models import Area, Constituency, Office
from tsushinbo.people.queries import AreaOffices, constituencies_of, offices_of_municipality, offices_of_prefecture
from tsushinbo.site.queries.bars import Bars, bars

# Elections beyond the area's own that are shown; the list of elections has all.
AROUND = 10


@dataclass(frozen=True)
class AreaPage:
    """Who serves an area, what lies inside it, and how it voted."""

    area: Area
    offices: AreaOffices
    inside: list[Area]
    constituencies: list[Constituency]
    held: list[Election]
    around: list[Election]
    turnouts: list[Bars]
    upcoming: list[Election]
    votes: AreaVotes | None

    @property
    def is_prefecture(self) -> bool:
        """Whether it is one of the 47 prefectures."""
        return self.area.kind == Area.Kind.PREFECTURE

    @property
    def is_ward(self) -> bool:
        """Whether it is a ward of a designated city, which elects no mayor and no assembly of its own."""
        return self.area.kind == Area.Kind.WARD


def area_page(area: Area, today: date) -> AreaPage:
    """Read the page of ``area``."""
    prefecture = area.kind == Area.Kind.PREFECTURE
    inside = (
        Area.objects.filter(prefecture=area).exclude(kind=Area.Kind.WARD).exclude(pk=area.pk)
        if prefecture
        else area.children.all()
    )
    held = list(held_in(area))
    return AreaPage(
        area=area,
        offices=offices_of_prefecture(area) if prefecture else offices_of_municipality(area),
        inside=list(inside.order_by("code")),
        constituencies=list(constituencies_of(area)) if prefecture else [],
        held=held,
        around=list(around(area)[:AROUND]),
        turnouts=_turnouts(held),
        upcoming=upcoming(today, area),
        votes=None if prefecture else list_votes_in(area),
    )


def _turnouts(held: list[Election]) -> list[Bars]:
    """The turnout over time, a chart for each office with two elections or more of which it is known. By-elections are among them, named so."""
    known: dict[Office, list[tuple[str, float, str]]] = defaultdict(list)
    for election in held:
        if election.turnout_percent is not None:
            apart = "補" if election.kind == Election.Kind.BY else ""
            row = (
                f"{written_date(election.polling_on)}{apart}",
                float(election.turnout_percent),
                f"{election.turnout_percent}%",
            )
            known[Office(election.office)].append(row)
    return [
        bars(f"t-{office}", f"投票率の移り変わり（{office.label}）", ("投票日", "投票率"), rows, full=100)
        for office, rows in known.items()
        if len(rows) > 1
    ]
