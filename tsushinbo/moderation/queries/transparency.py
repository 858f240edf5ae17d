"""What the transparency report (透明性レポート) says of moderation: from the record counted by day, and from the queue as it stands."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from tsushinbo.moderation.models import Appeal, Ban, DecisionReason, Deed, LogEntry
from tsushinbo.moderation.models.counts import NO_WAIT, LogCount
from tsushinbo.moderation.models.reviewable import WITHIN
from tsushinbo.moderation.models.takedowns import Takedown
from tsushinbo.moderation.queries import takedowns
from tsushinbo.moderation.queries.texts import kinds

# Fewer than this could point at a person (product rules, section 5).
FEWEST = 5
MONTHS = 12
HALF_HOUR = 1800
# Two weeks; what took longer is counted there.
LONGEST = 14 * 48
IN_TIME = int(WITHIN.total_seconds()) // HALF_HOUR
DECIDING = (Deed.APPROVE, Deed.REJECT)
TAKEN_DOWN = (Deed.TAKEDOWN_REMOVED, Deed.TAKEDOWN_KEPT)
type Cells = Counter[tuple[str, str, int]]


@dataclass(frozen=True)
class Waiting:
    """One kind of text in the queue now."""

    label: str
    waiting: int
    overdue: int


@dataclass(frozen=True)
class Times:
    """How long something took. Hours are upper ends of half hours; None below FEWEST."""

    number: int
    in_time: int
    median_hours: float | None
    most_hours: float | None

    @property
    def share_percent(self) -> float | None:
        """What was done within 24 hours; None below FEWEST."""
        return 100 * self.in_time / self.number if self.number >= FEWEST else None


@dataclass(frozen=True)
class Month:
    """One month (Asia/Tokyo) with its deeds."""

    begins_on: date
    decided: Times
    deeds: Counter[str]

    @property
    def received(self) -> int:
        """Takedown requests that came."""
        return self.deeds[Deed.TAKEDOWN_RECEIVED]


@dataclass(frozen=True)
class Report:
    """The report at one moment: the queue now, and the last twelve months with their sums."""

    at: datetime
    queue: list[Waiting]
    appeals_open: int
    takedowns_open: int
    takedowns_overdue: int
    takedowns_late: int
    bans: int
    decided: Times
    taken_down: Times
    reasons: list[tuple[str, int]]
    deeds: Counter[str]
    months: list[Month]


def day_begins(day: date) -> datetime:
    """The first moment of a day in Tokyo."""
    return timezone.make_aware(datetime.combine(day, time.min))


def cell_of(deed: str, reason: str, waited: int | None) -> tuple[str, str, int]:
    """In which cell an entry of the record is counted."""
    return deed, reason, NO_WAIT if waited is None else min(max(waited, 0) // HALF_HOUR, LONGEST)


def entries_between(since: datetime, before: datetime) -> QuerySet[LogEntry, tuple[datetime, str, str, int | None]]:
    """The entries of a time as (at, deed, reason, seconds waited)."""
    rows = LogEntry.objects.filter(at__gte=since, at__lt=before).order_by()
    return rows.values_list("at", "deed", "reason", "waited_seconds")


def last_counted() -> date | None:
    """The last day that was counted."""
    last: date | None = LogCount.objects.aggregate(last=Max("day"))["last"]
    return last


def report(at: datetime) -> Report:
    """Read it all: some dozens of rows a day of the counts, and the entries of the days that are not counted yet."""
    months = _months(timezone.localdate(at))
    cells = _cells(months[0], at)
    every: Cells = Counter()
    for month in months:
        every.update(cells.get(month, Counter()))
    # Two small questions for each kind of text; there are as many kinds as there are rooms.
    queue = [
        Waiting(
            str(kind._meta.verbose_name),
            kind.waiting().count(),
            kind.waiting().filter(submitted_at__lt=at - WITHIN).count(),
        )
        for kind in kinds()
    ]
    late = Takedown.objects.filter(received_at__gte=day_begins(months[0]), late=True).count()
    overdue = takedowns.overdue(at).count()
    return Report(
        at=at,
        queue=queue,
        appeals_open=Appeal.objects.filter(state=Appeal.State.OPEN).count(),
        takedowns_open=takedowns.waiting().count(),
        takedowns_overdue=overdue,
        takedowns_late=late,
        bans=Ban.objects.filter(Q(until=None) | Q(until__gt=at), lifted_at=None, begins_at__lte=at).count(),
        decided=_times(every, DECIDING),
        taken_down=_times(every, TAKEN_DOWN),
        reasons=_reasons(every),
        deeds=_deeds(every),
        months=[
            Month(month, _times(cells.get(month, Counter()), DECIDING), _deeds(cells.get(month, Counter())))
            for month in months
        ],
    )


def _months(today: date) -> list[date]:
    """The first days of the last twelve months, this one too."""
    number = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(number - MONTHS + 1, number + 1)]


def _cells(since: date, at: datetime) -> dict[date, Cells]:
    found: dict[date, Cells] = {}
    counted = last_counted()
    if counted is not None:
        rows = LogCount.objects.filter(day__gte=since).annotate(month=TruncMonth("day")).order_by()
        sums = rows.values_list("month", "deed", "reason", "half_hours").annotate(sum=Sum("number"))
        for month, deed, reason, half_hours, number in sums:
            found.setdefault(month, Counter())[deed, reason, half_hours] += number
    begins = max(day_begins(since), day_begins(counted + timedelta(days=1)) if counted else day_begins(since))
    for moment, deed, reason, waited in entries_between(begins, at + timedelta(seconds=1)).iterator(chunk_size=5000):
        month = timezone.localdate(moment).replace(day=1)
        found.setdefault(month, Counter())[cell_of(deed, reason, waited)] += 1
    return found


def _times(cells: Cells, deeds: Iterable[str]) -> Times:
    waits: Counter[int] = Counter()
    for (deed, _, half_hours), number in cells.items():
        if deed in deeds and half_hours != NO_WAIT:
            waits[half_hours] += number
    number = sum(waits.values())
    in_time = sum(count for half_hours, count in waits.items() if half_hours < IN_TIME)
    return Times(number, in_time, _quantile(waits, 0.5), _quantile(waits, 0.95))


def _quantile(waits: Counter[int], share: float) -> float | None:
    """The upper end in hours of the half hour in which ``share`` of all is reached; None below FEWEST. Example: 3, 3, 3, 3, 9 gives 2.0 for a half."""
    number = sum(waits.values())
    if number < FEWEST:
        return None
    reached = 0
    for half_hours in sorted(waits):
        reached += waits[half_hours]
        if reached >= share * number:
            return (half_hours + 1) / 2
    return None


def _reasons(cells: Cells) -> list[tuple[str, int]]:
    """Why texts were not shown, in the order of the published list; what is below FEWEST is taken together, so that no cell points at a person."""
    numbers: Counter[str] = Counter()
    for (deed, reason, _), number in cells.items():
        if deed in {Deed.REJECT, Deed.HIDE}:
            numbers[reason] += number
    shown = [(str(reason.label), numbers[reason]) for reason in DecisionReason if numbers[reason] >= FEWEST]
    rest = sum(numbers.values()) - sum(number for _, number in shown)
    return [*shown, ("そのほかの理由（それぞれ5件未満）", rest)] if rest else shown


def _deeds(cells: Cells) -> Counter[str]:
    numbers: Counter[str] = Counter()
    for (deed, _, _), number in cells.items():
        numbers[deed] += number
    return numbers
