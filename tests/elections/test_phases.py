"""When the phases of an election begin and end: by hand at the edges, and laws that hold for every election there can be."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.elections.phases import TOKYO, Days, Periods, Phase, Schedule, schedule

pytestmark = pytest.mark.any_database

PERIODS = Periods()
# The election of the House of Representatives of 2026: announced on 27 January, polls on 8 February.
HOUSE = Days(announced_on=date(2026, 1, 27), polling_on=date(2026, 2, 8), campaign_days=12)


def tokyo(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=TOKYO)


def phase(days: Days, at: datetime) -> Phase:
    return schedule(days, PERIODS).phase(at)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2025, 12, 27, 23, 59, 59, 999999, tzinfo=TOKYO), Phase.NORMAL),
        (datetime(2025, 12, 28, tzinfo=TOKYO), Phase.QUIET),
        (tokyo(1, 26, 23, 59, 59), Phase.QUIET),
        (tokyo(1, 27), Phase.CAMPAIGN),
        (tokyo(2, 7, 23, 59, 59), Phase.CAMPAIGN),
        (tokyo(2, 8), Phase.POLLING_DAY),
        (tokyo(2, 8, 19, 59, 59), Phase.POLLING_DAY),
        (tokyo(2, 8, 20), Phase.AFTER),
        (tokyo(2, 9), Phase.AFTER),
        # The same edges as a machine in another zone sees them.
        (datetime(2026, 1, 26, 14, 59, 59, tzinfo=UTC), Phase.QUIET),
        (datetime(2026, 1, 26, 15, tzinfo=UTC), Phase.CAMPAIGN),
        (datetime(2026, 2, 7, 15, tzinfo=UTC), Phase.POLLING_DAY),
        (datetime(2026, 2, 8, 10, 59, 59, tzinfo=UTC), Phase.POLLING_DAY),
        (datetime(2026, 2, 8, 11, tzinfo=UTC), Phase.AFTER),
        (datetime(2026, 2, 8, 6, tzinfo=ZoneInfo("America/New_York")), Phase.AFTER),
        (datetime(2026, 2, 8, 5, 59, 59, tzinfo=ZoneInfo("America/New_York")), Phase.POLLING_DAY),
    ],
)
def test_phases_change_at_midnight_and_at_eight_in_japan(at: datetime, expected: Phase) -> None:
    assert phase(HOUSE, at) is expected


def test_polls_that_close_early_end_it_early() -> None:
    early = Days(HOUSE.announced_on, HOUSE.polling_on, polls_close_at=time(18))
    assert phase(early, tokyo(2, 8, 17, 59, 59)) is Phase.POLLING_DAY
    assert phase(early, tokyo(2, 8, 18)) is Phase.AFTER


def test_a_poll_that_is_put_off_keeps_the_campaign_running() -> None:
    put_off = Days(announced_on=HOUSE.announced_on, polling_on=date(2026, 2, 15))
    assert phase(put_off, tokyo(2, 8, 20)) is Phase.CAMPAIGN
    assert phase(put_off, tokyo(2, 14, 23, 59, 59)) is Phase.CAMPAIGN
    assert phase(put_off, tokyo(2, 15)) is Phase.POLLING_DAY
    assert phase(put_off, tokyo(2, 15, 20)) is Phase.AFTER


@pytest.mark.parametrize("length", [5, 7, 9, 12, 14, 17])
def test_without_an_announcement_it_is_reckoned_from_the_length_of_the_campaign(length: int) -> None:
    days = Days(polling_on=date(2026, 4, 26), campaign_days=length)
    begins = tokyo(4, 26) - timedelta(days=length)
    assert phase(days, begins - timedelta(seconds=1)) is Phase.QUIET
    assert phase(days, begins) is Phase.CAMPAIGN
    assert schedule(days, PERIODS).reckoned
    assert not schedule(HOUSE, PERIODS).reckoned


def test_without_a_polling_day_it_is_reckoned_too() -> None:
    days = Days(announced_on=date(2026, 4, 14), campaign_days=12)
    assert phase(days, tokyo(4, 25, 23, 59, 59)) is Phase.CAMPAIGN
    assert phase(days, tokyo(4, 26, 19, 59, 59)) is Phase.POLLING_DAY
    assert phase(days, tokyo(4, 26, 20)) is Phase.AFTER


def test_without_a_vote_it_is_over_when_nominations_close() -> None:
    days = Days(announced_on=date(2026, 1, 27), polling_on=date(2026, 2, 8), uncontested=True)
    assert phase(days, tokyo(1, 27, 16, 59, 59)) is Phase.CAMPAIGN
    assert phase(days, tokyo(1, 27, 17)) is Phase.AFTER
    assert phase(days, tokyo(2, 8, 12)) is Phase.AFTER


def test_a_window_is_quiet_from_before_the_earliest_announcement_until_it_ends() -> None:
    # 任期満了 within 30 days: polls on some day from 4 November to 3 December, announced 7 days before.
    days = Days(first_on=date(2026, 11, 4), last_on=date(2026, 12, 3), campaign_days=7)
    begins = tokyo(11, 4) - timedelta(days=37)
    assert phase(days, begins - timedelta(seconds=1)) is Phase.NORMAL
    assert phase(days, begins) is Phase.QUIET
    assert phase(days, tokyo(12, 3, 19, 59, 59)) is Phase.QUIET
    assert phase(days, tokyo(12, 3, 20)) is Phase.AFTER


@pytest.mark.parametrize(
    "days",
    [
        Days(),
        Days(last_on=date(2030, 2, 7)),
        Days(first_on=date(2026, 1, 1), last_on=date(2026, 12, 31)),
        Days(first_on=date(2026, 3, 2), last_on=date(2026, 3, 1)),
    ],
    ids=["nothing is known", "only the last day", "a whole year", "the wrong way round"],
)
def test_what_says_too_little_holds_nothing_back(days: Days) -> None:
    assert schedule(days, PERIODS) == Schedule()
    assert phase(days, tokyo(3, 1)) is Phase.NORMAL


def test_what_was_held_on_an_unknown_day_is_over() -> None:
    for days in (Days(over=True), Days(over=True, announced_on=date(2026, 5, 1))):
        assert phase(days, tokyo(4, 30)) is Phase.AFTER


def test_an_announcement_after_the_polls_is_a_slip_of_the_pen() -> None:
    days = Days(announced_on=date(2026, 2, 20), polling_on=date(2026, 2, 8))
    assert phase(days, tokyo(2, 7, 23, 59, 59)) is Phase.QUIET
    assert phase(days, tokyo(2, 8)) is Phase.POLLING_DAY
    assert phase(days, tokyo(2, 8, 20)) is Phase.AFTER


ORDER = list(Phase)
SOME_DAY = st.dates(date(2020, 1, 1), date(2030, 12, 31))
DAYS = st.builds(
    Days,
    announced_on=st.none() | SOME_DAY,
    polling_on=st.none() | SOME_DAY,
    first_on=st.none() | SOME_DAY,
    last_on=st.none() | SOME_DAY,
    campaign_days=st.integers(0, 365),
    polls_close_at=st.none() | st.times(),
    uncontested=st.booleans(),
    over=st.booleans(),
)
SOME_PERIODS = st.builds(Periods, quiet_days=st.integers(0, 365), polls_close=st.times(), nominations_close=st.times())
INSTANTS = st.datetimes(datetime(2018, 1, 1), datetime(2032, 12, 31), timezones=st.sampled_from([UTC, TOKYO]))  # noqa: DTZ001 - hypothesis adds the zone


@given(DAYS, SOME_PERIODS, INSTANTS, INSTANTS)
def test_time_never_brings_a_phase_back(days: Days, periods: Periods, one: datetime, other: datetime) -> None:
    made = schedule(days, periods)
    earlier, later = sorted((one, other))
    assert ORDER.index(made.phase(earlier)) <= ORDER.index(made.phase(later))


@given(DAYS, SOME_PERIODS, INSTANTS)
def test_each_instant_lies_in_exactly_one_span_and_that_is_its_phase(
    days: Days, periods: Periods, at: datetime
) -> None:
    made = schedule(days, periods)
    assert [span.phase for span in made.spans if span.holds(at)] == [made.phase(at)]


@given(DAYS, SOME_PERIODS)
def test_spans_follow_each_other_without_a_gap(days: Days, periods: Periods) -> None:
    spans = schedule(days, periods).spans
    assert spans[0].begins_at is None
    assert spans[-1].ends_at is None
    assert [span.ends_at for span in spans[:-1]] == [span.begins_at for span in spans[1:]]
    assert len({span.phase for span in spans}) == len(spans)


@given(DAYS, SOME_PERIODS)
def test_whatever_begins_ends(days: Days, periods: Periods) -> None:
    made = schedule(days, periods)
    if made.quiet_at is not None:
        assert made.after_at is not None
        assert made.spans[-1].phase is Phase.AFTER


@given(st.builds(Days, polling_on=st.dates(), announced_on=st.none() | st.dates(), campaign_days=st.integers(0, 365)))
def test_the_ends_of_the_calendar_are_no_fault(days: Days) -> None:
    assert schedule(days, PERIODS).phase(datetime(2026, 1, 1, tzinfo=UTC)) in Phase
