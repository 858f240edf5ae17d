"""Somebody who follows something."""

from datetime import UTC, datetime

from tsushinbo.accounts.models import User
from tsushinbo.notices.models import Follow, Subject
from tsushinbo.people.models import Politician

NOON = datetime(2026, 4, 8, 3, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Tokyo


def followed(user: User, politician: Politician) -> Follow:
    """Let somebody follow a politician since the day before NOON."""
    return Follow.objects.create(
        user=user, subject=Subject.POLITICIAN, subject_id=politician.pk, followed_at=NOON.replace(day=7)
    )
