"""透明性レポート: numbers from the record, counted by day or not, and none that could point at a person."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.moderation.factories import waiting_text
from tsushinbo.moderation.models import DecisionReason, Deed, LogEntry
from tsushinbo.moderation.models.counts import LogCount
from tsushinbo.moderation.queries.transparency import report
from tsushinbo.moderation.services.counts import count_record
from tsushinbo.moderation.services.log import record
from tsushinbo.site.queries import transparency

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
HOUR = 3600


def decided(number: int, *, at: datetime, hours: float, deed: Deed = Deed.APPROVE, reason: str = "") -> None:
    with transaction.atomic():
        for _ in range(number):
            record(
                actor=None,
                deed=deed,
                subject=None,
                kind="comments.comment",
                at=at,
                reason=reason,
                waited=int(hours * HOUR),
            )


def page(client: Client, at: datetime = NOW) -> str:
    transparency.forget()
    with time_machine.travel(at, tick=False):
        response = client.get("/transparency/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def table(client: Client) -> dict[tuple[str, str], str]:
    transparency.forget()
    with time_machine.travel(NOW, tick=False):
        response = client.get("/transparency.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = csv.reader(StringIO(response.content.decode("utf-8-sig")))
    return {(month, measure): value for month, measure, value in rows}


def test_time_to_decide_is_counted_by_hand() -> None:
    decided(10, at=NOW - timedelta(days=40), hours=1.2)
    decided(8, at=NOW - timedelta(days=1), hours=3, deed=Deed.REJECT, reason=DecisionReason.HATE)
    decided(1, at=NOW, hours=23.9)
    decided(1, at=NOW, hours=24)
    found = report(NOW).decided
    assert (found.number, found.in_time) == (20, 19)
    assert (found.median_hours, found.most_hours) == (1.5, 24.0)
    assert found.share_percent == 95.0


def test_a_day_that_was_counted_says_the_same_as_its_entries() -> None:
    for days in (0, 1, 2, 35, 200, 364):
        decided(days + 1, at=NOW - timedelta(days=days), hours=days % 30)
    decided(6, at=NOW - timedelta(days=3), hours=2, deed=Deed.REJECT, reason=DecisionReason.PRIVACY)
    before = report(NOW)
    assert count_record(at=NOW) == 6
    assert LogCount.objects.exists()
    assert report(NOW) == before
    assert count_record(at=NOW) == 1, "the last day once more"
    assert report(NOW) == before


def test_an_entry_that_came_late_is_counted_with_its_day() -> None:
    decided(5, at=NOW - timedelta(days=1), hours=2)
    count_record(at=NOW)
    decided(5, at=NOW - timedelta(days=1), hours=2)
    count_record(at=NOW)
    assert report(NOW).decided.number == 10


def test_what_is_older_than_twelve_months_is_left_out() -> None:
    decided(7, at=datetime(2025, 11, 30, 14, 59, tzinfo=UTC), hours=2)
    decided(9, at=datetime(2025, 11, 30, 15, 0, tzinfo=UTC), hours=2)
    found = report(NOW)
    assert found.decided.number == 9
    assert (found.months[0].begins_on.isoformat(), found.months[0].decided.number) == ("2025-12-01", 9)


def test_few_of_a_kind_are_not_told_apart(client: Client) -> None:
    decided(6, at=NOW, hours=2, deed=Deed.REJECT, reason=DecisionReason.HATE)
    decided(2, at=NOW, hours=2, deed=Deed.REJECT, reason=DecisionReason.PRIVACY)
    decided(4, at=NOW, hours=2, deed=Deed.HIDE, reason=DecisionReason.RIGHTS)
    decided(3, at=NOW, hours=30, deed=Deed.TAKEDOWN_REMOVED)
    assert report(NOW).reasons == [("差別・憎悪をあおる内容", 6), ("そのほかの理由（それぞれ5件未満）", 6)]
    shown = page(client)
    assert "住所・家族・健康などの個人情報" not in shown
    assert "5件未満" in shown
    rows = table(client)
    assert rows["2026-11-01", "takedown_removed"] == "<5"
    assert rows["2026-11-01", "decisions"] == "8"
    assert rows["12 months", "takedowns decided: median hours"] == ""


def test_the_queue_is_that_of_now(client: Client) -> None:
    waiting_text(at=NOW - timedelta(hours=25))
    waiting_text(at=NOW - timedelta(hours=1))
    [kind] = [kind for kind in report(NOW).queue if kind.waiting]
    assert (kind.waiting, kind.overdue) == (2, 1)
    assert kind.label in page(client)


def test_a_site_without_decisions_says_so(client: Client) -> None:
    shown = page(client)
    assert "5件に満たないため、時間はまだ示しません" in shown
    assert "nan" not in shown


def test_it_costs_the_same_with_a_long_record_and_nothing_while_it_is_kept(client: Client) -> None:
    counts = []
    for number in (1, 50):
        decided(number, at=NOW - timedelta(days=2), hours=2)
        count_record(at=NOW)
        with CaptureQueriesContext(connection) as taken:
            page(client)
        counts.append(len(taken))
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as taken:
        client.get("/transparency/")
    assert len(taken) == 0
    assert LogEntry.objects.count() == 51
