"""The phases of an election as RULES 4 knows them: dates in, phase out. No database, no clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

# What election law means by a day, wherever the machine stands.
TOKYO = ZoneInfo("Asia/Tokyo")
# Days that may be looked at: 公職選挙法 is of 1950, and far from here dates and time zones end.
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Phase(TextChoices):
    """How near an election is, in the order in which phases follow each other."""

    NORMAL = "normal", "通常"
    QUIET = "quiet", "告示前"
    CAMPAIGN = "campaign", "選挙運動期間"
    POLLING_DAY = "polling_day", "投票日"
    AFTER = "after", "投票終了後"


# From the least to the strictest. What is over binds nobody.
STRICTNESS = {Phase.NORMAL: 0, Phase.AFTER: 0, Phase.QUIET: 1, Phase.CAMPAIGN: 2, Phase.POLLING_DAY: 3}


@dataclass(frozen=True, slots=True)
class Days:
    """What is known of when a contest is held.

    first_on, last_on: the days between which polling will be, where the day itself is not known. campaign_days: how long before polling the
    law has it announced. over: it is on record as held, whatever is known of its day.
    """

    announced_on: date | None = None
    polling_on: date | None = None
    first_on: date | None = None
    last_on: date | None = None
    campaign_days: int = 17
    polls_close_at: time | None = None
    uncontested: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Periods:
    """The lengths that are no dates: how long before its announcement an election casts its shadow, and when things close."""

    quiet_days: int = 30
    polls_close: time = time(20)
    nominations_close: time = time(17)
    widest_window_days: int = 92


@dataclass(frozen=True, slots=True)
class Schedule:
    """The instants at which the phases of a contest begin; None where there is no such phase, or where nobody knows yet.

    reckoned: the announcement, or the polling day, was worked out from the length of the campaign.
    """

    quiet_at: datetime | None = None
    campaign_at: datetime | None = None
    polling_at: datetime | None = None
    after_at: datetime | None = None
    reckoned: bool = False

    def phase(self, at: datetime) -> Phase:
        """The phase at ``at``: of those that have begun the last, so that there is exactly one and none comes back."""
        for phase, begins_at in (
            (Phase.AFTER, self.after_at),
            (Phase.POLLING_DAY, self.polling_at),
            (Phase.CAMPAIGN, self.campaign_at),
            (Phase.QUIET, self.quiet_at),
        ):
            if begins_at is not None and at >= begins_at:
                return phase
        return Phase.NORMAL

    @property
    def spans(self) -> list["Span"]:
        """The phases there are, in their order, each until the next begins."""
        begun: list[tuple[Phase, datetime | None]] = [(Phase.NORMAL, None)]
        for phase, begins_at in (
            (Phase.QUIET, self.quiet_at),
            (Phase.CAMPAIGN, self.campaign_at),
            (Phase.POLLING_DAY, self.polling_at),
            (Phase.AFTER, self.after_at),
        ):
            if begins_at is not None:
                # What begins at the same moment, or earlier than the one before, leaves that no time of its own.
                begun = [(other, since) for other, since in begun if since is None or since < begins_at]
                begun.append((phase, begins_at))
        ends = [begins_at for _, begins_at in begun[1:]]
        return [Span(phase, since, end) for (phase, since), end in zip(begun, [*ends, None], strict=True)]


@dataclass(frozen=True, slots=True)
class Span:
    """One phase from its first moment to that at which it is over; None where it has always been so, or stays so."""

    phase: Phase
    begins_at: datetime | None
    ends_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it is this phase at ``at``."""
        return (self.begins_at is None or at >= self.begins_at) and (self.ends_at is None or at < self.ends_at)


def schedule(days: Days, periods: Periods) -> Schedule:
    """When the phases of a contest begin.

    What is on record as held is over where nobody knows its day. Announced without a known polling day, or the other way round, the missing one is reckoned from the legal length of the campaign. Of a month
    or a window of days nobody knows which day it will be: from before the earliest announcement that is possible the quiet phase holds, until the
    window ends; a window wider than ``widest_window_days`` says too little. Without a vote (無投票) it is over when nominations close on the
    day of the announcement (公職選挙法 第100条).
    """
    if days.over and days.polling_on is None:
        return Schedule(after_at=LONG_AGO)
    if days.announced_on is None and days.polling_on is None:
        return _without_a_day(days, periods)
    length = timedelta(days=days.campaign_days)
    announced_on = days.announced_on or _less(days.polling_on or date.max, length)
    polling_on = days.polling_on or _plus(announced_on, length)
    # An announcement after the polls would be a slip of the pen.
    announced_on = min(announced_on, polling_on)
    begins = _begin(announced_on)
    quiet_at = _begin(_less(announced_on, timedelta(days=periods.quiet_days)))
    reckoned = days.announced_on is None or days.polling_on is None
    if days.uncontested:
        return Schedule(quiet_at, begins, None, _at(announced_on, periods.nominations_close), reckoned)
    closes_at = _at(polling_on, days.polls_close_at or periods.polls_close)
    return Schedule(quiet_at, begins, _begin(polling_on), closes_at, reckoned)


def _without_a_day(days: Days, periods: Periods) -> Schedule:
    first, last = days.first_on, days.last_on
    if first is None or last is None or not timedelta(0) <= last - first <= timedelta(days=periods.widest_window_days):
        return Schedule()
    lead = timedelta(days=days.campaign_days + periods.quiet_days)
    return Schedule(quiet_at=_begin(_less(first, lead)), after_at=_at(last, periods.polls_close), reckoned=True)


def _begin(day: date) -> datetime:
    return _at(day, time())


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, TOKYO)


def _less(day: date, length: timedelta) -> date:
    # Nobody has an election in the year 1; a date of that kind must not end in a traceback.
    return day - length if day - date.min > length else date.min


def _plus(day: date, length: timedelta) -> date:
    return day + length if date.max - day > length else date.max
