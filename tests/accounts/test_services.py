"""The day's network key and the counters of use."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, Settings

from tsushinbo.accounts import services
from tsushinbo.accounts.models import NetworkKey, RateCount

pytestmark = pytest.mark.django_db

# 2026-11-24 12:00 in Tokyo: a window of 600 seconds starts then.
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def count(subject: str, allowed: int, at: datetime = AT) -> None:
    with transaction.atomic():
        services.count_use({subject: allowed}, at=at)


def test_use_is_counted_up_to_the_limit() -> None:
    for _ in range(3):
        count("voter:1", 3)
    with pytest.raises(services.TooMany):
        count("voter:1", 3)
    assert RateCount.objects.get().count == 3


def test_a_refusal_says_how_many_seconds_of_the_window_are_left() -> None:
    count("voter:1", 1, AT + timedelta(seconds=1))
    with pytest.raises(services.TooMany) as refusal:
        count("voter:1", 1, AT + timedelta(seconds=599))
    assert refusal.value.retry_after == 1


def test_the_next_window_starts_from_nothing() -> None:
    count("voter:1", 1)
    count("voter:1", 1, AT + timedelta(seconds=600))


def test_subjects_are_counted_apart_and_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        services.count_use({"voter:1": 5, "network:a": 5}, at=AT)
    with transaction.atomic():
        services.count_use({"voter:2": 5, "network:a": 5}, at=AT)
    counts = dict(RateCount.objects.values_list("subject", "count"))
    assert counts == {"voter:1": 1, "voter:2": 1, "network:a": 2}


def test_one_subject_over_its_limit_refuses_and_counts_none() -> None:
    count("network:a", 1)
    with pytest.raises(services.TooMany), transaction.atomic():
        services.count_use({"voter:1": 5, "network:a": 1}, at=AT)
    assert not RateCount.objects.filter(subject="voter:1").exists()


def test_a_prefix_is_hashed_under_the_key_of_the_day() -> None:
    today = services.network_subject("203.0.113.0/24", at=AT)
    assert today == services.network_subject("203.0.113.0/24", at=AT + timedelta(hours=11))
    assert today != services.network_subject("198.51.100.0/24", at=AT)
    assert re.fullmatch("network:[0-9a-f]{32}", today)
    # 2026-11-25 00:00 in Tokyo.
    tomorrow = services.network_subject("203.0.113.0/24", at=AT + timedelta(hours=12))
    assert tomorrow != today


def test_the_key_of_yesterday_is_thrown_away_when_a_new_one_is_made() -> None:
    services.network_subject("203.0.113.0/24", at=AT)
    services.network_subject("203.0.113.0/24", at=AT + timedelta(days=1))
    assert [key.day.isoformat() for key in NetworkKey.objects.all()] == ["2026-11-25"]


def test_processes_share_the_key_of_the_day() -> None:
    first = services.network_subject("203.0.113.0/24", at=AT)
    services.forget_key()
    assert services.network_subject("203.0.113.0/24", at=AT) == first


def test_the_key_is_asked_for_once_a_day(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    services.network_subject("203.0.113.0/24", at=AT)
    with django_assert_num_queries(0):
        services.network_subject("203.0.113.0/24", at=AT)


def test_what_is_over_is_forgotten_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH", 2)
    services.network_subject("203.0.113.0/24", at=AT - timedelta(days=1))
    for number in range(5):
        count(f"voter:{number}", 9, AT - timedelta(seconds=600))
    count("voter:9", 9)
    assert services.forget_expired(at=AT) == 6
    assert [row.subject for row in RateCount.objects.all()] == ["voter:9"]
    assert not NetworkKey.objects.exists()
    assert services.forget_expired(at=AT) == 0


def test_the_window_is_a_setting(settings: Settings) -> None:
    settings.RATE_WINDOW_SECONDS = 60
    count("voter:1", 1)
    count("voter:1", 1, AT + timedelta(seconds=60))
