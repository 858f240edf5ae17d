"""Lists of elections: those to come, the soonest first, and those that are over."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Substr

from tsushinbo.elections.models import Election
from tsushinbo.people.models import Area

# Behind every day that has a date.
NO_DAY = "9999"


def _still_to_come(today: date) -> Q:
    """Not over by ``today``, as far as the known date says: a day, a month, a year or the end of a window."""
    by_date = Q(polling_on__gte=today.isoformat()) | Q(polling_on__in=[f"{today:%Y-%m}", f"{today:%Y}"])
    by_window = Q(window_ends_on__isnull=True) | Q(window_ends_on__gte=today)
    return by_date | (Q(polling_on="") & by_window)


# The earliest day that polling can be: ISO 8601, as short as what is known, NO_DAY where nothing is.
FIRST_DAY = Case(
    When(window_starts_on__isnull=False, then=Cast("window_starts_on", CharField())),
    When(~Q(polling_on=""), then=F("polling_on")),
    When(window_ends_on__isnull=False, then=Cast("window_ends_on", CharField())),
    default=Value(NO_DAY),
    output_field=CharField(),
)


@dataclass(frozen=True)
class ElectionFilter:
    """What to narrow a list of elections to; None leaves it open. ``prefecture`` takes what lies in it, ``year`` the four digits,
    ``kind`` one of Election.Kind."""

    level: str | None = None
    office: str | None = None
    prefecture: str | None = None
    year: str | None = None
    kind: str | None = None


def listed(today: date, wanted: ElectionFilter, *, past: bool) -> QuerySet[Election]:
    """Elections to come, the earliest possible day first (those with no date at all come last), or past ones, the newest first."""
    elections = Election.objects.annotate(first_day=FIRST_DAY).select_related("area")
    coming = Q(upcoming=True) & _still_to_come(today)
    elections = elections.exclude(coming) if past else elections.filter(coming)
    if wanted.level:
        elections = elections.filter(level=wanted.level)
    if wanted.office:
        elections = elections.filter(office=wanted.office)
    if wanted.kind:
        elections = elections.filter(kind=wanted.kind)
    if wanted.prefecture:
        elections = elections.filter(Q(area=wanted.prefecture) | Q(area__prefecture=wanted.prefecture))
    if wanted.year:
        elections = elections.filter(first_day__startswith=wanted.year)
    return elections.order_by("-first_day", "name", "pk") if past else elections.order_by("first_day", "name", "pk")


def upcoming(today: date, area: Area | None = None) -> list[Election]:
    """Elections to come, the earliest possible day first; those with no date at all come last."""
    elections = listed(today, ElectionFilter(), past=False)
    return list(elections if area is None else elections.filter(area=area))


def years() -> list[str]:
    """The years in which elections were or may be, the latest first."""
    found = Election.objects.annotate(year=Substr(FIRST_DAY, 1, 4)).order_by().values_list("year", flat=True)
    return sorted(set(found.distinct()) - {NO_DAY}, reverse=True)
