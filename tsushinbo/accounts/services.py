"""Writes about who is asking: the day's network key, and the counters that keep a flood out."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from tsushinbo.accounts.models import NetworkKey, RateCount
from tsushinbo.accounts.network import UNKNOWN
from tsushinbo.errors import RuleBroken

# Rows thrown away in one transaction: the write lock of SQLite is held for a moment only.
BATCH = 1000
# What a visitor is counted under whose network cannot be told.
UNKNOWN_NETWORK = "network:unknown"
# Both databases know this form; the ORM can write no row that counts on from what is there.
COUNT_ONE_MORE = """
    INSERT INTO accounts_ratecount ("window", subject, count) VALUES {rows}
    ON CONFLICT ("window", subject) DO UPDATE SET count = accounts_ratecount.count + 1 RETURNING subject, count
"""
_key_of_today: tuple[date, bytes] | None = None


class TooMany(RuleBroken):
    """A voter or a network did this too often. ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("短い時間に続けて多く送られたため、いまは受け付けていません。")


def count_use(allowed: Mapping[str, int], *, at: datetime) -> None:
    """Count one more use by each subject in the window of ``at``; ``allowed`` says how many each may make.

    To be called inside the transaction of the deed, first: a deed that fails is not counted, and rows are locked in the order of their
    subjects. Raises TooMany with the seconds left of the window.
    """
    seconds = int(at.timestamp())
    window = seconds - seconds % settings.RATE_WINDOW_SECONDS
    subjects = sorted(allowed)
    rows = ", ".join(["(%s, %s, 1)"] * len(subjects))
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE_MORE.format(rows=rows), [value for subject in subjects for value in (window, subject)])
        counts: list[tuple[str, int]] = cursor.fetchall()
    if any(count > allowed[subject] for subject, count in counts):
        raise TooMany(retry_after=window + settings.RATE_WINDOW_SECONDS - seconds)


def network_subject(prefix: str, *, at: datetime) -> str:
    """Return what a network prefix is counted under today: its hash under the key of the day (Asia/Tokyo), UNKNOWN_NETWORK without one."""
    if prefix == UNKNOWN:
        return UNKNOWN_NETWORK
    digest = hashlib.blake2b(prefix.encode(), key=_key_of(timezone.localdate(at)), digest_size=16)
    return f"network:{digest.hexdigest()}"


def _key_of(day: date) -> bytes:
    """Return the key of ``day``, made by whoever asks first; the keys of other days are thrown away with it.

    A process keeps the last key it asked for, and forgets it for the next one.
    """
    global _key_of_today
    if _key_of_today is None or _key_of_today[0] != day:
        row, made = NetworkKey.objects.get_or_create(day=day, defaults={"key": secrets.token_bytes(32)})
        if made:
            NetworkKey.objects.filter(day__lt=day).delete()
        _key_of_today = (day, bytes(row.key))
    return _key_of_today[1]


def forget_key() -> None:
    """Ask the database for the day's key at the next call, for tests."""
    global _key_of_today
    _key_of_today = None


def forget_expired(*, at: datetime) -> int:
    """Throw away the network keys of past days and the counters of windows that are over; return how many rows went."""
    gone, _ = NetworkKey.objects.filter(day__lt=timezone.localdate(at)).delete()
    seconds = int(at.timestamp())
    over = RateCount.objects.filter(window__lt=seconds - seconds % settings.RATE_WINDOW_SECONDS)
    while True:
        with transaction.atomic():
            following = over.order_by("window", "subject").values_list("window", "subject")[BATCH : BATCH + 1].first()
            batch = over
            if following is not None:
                window, subject = following
                batch = over.filter(Q(window__lt=window) | Q(window=window, subject__lt=subject))
            deleted, _ = batch.delete()
        gone += deleted
        if following is None:
            return gone
