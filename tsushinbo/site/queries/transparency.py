"""What /transparency/ (透明性レポート) shows: moderation and held ballots in numbers, kept for some minutes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from tsushinbo.evaluations.queries.holds import PublicCounts, public_counts
from tsushinbo.kept import Kept
from tsushinbo.moderation.models import Deed
from tsushinbo.moderation.queries.transparency import FEWEST, Report, report

SECONDS = 300
FLOOR, RISE, GAP = 196, 152, 0.8
APPEALS = (Deed.APPEAL_OPENED, Deed.APPEAL_UPHELD, Deed.APPEAL_GRANTED)
TAKEDOWNS = (Deed.TAKEDOWN_RECEIVED, Deed.TAKEDOWN_REMOVED, Deed.TAKEDOWN_KEPT)
EDITING = (Deed.EVIDENCE_CONFIRMED, Deed.EVIDENCE_REJECTED, Deed.STATUS_UNDONE, Deed.MERGED, Deed.REVERTED)
CLAIMS = (Deed.CLAIM_VERIFIED, Deed.CLAIM_REFUSED, Deed.CLAIM_ENDED)
LABELS = {
    Deed.APPEAL_OPENED: "申立て", Deed.APPEAL_UPHELD: "判断を維持", Deed.APPEAL_GRANTED: "判断を変更",
    Deed.TAKEDOWN_RECEIVED: "受付", Deed.TAKEDOWN_REMOVED: "削除した", Deed.TAKEDOWN_KEPT: "残した",
    Deed.EVIDENCE_CONFIRMED: "根拠を確認した", Deed.EVIDENCE_REJECTED: "根拠を採らなかった", Deed.STATUS_UNDONE: "実施状況の変更を取り消した",
    Deed.MERGED: "公約を統合した", Deed.REVERTED: "公約を以前の文面に戻した",
    Deed.CLAIM_VERIFIED: "確認した", Deed.CLAIM_REFUSED: "確認できなかった", Deed.CLAIM_ENDED: "確認を終えた",
}  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """One month of the chart: its place, its label where it has one, and its number."""

    x: str
    width: str
    y: str
    height: str
    middle: str
    label: str
    number: int


@dataclass(frozen=True)
class Transparency:
    """Everything on the page."""

    moderation: Report
    holds: PublicCounts
    bars: list[Bar]
    tallest: int

    @property
    def appeals(self) -> list[tuple[str, str]]:
        """Appeals of the last twelve months."""
        return self._counted(APPEALS)

    @property
    def takedowns(self) -> list[tuple[str, str]]:
        """Takedown requests of the last twelve months."""
        return self._counted(TAKEDOWNS)

    @property
    def editing(self) -> list[tuple[str, str]]:
        """What editors decided on pledges and their evidence in the last twelve months."""
        return self._counted(EDITING)

    @property
    def claims(self) -> list[tuple[str, str]]:
        """What became of claims to speak for a politician in the last twelve months."""
        return self._counted(CLAIMS)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Why texts were not shown."""
        return [(label, few(number)) for label, number in self.moderation.reasons]

    @property
    def bans(self) -> str:
        """How many may not write now."""
        return few(self.moderation.bans)

    @property
    def late(self) -> str:
        """Takedown requests of the last twelve months with a step that came too late, and those that are late now."""
        return few(self.moderation.takedowns_late + self.moderation.takedowns_overdue)

    def _counted(self, deeds: tuple[Deed, ...]) -> list[tuple[str, str]]:
        return [(LABELS[deed], few(self.moderation.deeds[deed])) for deed in deeds]


def few(number: int) -> str:
    """A number as it is published: from one to four it could point at a person."""
    return "5件未満" if 0 < number < FEWEST else f"{number:,}件"


def _work_out() -> Transparency:
    moderation = report(timezone.now())
    # A month with fewer than FEWEST has no bar: its height would tell the number.
    numbers = [month.decided.number if month.decided.number >= FEWEST else 0 for month in moderation.months]
    tallest = max(*numbers, 1)
    step = 100 / len(moderation.months)
    bars = []
    for place, month in enumerate(moderation.months):
        number = numbers[place]
        height = RISE * number / tallest
        begins = month.begins_on
        shown = place % 3 == len(moderation.months) % 3
        bars.append(
            Bar(
                x=f"{place * step + GAP:.2f}",
                width=f"{step - 2 * GAP:.2f}",
                y=f"{FLOOR - height:.1f}",
                height=f"{height:.1f}",
                middle=f"{(place + 0.5) * step:.2f}",
                label=f"{begins.year % 100}年{begins.month}月" if shown else "",
                number=number,
            )
        )
    return Transparency(moderation, public_counts(), bars, tallest)


_kept = Kept(_work_out, SECONDS)


def transparency() -> Transparency:
    """The page, at most some minutes old."""
    return _kept.get()


def forget() -> None:
    """Work it out anew at the next call, for tests."""
    _kept.forget()


def table(found: Transparency) -> Iterator[tuple[date | str, str, str]]:
    """The page as rows of (month or "now" or "12 months", what, how many), for the download. What is published as "5件未満" is "<5" here."""
    seen = found.moderation
    yield "month", "measure", "value"
    for kind in seen.queue:
        yield "now", f"waiting: {kind.label}", str(kind.waiting)
        yield "now", f"overdue: {kind.label}", str(kind.overdue)
    yield "now", "appeals open", _plain(seen.appeals_open)
    yield "now", "takedowns open", _plain(seen.takedowns_open)
    yield "now", "takedowns overdue", _plain(seen.takedowns_overdue)
    yield "now", "bans", _plain(seen.bans)
    yield "now", "ballots held", str(found.holds.held)
    yield "now", "ballots excluded", str(found.holds.excluded)
    for label, number in seen.reasons:
        yield "12 months", f"not shown: {label}", _plain(number)
    for label, number in found.holds.excluded_by_reason:
        yield "now", f"excluded: {label}", str(number)
    for name, times in (("decisions", seen.decided), ("takedowns decided", seen.taken_down)):
        yield "12 months", name, _plain(times.number)
        yield "12 months", f"{name}: median hours", _some(times.median_hours)
        yield "12 months", f"{name}: 95% hours", _some(times.most_hours)
    for month in seen.months:
        yield month.begins_on, "decisions", _plain(month.decided.number)
        yield month.begins_on, "decisions within 24 hours, percent", _some(month.decided.share_percent)
        for deed in (*APPEALS, *TAKEDOWNS, *EDITING, *CLAIMS):
            yield month.begins_on, deed.value, _plain(month.deeds[deed])


def _plain(number: int) -> str:
    return f"<{FEWEST}" if 0 < number < FEWEST else str(number)


def _some(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
