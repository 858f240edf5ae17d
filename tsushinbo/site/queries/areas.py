"""What the page of an area shows."""

from dataclasses import dataclass
from datetime import date

from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import AreaVotes, held_in, list_votes_in, upcoming
from tsushinbo.people.models import Area, Constituency
from tsushinbo.people.queries import AreaOffices, constituencies_of, offices_of_municipality, offices_of_prefecture


@dataclass(frozen=True)
class AreaPage:
    """Who serves an area, what lies inside it, and how it voted."""

    area: Area
    offices: AreaOffices
    inside: list[Area]
    constituencies: list[Constituency]
    held: list[Election]
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
    return AreaPage(
        area=area,
        offices=offices_of_prefecture(area) if prefecture else offices_of_municipality(area),
        inside=list(inside.order_by("code")),
        constituencies=list(constituencies_of(area)) if prefecture else [],
        held=list(held_in(area)),
        upcoming=upcoming(today, area),
        votes=None if prefecture else list_votes_in(area),
    )
