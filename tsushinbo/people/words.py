"""How a person's office is said, as the record allows it: from the columns of a term, wherever they were read."""

from tsushinbo.japanese.dates import written_date
from tsushinbo.people.models import Tier


def introduction(name: str, *, running: bool, ends_on: str, as_of: str, today: str) -> str:
    """A person's office as the record allows it to be said: 品川区長, 元品川区長. name: as ``models.office_name`` says it; dates are ISO.

    A term that ended after its source was written gets neither: 元 would say that someone followed, and no source does. The known
    end and the day of the source stand instead: 杉並区長・任期は2026年7月まで・2025年8月8日の時点.
    """
    if in_office(running=running, ends_on=ends_on, today=today):
        return name
    if is_before(as_of, ends_on):
        return f"{name}・任期は{written_date(ends_on)}まで・{written_date(as_of)}の時点"
    return name if running else f"元{name}"


def in_office(*, running: bool, ends_on: str, today: str) -> bool:
    """Whether a term runs as far as its source can tell: one whose last day has passed since is nobody's claim any more."""
    return running and not is_before(ends_on, today)


def seat_words(constituency: str, tier: str) -> str:
    """Where a seat is filled: 東京都第1区, 比例代表 東京ブロック; "" when nothing is known beyond the office."""
    if tier == Tier.PROPORTIONAL.value and "比例" not in constituency:
        return f"比例代表 {constituency}".rstrip()
    return constituency


def is_before(one: str, other: str) -> bool:
    """Whether one ISO date is surely earlier than another; either may stop at the year or the month, or be empty (unknown)."""
    known = min(len(one), len(other))
    return one[:known] < other[:known]
