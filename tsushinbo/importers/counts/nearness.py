"""New elections beside those of the same office and area around their day: a slip in a date makes a second election."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

from tsushinbo.elections.models import Election

NEAR = timedelta(days=60)


class NewElection(NamedTuple):
    """An election that a file puts on record. ``near``: others that it may be meant to be; those of the same file have no page yet."""

    election: Election
    near: list[tuple[Election, bool]]


def beside(new: Collection[Election]) -> list[NewElection]:
    """New elections, each with those of the same office and area, on record or new themselves, whose day or window lies near."""
    days = [one.day for one in new if one.day]
    if not days:
        return []
    first, last = min(days) - NEAR, max(days) + NEAR
    # A day may be known to its month or year only: 2026-11, 2026.
    dated = Q(polling_on__gte=str(first.year), polling_on__lte=last.isoformat())
    open_start, open_end = Q(window_starts_on=None), Q(window_ends_on=None)
    window = (Q(window_starts_on__lte=last) | open_start) & (Q(window_ends_on__gte=first) | open_end)
    window &= ~(open_start & open_end)
    known = Election.objects.filter(dated | window, office__in={one.office for one in new})
    among: dict[tuple[str, str | None], list[tuple[Election, bool]]] = {}
    for one, on_record in [*((one, True) for one in known), *((one, False) for one in new)]:
        among.setdefault((one.office, one.area_id), []).append((one, on_record))
    return [
        NewElection(
            one,
            [
                (other, on_record)
                for other, on_record in among[one.office, one.area_id]
                if other.pk != one.pk and one.day and _near(other, one.day)
            ],
        )
        for one in new
    ]


def _near(other: Election, day: date) -> bool:
    if other.day:
        return abs(other.day - day) <= NEAR
    starts, ends = other.window_starts_on, other.window_ends_on
    if starts or ends:
        return (starts is None or starts <= day) and (ends is None or day <= ends)
    # Its month or year: one that covers a day that is near.
    return bool(other.polling_on) and (
        (day - NEAR).isoformat()[: len(other.polling_on)] <= other.polling_on <= (day + NEAR).isoformat()
    )
